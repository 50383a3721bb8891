import type { Buckets } from './buckets.ts';
import { emptyCounts, type LoadDeltas } from './load-deltas.ts';
import { timeNames, type Counts, type ErrorCount, type Tally, type TimeName } from './results.ts';
import { TimeTotals } from './time-totals.ts';

/** A tally that deltas are added to. */
export class RunningTally implements Tally {
  operations = emptyCounts();
  items = emptyCounts();
  retries = 0;
  lateAnswers = 0;
  reprepared = 0;
  requestBytes = 0;
  responseBytes = 0;
  rows = 0;
  notApplied = 0;
  answersWithRows = 0;
  clamped = 0;
  censored = { service: 0, response: 0 };
  errors: ErrorCount[] = [];
  readonly #times: Partial<Record<TimeName, TimeTotals>> = {};

  get times(): Readonly<Partial<Record<TimeName, Buckets>>> {
    const times: Partial<Record<TimeName, Buckets>> = {};
    for (const name of timeNames) {
      const buckets = this.#times[name]?.buckets;
      if (buckets !== undefined) times[name] = buckets;
    }
    return times;
  }

  add(deltas: LoadDeltas): void {
    addCounts(this.operations, deltas.operations);
    addCounts(this.items, deltas.items);
    this.retries += deltas.retries;
    this.requestBytes += deltas.requestBytes;
    this.responseBytes += deltas.responseBytes;
    this.rows += deltas.rows;
    this.notApplied += deltas.notApplied;
    this.answersWithRows += deltas.answersWithRows;
    this.clamped += deltas.clamped;
    this.censored.service += deltas.censored.service;
    this.censored.response += deltas.censored.response;
    for (const { errorClass, count, example, status } of deltas.errors) {
      const known = this.errors.find((error) => error.errorClass === errorClass);
      if (known === undefined) this.errors.push({ errorClass, count, example, status });
      else known.count += count;
    }
    for (const name of timeNames) {
      const delta = deltas.times[name];
      if (delta !== undefined) (this.#times[name] ??= new TimeTotals()).add(delta);
    }
  }
}

export function addCounts(to: Counts, from: Counts): void {
  to.asked += from.asked;
  to.sent += from.sent;
  to.unsent += from.unsent;
  to.acknowledged += from.acknowledged;
  to.failed += from.failed;
  to.unknown += from.unknown;
}
