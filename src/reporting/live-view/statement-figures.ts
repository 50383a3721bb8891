import type { Interval, StatementInterval, Tally } from '../../stress-client/results.ts';
import { timeFiguresOf } from '../../stress-client/time-figures.ts';
import { inert } from '../inert.ts';

/** What a statement's share of one interval comes to, for those who watch. */
export interface StatementFigures {
  /** With its kind, such as `INSERT load`. */
  readonly name: string;
  /** Items a second acknowledged. */
  readonly achieved: number;
  /** Of the interval alone: response time, in a closed model service time. Undefined without a sample. */
  readonly p50Ns: number | undefined;
  readonly p99Ns: number | undefined;
  /** Operations of the interval that failed, or of which nobody knows. */
  readonly errors: number;
  /** Of 1; undefined where no end is in sight. */
  readonly share: number | undefined;
  /** An estimate. */
  readonly leftNs: number | undefined;
}

/** Promises figures that stay when the interval's tally does not. `heldNs`: how long load was held since the statement began. */
export function statementFigures(
  { startNs, endNs }: Pick<Interval, 'startNs' | 'endNs'>,
  statement: StatementInterval,
  heldNs = 0,
): StatementFigures {
  const { identity, model, tally } = statement;
  const seconds = (endNs - startNs) / 1e9;
  const clock = model === 'open' ? 'response' : 'service';
  const time = timeFiguresOf(tally.times[clock], tally.censored[clock]);
  return {
    name: nameOf(identity),
    achieved: seconds > 0 ? tally.items.acknowledged / seconds : 0,
    p50Ns: time?.percentilesNs.p50,
    p99Ns: time?.percentilesNs.p99,
    errors: errorsOf(tally),
    ...wayToTheEnd(statement, heldNs),
  };
}

/** A name of a script as a line of a terminal can have it. */
export function nameOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return inert(`${kind.toUpperCase()} ${name}`);
}

export function errorsOf({ operations }: Pick<Tally, 'operations'>): number {
  return operations.failed + operations.unknown;
}

/** A statement ends with the first of its bounds. */
function wayToTheEnd(
  { progress, offered }: StatementInterval,
  heldNs: number,
): Pick<StatementFigures, 'share' | 'leftNs'> {
  const { itemsDone, items, durationNs } = progress;
  const elapsedNs = progress.elapsedNs - heldNs;
  const shares: number[] = [];
  const lefts: number[] = [];
  if (Number.isFinite(items) && items > 0) {
    shares.push(itemsDone / items);
    const left = items - itemsDone;
    // What is asked now says more of what is to come than the average of what was asked.
    if (offered !== undefined && offered > 0) lefts.push((left / offered) * 1e9);
    else if (itemsDone > 0) lefts.push((elapsedNs * left) / itemsDone);
  }
  if (durationNs !== undefined && durationNs > 0) {
    shares.push(elapsedNs / durationNs);
    lefts.push(durationNs - elapsedNs);
  }
  return {
    share: shares.length === 0 ? undefined : Math.min(1, Math.max(...shares)),
    leftNs: lefts.length === 0 ? undefined : Math.max(0, Math.min(...lefts)),
  };
}
