import type { Interval, StatementInterval } from '../stress-client/results.ts';
import { summariseTallyLater, type TallySummary } from './summary.ts';

/** A line of intervals.ndjson: a statement's share of an interval, whole: its histograms are in it. */
export interface IntervalLine extends TallySummary {
  readonly schemaVersion: 1;
  /** From 0. */
  readonly interval: number;
  /** Start of the run's clock, milliseconds since 1970. */
  readonly startedMs: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly wallMs: number;
  readonly statementId: string;
  readonly name: string;
  /** The name of the MIX that it is a member of. */
  readonly mix?: string;
  readonly kind: 'insert' | 'query';
  readonly position: number;
  readonly background: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly model: 'open' | 'closed';
  readonly itemName: StatementInterval['itemName'];
  /** Items a second that were asked; absent in a closed model. */
  readonly offered?: number;
  readonly inFlight: number;
  /** Longest time in which the event loop of any of the client's threads stood still. */
  readonly clientPauseNs?: number;
  /** `items` is null where only time ends the statement. */
  readonly progress: {
    readonly itemsDone: number;
    readonly items: number | null;
    readonly elapsedNs: number;
    readonly durationNs?: number;
  };
}

/** What several sinks ask for is made once. */
const lines = new WeakMap<StatementInterval, { readonly interval: Interval; later(): IntervalLine }>();

/** Copies what the statement’s histograms hold now, and leaves the rest to the call of what it returns. */
export function intervalLineLater(interval: Interval, statement: StatementInterval): () => IntervalLine {
  const known = lines.get(statement);
  if (known?.interval === interval) return known.later;
  const make = makeLater(interval, statement);
  let line: IntervalLine | undefined;
  const later = (): IntervalLine => (line ??= make());
  lines.set(statement, { interval, later });
  return later;
}

function makeLater(interval: Interval, statement: StatementInterval): () => IntervalLine {
  const { identity, progress } = statement;
  const tally = summariseTallyLater(statement.tally);
  const rest = {
    schemaVersion: 1,
    interval: interval.index,
    startedMs: interval.startedMs,
    startNs: interval.startNs,
    endNs: interval.endNs,
    wallMs: interval.wallMs,
    statementId: identity.statementId,
    name: identity.name,
    ...(identity.mix !== undefined && { mix: identity.mix }),
    kind: identity.kind,
    position: identity.position,
    background: identity.background,
    tags: identity.tags,
    model: statement.model,
    itemName: statement.itemName,
    ...(statement.offered !== undefined && { offered: statement.offered }),
    inFlight: statement.inFlight,
    ...(interval.clientPauseNs !== undefined && { clientPauseNs: interval.clientPauseNs }),
    progress: {
      itemsDone: progress.itemsDone,
      items: Number.isFinite(progress.items) ? progress.items : null,
      elapsedNs: progress.elapsedNs,
      ...(progress.durationNs !== undefined && { durationNs: progress.durationNs }),
    },
  } as const;
  return () => ({ ...rest, ...tally() });
}
