import type { RunReport, StatementReport } from '../statement/report.ts';
import type {
  Counts,
  ErrorCount,
  RunEvent,
  RunState,
  StatementResult,
  Tally,
  TimeName,
} from '../stress-client/results.ts';
import { emptyCounts } from '../stress-client/load-deltas.ts';
import { timeNames } from '../stress-client/results.ts';
import { addCounts } from '../stress-client/running-tally.ts';
import { printSetting, settingNames } from '../stress-client/settings.ts';
import type { ServerInfo } from '../stress-client/target/target.ts';
import { timeFiguresOf, type TimeFigures } from '../stress-client/time-figures.ts';
import { encodeBuckets } from './histogram-encoding.ts';
import { machineFacts, type MachineFacts } from './machine.ts';
import { notableEvents } from './notable-events.ts';
import { countersOf } from './tally-counters.ts';

/**
 * summary.json: everything that a report of a run says. Durations and times are whole nanoseconds, times
 * since the run's start; rates are items or operations a second; sizes are bytes. What is unbounded is null;
 * what does not apply is absent.
 */
export interface Summary {
  readonly schemaVersion: 1;
  readonly testId: string;
  readonly testName: string;
  /** Of stressql. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly durationNs: number;
  /**
   * Processor time of the client from the first operation to the end of the script, all of its threads and the
   * reporting included; absent where a killed process has left no word of it.
   */
  readonly clientCpuNs?: number;
  readonly seed: number;
  readonly scriptSha256: string;
  readonly rehearsal: boolean;
  readonly target: string;
  readonly servers: readonly ServerInfo[];
  readonly machine: MachineFacts;
  /** VALID alone, or every other state that applies. */
  readonly states: readonly { readonly state: string; readonly reason: string }[];
  /** Every exit code that applies, the one that the process ended with first. */
  readonly exitCodes: readonly { readonly code: number; readonly reason: string }[];
  readonly warnings: readonly string[];
  /** What was changed from the terminal, and nodes that were lost and came back; absent where nothing was. */
  readonly events?: readonly RunEvent[];
  readonly totals: Totals;
  /** In script order. */
  readonly statements: readonly StatementSummary[];
}

/** All INSERTs and QUERYs together. */
export interface Totals {
  readonly operations: Counts;
  readonly items: Readonly<Partial<Record<StatementResult['itemName'], Counts>>>;
  readonly retries: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

export type StatementSummary = LoadStatement | Exclude<StatementReport, { kind: 'insert' | 'query' }>;

/** An INSERT or QUERY; without `load` where it never began to send. */
export interface LoadStatement {
  readonly kind: 'insert' | 'query';
  readonly position: number;
  readonly statementId: string;
  /** Its first line, secrets cut out. */
  readonly text: string;
  /** Such as `profile.sql:12`; empty where a killed process has left no word of it. */
  readonly place: string;
  readonly ran: boolean;
  readonly background: boolean;
  readonly error?: string;
  readonly load?: LoadSummary;
}

/** What an INSERT or QUERY came to. */
export interface LoadSummary extends TallySummary {
  readonly name: string;
  /** The name of the MIX that it was a member of. */
  readonly mix?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly model: 'open' | 'closed';
  readonly itemName: StatementResult['itemName'];
  /* Absent where they are made again from the intervals of a killed process. */
  readonly batchSize?: number;
  readonly seriesCardinality?: number | null;
  readonly fieldCount?: number;
  readonly startedNs: number;
  readonly endedNs: number;
  readonly state: StatementResult['state'];
  readonly reason?: string;
  /** Acknowledged, over started → ended. */
  readonly throughput: { readonly itemsPerSecond: number; readonly operationsPerSecond: number };
  readonly warmup: { readonly operations: Counts; readonly items: Counts };
  /** Items of a WRITTEN statement, which an earlier run has loaded: nothing was sent. */
  readonly written?: number;
  /** What the target said when it made ready to send. */
  readonly warnings?: readonly string[];
  readonly stages: StatementResult['stages'];
  readonly checks: readonly CheckSummary[];
  readonly marks: readonly { readonly state: RunState; readonly reason: string }[];
  /** As SET would take them, secrets redacted. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What a whole statement, or its share of an interval, came to. */
export interface TallySummary {
  readonly operations: Counts;
  readonly items: Counts;
  readonly retries: number;
  readonly lateAnswers: number;
  readonly reprepared: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly rows: number;
  /** Acknowledged requests whose IF did not hold, so that they changed nothing. Absent in runs of earlier versions. */
  readonly notApplied?: number;
  readonly clamped: number;
  readonly errors: readonly ErrorCount[];
  /** Only times with a sample. */
  readonly times: Readonly<Partial<Record<TimeName, TimeSummary>>>;
}

/** With the histogram itself (HdrHistogram V2, compressed, base64), from which all figures can be made again. */
export interface TimeSummary extends TimeFigures {
  readonly histogram: string;
}

interface CheckSummary {
  /** As written, such as `p99 < 20ms`. */
  readonly text: string;
  readonly metric: string;
  readonly service: boolean;
  readonly operator: string;
  /** Absent where nothing was measured. */
  readonly got?: number;
  readonly gotText: string;
  readonly passed: boolean;
}

/** Promises that summary = JSON.parse(JSON.stringify(summary)), and that reports say nothing that is not in it. */
export function summarise(run: RunReport, machine: MachineFacts = machineFacts()): Summary {
  const statements = run.statements.map(summariseStatement);
  return {
    schemaVersion: 1,
    testId: run.testId,
    testName: run.testName,
    version: run.version,
    startedMs: run.startedMs,
    durationNs: run.durationNs,
    clientCpuNs: run.clientCpuNs,
    seed: run.seed,
    scriptSha256: run.scriptSha256,
    rehearsal: run.rehearsal,
    target: run.target,
    servers: run.servers,
    machine,
    states: run.states,
    exitCodes: run.exitCodes,
    warnings: run.warnings,
    ...notable(run.events),
    totals: totalsOf(statements),
    statements,
  };
}

/** The `events` of a summary: none where nothing is to be told. */
export function notable(events: Iterable<RunEvent>): Pick<Summary, 'events'> {
  const told = notableEvents(events);
  return told.length === 0 ? {} : { events: told };
}

function summariseStatement(report: StatementReport): StatementSummary {
  if (report.kind !== 'insert' && report.kind !== 'query') return withoutUndefined(report);
  const { result, ...rest } = report;
  return withoutUndefined({ ...rest, ...(result && { load: summariseLoad(result) }) });
}

/** A statement that has ended, as it is known while the run goes on. */
export function summariseEnded(result: StatementResult): LoadStatement {
  const { kind, position, statementId, background, name } = result.identity;
  return {
    kind,
    position,
    statementId,
    text: `${background ? 'GO ' : ''}${kind.toUpperCase()} ${name}`,
    place: '',
    ran: true,
    background,
    load: summariseLoad(result),
  };
}

function summariseLoad(result: StatementResult): LoadSummary {
  const seconds = (result.endedNs - result.startedNs) / 1e9;
  const perSecond = (count: number): number => (seconds > 0 ? count / seconds : 0);
  const settings = settingNames.map((name) => [name, printSetting(name, result.settings[name])]);
  return {
    name: result.identity.name,
    ...(result.identity.mix !== undefined && { mix: result.identity.mix }),
    tags: result.identity.tags,
    model: result.model,
    itemName: result.itemName,
    batchSize: result.batchSize,
    seriesCardinality: Number.isFinite(result.seriesCardinality) ? result.seriesCardinality : null,
    fieldCount: result.fieldCount,
    startedNs: result.startedNs,
    endedNs: result.endedNs,
    state: result.state,
    ...(result.reason !== undefined && { reason: result.reason }),
    throughput: {
      itemsPerSecond: perSecond(result.total.items.acknowledged),
      operationsPerSecond: perSecond(result.total.operations.acknowledged),
    },
    ...summariseTally(result.total),
    warmup: { operations: { ...result.warmup.operations }, items: { ...result.warmup.items } },
    ...(result.written !== undefined && { written: result.written }),
    ...(result.warnings.length > 0 && { warnings: result.warnings }),
    stages: result.stages.map((stage) => ({ ...stage })),
    checks: result.checks.map(({ check, text, got, gotText, passed }) => ({
      text,
      metric: check.metric,
      service: check.service,
      operator: check.operator,
      ...(got !== undefined && { got }),
      gotText,
      passed,
    })),
    marks: result.marks,
    settings: Object.fromEntries(settings),
  };
}

export function summariseTally(tally: Tally): TallySummary {
  return summariseTallyLater(tally)();
}

/** Copies what the tally holds now, which costs little, and leaves the rest to the call of what it returns. */
export function summariseTallyLater(tally: Tally): () => TallySummary {
  const counts = {
    operations: { ...tally.operations },
    items: { ...tally.items },
    ...countersOf(tally),
    errors: tally.errors.map((error) => ({ ...error })),
  };
  const { service, response } = tally.censored;
  const censored: Partial<Record<TimeName, number>> = { service, response };
  const { times } = tally;
  return () => {
    const summaries: Partial<Record<TimeName, TimeSummary>> = {};
    for (const name of timeNames) {
      const buckets = times[name];
      const figures = timeFiguresOf(buckets, censored[name] ?? 0);
      if (figures !== undefined) summaries[name] = { ...figures, histogram: encodeBuckets(buckets!) };
    }
    return { ...counts, times: summaries };
  };
}

export function totalsOf(statements: readonly StatementSummary[]): Totals {
  const operations = emptyCounts();
  const items: Partial<Record<StatementResult['itemName'], Counts>> = {};
  let [retries, requestBytes, responseBytes] = [0, 0, 0];
  for (const statement of statements) {
    if (!('load' in statement) || statement.load === undefined) continue;
    const { load } = statement;
    addCounts(operations, load.operations);
    addCounts((items[load.itemName] ??= emptyCounts()), load.items);
    retries += load.retries;
    requestBytes += load.requestBytes;
    responseBytes += load.responseBytes;
  }
  return { operations, items, retries, requestBytes, responseBytes };
}

/** JSON has no undefined: what is absent in the file is absent in the value. */
function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}
