/**
 * Counts what is still under way for one execution of a statement, and lets others wait for its end: the
 * design's WaitGroup. `add` comes before a package leaves its statement, `done` when the package's Response is
 * folded into the totals and handed to the sinks.
 */
export class Tracer {
  /** Tags of the execution, for reports. */
  readonly tags: Readonly<Record<string, string>>;
  #pending = 0;
  #waiting: (() => void)[] = [];

  constructor(tags: Readonly<Record<string, string>> = {}) {
    this.tags = tags;
  }

  get pending(): number {
    return this.#pending;
  }

  add(packages = 1): void {
    this.#pending += packages;
  }

  done(): void {
    if (this.#pending === 0) throw new Error('a Tracer was done more often than it was added to');
    this.#pending--;
    if (this.#pending > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves when nothing is pending; at once when nothing is. */
  wait(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
