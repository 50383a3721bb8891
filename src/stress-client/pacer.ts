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
  constructor(
    stages: readonly PacerStage[],
    items: number,
    batchSize: number,
    stretches: readonly Stretch[] = stretchesOf(stages),
  ) {
    this.#items = items;
    this.#batchSize = batchSize;
    this.#stretches = stretches;
  }

  /** The same until `ns`, and then so many items a second for ever. */
  withRate(ns: number, rate: number): Pacer {
    const kept = stretchesBefore(this.#stretches, ns);
    return this.#of([...kept, steady(ns, Infinity, rate / 1e9, dueUntil(kept))]);
  }

  /** The same until `fromNs`, and what was due from then on as much later as `untilNs` is; Infinity: never. */
  withPause(fromNs: number, untilNs: number): Pacer {
    const kept = stretchesBefore(this.#stretches, fromNs);
    const pause = steady(fromNs, untilNs, 0, dueUntil(kept));
    if (untilNs === Infinity) return this.#of([...kept, pause]);
    return this.#of([...kept, pause, ...stretchesAfter(this.#stretches, fromNs, untilNs - fromNs)]);
  }

  /** Items a second that are asked at `ns`. */
  rateAt(ns: number): number {
    const stretch = this.#stretches.find(({ endNs }) => ns < endNs)!;
    const { startNs, endNs, rate, toRate } = stretch;
    const slope = toRate === rate ? 0 : (toRate - rate) / (endNs - startNs);
    return (rate + slope * (Math.max(ns, startNs) - startNs)) * 1e9;
  }

  #of(stretches: readonly Stretch[]): Pacer {
    return new Pacer([], this.#items, this.#batchSize, stretches);
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
  if (toRate === rate) return wholeWhereMeant(startNs + x / rate);
  const slope = (toRate - rate) / (endNs - startNs);
  if (slope > 0) return startNs + (2 * x) / (rate + Math.sqrt(rate * rate + 2 * slope * x));
  const left = until - item;
  return endNs - (2 * left) / (toRate + Math.sqrt(toRate * toRate - 2 * slope * left));
}

/** A stretch of constant rate, items an ns. */
function steady(startNs: number, endNs: number, rate: number, before: number): Stretch {
  const until = rate === 0 ? before : before + rate * (endNs - startNs);
  return { startNs, endNs, rate, toRate: rate, before, until };
}

function dueUntil(stretches: readonly Stretch[]): number {
  return stretches.at(-1)?.until ?? 0;
}

/** A stretch from its start to `ns`, which is within it. */
function untilNs(stretch: Stretch, ns: number): Stretch {
  const { startNs, endNs, rate, before } = stretch;
  const toRate = rate + ((stretch.toRate - rate) * (ns - startNs)) / (endNs - startNs);
  return {
    ...stretch,
    endNs: ns,
    toRate,
    until: wholeWhereMeant(before + ((rate + toRate) / 2) * (ns - startNs)),
  };
}

function stretchesBefore(stretches: readonly Stretch[], ns: number): Stretch[] {
  return stretches
    .filter(({ startNs }) => startNs < ns)
    .map((stretch) => (stretch.endNs <= ns ? stretch : untilNs(stretch, ns)));
}

function stretchesAfter(stretches: readonly Stretch[], ns: number, shiftNs: number): Stretch[] {
  return stretches
    .filter(({ endNs }) => endNs > ns)
    .map((stretch) => {
      const cut = stretch.startNs < ns ? untilNs(stretch, ns) : undefined;
      const rest =
        cut === undefined ? stretch : { ...stretch, startNs: ns, rate: cut.toRate, before: cut.until };
      return { ...rest, startNs: rest.startNs + shiftNs, endNs: rest.endNs + shiftNs };
    });
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

/**
 * 7/m for 60 s is 7 items, not 7.000000000000001: that would be an eighth one just before the stage's end. So with times:
 * of 20,000/s the 600,000th item after the first is due at 30 s, not 4 fs before FOR 30s ends.
 */
function wholeWhereMeant(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= 8 * Number.EPSILON * whole ? whole : value;
}
