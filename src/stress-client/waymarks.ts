/** However long the way is, so few are kept. */
const keptAtMost = 4096;

/**
 * Where a count that only steps can make has been, so that it starts near to where it has to go: the furthest mark,
 * and of all others each so manieth, which doubles where they become too many.
 */
export class Waymarks<Mark extends { readonly at: number }> {
  #kept: Mark[];
  #every = 1;
  #furthest: Mark;
  #steps = 0;

  constructor(start: Mark) {
    this.#kept = [start];
    this.#furthest = start;
  }

  /** Takes the mark of each step, the first time in their order; one that is no further than another is passed by. */
  pass(mark: Mark): void {
    if (mark.at <= this.#furthest.at) return;
    this.#furthest = mark;
    if (++this.#steps < this.#kept.length * this.#every) return;
    this.#kept.push(mark);
    if (this.#kept.length <= keptAtMost) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
  }

  /** Of `mark` and those that are kept the one with the shortest way to `at`, forward or back. */
  nearest(at: number, mark: Mark): Mark {
    const kept = this.#kept;
    let below = 0;
    for (let end = kept.length; end - below > 1;) {
      const middle = (below + end) >>> 1;
      if (kept[middle]!.at <= at) below = middle;
      else end = middle;
    }
    let nearest = mark;
    for (const other of [kept[below]!, kept[below + 1] ?? this.#furthest, this.#furthest])
      if (Math.abs(other.at - at) < Math.abs(nearest.at - at)) nearest = other;
    return nearest;
  }
}
