import type { StatementResult, Tally } from './results.ts';
import { timeFiguresOf } from './time-figures.ts';
import { formatCount, formatDuration, formatItems, formatPerSecond, formatShare, pluralOf } from './units.ts';

/** Lateness below this is the timer's, and marks nothing. */
const lateAtMostNs = 2e6;
/** A pause of the loop below this marks nothing. */
const stallAtMostNs = 10e6;
/** Share of the service time's median that lateness, or a pause of the loop, may have. */
const shareOfServiceAtMost = 0.1;
const stalledShareAtMost = 0.01;
/** A run's start has one pause of its own: code is loaded and compiled. */
const stalledAtMost = 1;
const achievedShareAtLeast = 0.99;

type Mark = StatementResult['marks'][number];

/** Intervals of a statement, and in how many of them the client's loop stood still for longer than some time. */
export interface Stalls {
  readonly intervals: number;
  longerThan(ns: number): number;
}

/**
 * Says why a statement's figures may not be shown as they stand, in a sentence each, most serious first. What to do about it
 * a report says once, for all of them.
 */
export function marksOf(result: Omit<StatementResult, 'marks'>, stalls: Stalls): StatementResult['marks'] {
  return [...lateClient(result.total, stalls), ...missedRate(result), ...unsent(result)];
}

/** Of those the ones that say that the client's own delays are in the times. */
export function* lateClient(
  { times, censored }: Pick<Tally, 'times' | 'censored'>,
  stalls: Stalls,
): Iterable<Mark> {
  const late = timeFiguresOf(times.lateness, 0);
  const service = timeFiguresOf(times.service, censored.service);
  const shareNs = (service?.percentilesNs.p50 ?? 0) * shareOfServiceAtMost;
  const limitNs = Math.max(lateAtMostNs, shareNs);
  if (late !== undefined && late.percentilesNs.p99 > limitNs) {
    yield {
      state: 'INVALID_CLIENT',
      reason:
        `lateness p99 is ${formatDuration(late.percentilesNs.p99)}, above ${formatDuration(limitNs)}: ` +
        'the client itself sent late',
    };
  }
  const stallNs = Math.max(stallAtMostNs, shareNs);
  const stalled = stalls.longerThan(stallNs);
  if (stalled > Math.max(stalledAtMost, stalls.intervals * stalledShareAtMost)) {
    yield {
      state: 'INVALID_CLIENT',
      reason:
        `the client stood still for more than ${formatDuration(stallNs)} in ${formatCount(stalled)} of ` +
        `${formatCount(stalls.intervals)} intervals`,
    };
  }
}

function* missedRate(result: Omit<StatementResult, 'marks'>): Iterable<Mark> {
  // Failures and a late client miss a rate too: the slots are named where one operation in a hundred waited for one.
  const slotWait = timeFiguresOf(result.total.times.slotWait, 0);
  if (slotWait === undefined || slotWait.percentilesNs.p99 === 0) return;
  // What a stage’s end finds in flight is answered after it, however well the target keeps up.
  const serviceNs = timeFiguresOf(result.total.times.service, 0)?.percentilesNs.p50 ?? 0;
  const seconds = (result.endedNs - result.startedNs) / 1e9;
  const missed = result.stages.filter(({ offered, achieved }) => {
    const inFlight = (offered * serviceNs) / 1e9 + result.batchSize;
    return achieved < offered * achievedShareAtLeast && (offered - achieved) * seconds > inFlight;
  });
  const [worst] = missed.toSorted((a, b) => a.achieved / a.offered - b.achieved / b.offered);
  if (worst === undefined) return;
  const items = pluralOf(result.itemName);
  const { kind, mix } = result.identity;
  const isOfWrites = kind === 'insert' || mix !== undefined;
  const slots = result.settings[isOfWrites ? 'WriteConcurrency' : 'QueryConcurrency'];
  yield {
    state: 'INVALID_RATE',
    reason:
      `of ${formatPerSecond(worst.offered)} ${items}/s asked in stage ${worst.text}, ` +
      `${formatPerSecond(worst.achieved)} were achieved (${formatShare(worst.achieved / worst.offered)}) ` +
      `while every slot was taken: the target, or ${formatCount(slots)} ${slots === 1 ? 'slot' : 'slots'}, ` +
      'could not keep up',
  };
}

function* unsent({ total, itemName }: Omit<StatementResult, 'marks'>): Iterable<Mark> {
  if (total.operations.unsent === 0) return;
  yield {
    state: 'INCOMPLETE',
    reason:
      `${formatCount(total.operations.unsent)} of ${formatCount(total.operations.asked)} due requests ` +
      `(${formatItems(total.items.unsent, itemName)}) were never sent`,
  };
}
