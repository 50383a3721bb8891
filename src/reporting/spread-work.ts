/**
 * Does small pieces of work in the order they came, one a turn of the event loop, so that together they never
 * hold up what shares the thread.
 */
export class SpreadWork {
  #pieces: (() => void)[] = [];
  #scheduled = false;

  add(piece: () => void): void {
    this.#pieces.push(piece);
    this.#schedule();
  }

  /** Does what is left at once. */
  finish(): void {
    const pieces = this.#pieces;
    this.#pieces = [];
    for (const piece of pieces) piece();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pieces.shift()?.();
      if (this.#pieces.length > 0) this.#schedule();
    });
  }
}
