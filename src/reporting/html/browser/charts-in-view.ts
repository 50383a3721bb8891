/** A chart that is drawn in its place. */
export interface DrawnChart {
  resize(width: number): void;
  destroy(): void;
}

/** Drawn before they are seen, and forgotten when they are as far away again. */
const marginPixels = 800;
/** Two beside each other on A4. */
const printWidth = 330;

/**
 * Draws each chart when its place comes near the view and forgets it when it is far: a report of hundreds of
 * statements holds a screenful of charts. For print all are drawn that the page shows.
 */
export class ChartsInView {
  readonly #draw: (place: HTMLElement, width: number) => DrawnChart;
  readonly #near = new Set<HTMLElement>();
  readonly #drawn = new Map<HTMLElement, DrawnChart>();
  readonly #places: readonly HTMLElement[];
  #width: number | undefined;

  constructor(places: readonly HTMLElement[], draw: (place: HTMLElement, width: number) => DrawnChart) {
    this.#draw = draw;
    this.#places = places;
    const seen = new IntersectionObserver((entries) => this.#seen(entries), {
      rootMargin: `${marginPixels}px 0px`,
    });
    const sized = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries)
        this.#drawn.get(target as HTMLElement)?.resize(contentRect.width);
    });
    for (const place of places) {
      seen.observe(place);
      sized.observe(place);
    }
    addEventListener('beforeprint', () => this.#print());
    addEventListener('afterprint', () => this.#screen());
  }

  /** Draws anew what is drawn: colours have changed. */
  redraw(): void {
    for (const place of this.#drawn.keys()) this.#forget(place);
    for (const place of this.#near) this.#show(place);
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const place = target as HTMLElement;
      if (isIntersecting) this.#near.add(place);
      else this.#near.delete(place);
      if (this.#width !== undefined) continue;
      if (isIntersecting) this.#show(place);
      else this.#forget(place);
    }
  }

  #show(place: HTMLElement): void {
    if (this.#drawn.has(place)) return;
    this.#drawn.set(place, this.#draw(place, this.#width ?? place.clientWidth));
    place.style.minHeight = '';
  }

  #forget(place: HTMLElement): void {
    const drawn = this.#drawn.get(place);
    if (drawn === undefined) return;
    // What is below must not jump.
    place.style.minHeight = `${place.offsetHeight}px`;
    this.#drawn.delete(place);
    drawn.destroy();
  }

  #print(): void {
    this.#width = printWidth;
    document.documentElement.dataset['print'] = '';
    this.redraw();
    for (const place of this.#places) if (place.closest('[hidden]') === null) this.#show(place);
  }

  #screen(): void {
    this.#width = undefined;
    delete document.documentElement.dataset['print'];
    for (const place of this.#drawn.keys()) this.#forget(place);
    this.redraw();
  }
}
