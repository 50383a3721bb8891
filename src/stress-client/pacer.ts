/** A stretch of an open model: a constant rate, or a ramp from one to another. Rates are items a second. */
export interface PacerStage {
  readonly rate: number;
  /** Where a ramp ends; undefined for a constant rate. */
  readonly toRate: number | undefined;
  /** Undefined only in the last stage, whose rate then holds for ever. */
  readonly durationNs: number | undefined;
}

/** A stage in the pacer's own terms: rates an ns, and the items that were due before it, with their fraction. */
interface Stretch {
  readonly startNs: number;
  readonly endNs: number;
  readonly rate: number;
  readonly toRate: number;
  readonly before: number;
  readonly until: number;
}

/**
 * When the operations of an open model are meant to start, as a pure function of their index. An operation of
 * many items is due when its last item is due. Fractions of an item carry over from stage to stage, a rate of
 * 0 is a pause, and behind the last stage its last rate holds for ever.
 */
export class Pacer {
  readonly #stretches: readonly Stretch[];
  readonly #items: number;
  readonly #batchSize: number;

  /** `items` may be Infinity; `stages` holds at least one. */
  constructor(stages: readonly PacerStage[], items: number, batchSize: number) {
    this.#items = items;
    this.#batchSize = batchSize;
    this.#stretches = stretchesOf(stages);
  }

  /** Nanoseconds after the statement's start; Infinity for what no stage reaches. */
  intendedNs(operation: number): number {
    return this.#dueNs(Math.min((operation + 1) * this.#batchSize, this.#items) - 1);
  }

  /** When the first item of an operation is due: where the time that its items take begins. */
  beginNs(operation: number): number {
    return this.#dueNs(operation * this.#batchSize);
  }

  /** When an item behind the last one would be due: the time that the items take. Infinity without an end. */
  get endNs(): number {
    return this.#dueNs(this.#items);
  }

  /** How many operations are meant to start before `ns`. */
  operationsBefore(ns: number): number {
    let low = 0;
    let high = Math.min(Math.ceil(this.#items / this.#batchSize), 2 ** 52);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.intendedNs(middle) < ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #dueNs(item: number): number {
    for (const stretch of this.#stretches) if (item < stretch.until) return dueWithin(stretch, item);
    return Infinity;
  }
}

/**
 * In a stage from rate r0 with slope a, the x-th item is due at t = 2x / (r0 + sqrt(r0² + 2ax)), the root that
 * loses no digits. A falling ramp is taken from its end, since there the root under a rate of nearly 0 would.
 */
function dueWithin(stretch: Stretch, item: number): number {
  const { startNs, endNs, rate, toRate, before, until } = stretch;
  const x = item - before;
  if (x <= 0) return startNs;
  if (toRate === rate) return startNs + x / rate;
  const slope = (toRate - rate) / (endNs - startNs);
  if (slope > 0) return startNs + (2 * x) / (rate + Math.sqrt(rate * rate + 2 * slope * x));
  const left = until - item;
  return endNs - (2 * left) / (toRate + Math.sqrt(toRate * toRate - 2 * slope * left));
}

function stretchesOf(stages: readonly PacerStage[]): Stretch[] {
  const stretches: Stretch[] = [];
  let startNs = 0;
  let before = 0;
  const push = (rate: number, toRate: number, durationNs: number): void => {
    const until =
      durationNs === Infinity
        ? rate > 0
          ? Infinity
          : before
        : wholeWhereMeant(before + ((rate + toRate) / 2) * durationNs);
    const endNs = startNs + durationNs;
    stretches.push({ startNs, endNs, rate, toRate, before, until });
    startNs = endNs;
    before = until;
  };
  for (const { rate, toRate, durationNs } of stages) {
    push(rate / 1e9, (toRate ?? rate) / 1e9, durationNs ?? Infinity);
  }
  const last = stretches.at(-1)!;
  if (last.endNs < Infinity) push(last.toRate, last.toRate, Infinity);
  return stretches;
}

/** 7/m for 60 s is 7 items, not 7.000000000000001: that would be an eighth one just before the stage's end. */
function wholeWhereMeant(items: number): number {
  const whole = Math.round(items);
  return Math.abs(items - whole) <= 8 * Number.EPSILON * whole ? whole : items;
}
