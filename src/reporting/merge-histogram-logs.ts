import type { Buckets } from '../stress-client/buckets.ts';
import { TimeTotals } from '../stress-client/time-totals.ts';
import { readHistogramLog, type LoggedInterval } from './read-histogram-log.ts';

/** How logs are laid over each other: by the clock on the wall, or each from its own first interval on. */
export type Alignment = 'clock' | 'start';

/**
 * Merges logs, tag by tag, into intervals of `widthMs`: every sample of every log is in one of them, so that a
 * percentile of the result is one of all of them together. Intervals come in the order of time, but for what a log
 * tells late. An interval belongs to where its middle lies.
 */
export async function* mergeHistogramLogs(
  paths: readonly string[],
  alignment: Alignment,
  widthMs: number,
): AsyncIterable<LoggedInterval> {
  const logs = await Promise.all(paths.map((path) => LogAhead.open(path, alignment)));
  for (;;) {
    const waiting = logs.filter(({ next }) => next !== undefined);
    if (waiting.length === 0) return;
    const cell = Math.min(...waiting.map(({ next }) => cellOf(next!, widthMs)));
    const merged = new Map<string, MergedInterval>();
    for (const log of waiting) {
      while (log.next !== undefined && cellOf(log.next, widthMs) <= cell) {
        let interval = merged.get(log.next.tag);
        if (interval === undefined) merged.set(log.next.tag, (interval = new MergedInterval()));
        interval.add(log.next);
        await log.advance();
      }
    }
    for (const [tag, interval] of merged) yield { tag, ...interval.whole };
  }
}

/** All of a log, tag by tag in the order in which they first occur; from and to in milliseconds since its start. */
export async function totalsOfHistogramLogs(
  paths: readonly string[],
  { fromMs = 0, toMs = Infinity }: { readonly fromMs?: number; readonly toMs?: number } = {},
): Promise<ReadonlyMap<string, Buckets>> {
  const totals = new Map<string, TimeTotals>();
  for (const path of paths) {
    let beganMs: number | undefined;
    for await (const { tag, startMs, endMs, buckets } of readHistogramLog(path)) {
      beganMs ??= startMs;
      if (startMs - beganMs < fromMs || endMs - beganMs > toMs) continue;
      let total = totals.get(tag);
      if (total === undefined) totals.set(tag, (total = new TimeTotals()));
      total.add(buckets);
    }
  }
  return new Map([...totals].map(([tag, total]) => [tag, total.buckets!]));
}

function cellOf({ startMs, endMs }: LoggedInterval, widthMs: number): number {
  return Math.floor((startMs + endMs) / 2 / widthMs);
}

class MergedInterval {
  readonly #total = new TimeTotals();
  #startMs = Infinity;
  #endMs = -Infinity;

  add({ startMs, endMs, buckets }: LoggedInterval): void {
    this.#total.add(buckets);
    this.#startMs = Math.min(this.#startMs, startMs);
    this.#endMs = Math.max(this.#endMs, endMs);
  }

  get whole(): Omit<LoggedInterval, 'tag'> {
    return { startMs: this.#startMs, endMs: this.#endMs, buckets: this.#total.buckets! };
  }
}

/** A log with its next interval at hand. */
class LogAhead {
  next: LoggedInterval | undefined;
  readonly #intervals: AsyncIterator<LoggedInterval>;
  readonly #alignment: Alignment;
  #beganMs: number | undefined;

  private constructor(path: string, alignment: Alignment) {
    this.#intervals = readHistogramLog(path)[Symbol.asyncIterator]();
    this.#alignment = alignment;
  }

  static async open(path: string, alignment: Alignment): Promise<LogAhead> {
    const log = new LogAhead(path, alignment);
    await log.advance();
    return log;
  }

  async advance(): Promise<void> {
    const { value, done } = await this.#intervals.next();
    if (done === true) {
      this.next = undefined;
      return;
    }
    this.#beganMs ??= value.startMs;
    const shiftMs = this.#alignment === 'start' ? this.#beganMs : 0;
    this.next = { ...value, startMs: value.startMs - shiftMs, endMs: value.endMs - shiftMs };
  }
}
