import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { createInterface } from 'node:readline';
import type { Buckets } from '../stress-client/buckets.ts';
import { emptyCounts } from '../stress-client/load-deltas.ts';
import { lateClient } from '../stress-client/marks.ts';
import {
  timeNames,
  type ErrorCount,
  type RunEvent,
  type Tally,
  type TimeName,
} from '../stress-client/results.ts';
import { addCounts } from '../stress-client/running-tally.ts';
import { TimeTotals } from '../stress-client/time-totals.ts';
import { formatDuration } from '../stress-client/units.ts';
import { storedBuckets } from './decode-histogram.ts';
import { eventsOf, type EventLine } from './event-line.ts';
import type { IntervalLine } from './interval-line.ts';
import { eventShape, intervalShape, loadLineShape, recordShape, summaryShape } from './run-folder-shapes.ts';
import type { RunRecord } from './run-record.ts';
import { runStatesOf } from './run-states.ts';
import { StoredRunError } from './stored-run-error.ts';
import { problemOf, type Shape } from './stored-shape.ts';
import {
  notable,
  summariseTally,
  totalsOf,
  type LoadStatement,
  type LoadSummary,
  type Summary,
} from './summary.ts';
import { counterNames } from './tally-counters.ts';

export interface StoredRun {
  /** As given, without a slash at its end. */
  readonly path: string;
  readonly record: RunRecord;
  readonly summary: Summary;
}

/**
 * Reads a run folder. Where the process ended without a summary, one is made from what it wrote up to its
 * last interval, and says so. Rejects with a StoredRunError where the path is no run folder, or what is in it
 * can't be used.
 */
export async function readRunFolder(path: string): Promise<StoredRun> {
  const record = await readJson(path, 'run.json', recordShape);
  if (record === undefined) throw new StoredRunError('it has no run.json', `${path} is no run folder`);
  const summary = await readJson(path, 'summary.json', summaryShape);
  return {
    path: normalize(path).replace(/(.)\/+$/, '$1'),
    record,
    summary: summary ?? (await rebuildStored(path, record)),
  };
}

/** What happened in the run of a folder, in order; nothing where the folder has no events.ndjson. */
export async function readEvents(path: string): Promise<readonly RunEvent[]> {
  const lines: EventLine[] = [];
  for await (const line of linesOf(path, 'events.ndjson', eventShape)) lines.push(line);
  return eventsOf(lines);
}

/** A JSON file of a run folder; undefined where it is not there. Rejects with a StoredRunError where it can't be used. */
export async function readJson<Value>(
  path: string,
  name: string,
  shape: Shape<Value>,
): Promise<Value | undefined> {
  const place = join(path, name);
  let text: string;
  try {
    text = await readFile(place, 'utf8');
  } catch (problem) {
    const { code, message } = problem as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new StoredRunError(message, place);
  }
  const value = parsed(text);
  if (value === undefined) throw new StoredRunError('it is not JSON, or not whole', place);
  const version = (value as { readonly schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== 1) {
    throw new StoredRunError(`it has schemaVersion ${String(version)}; this stressql reads 1`, place);
  }
  const problem = problemOf(shape, value);
  if (problem !== undefined) throw new StoredRunError(problem, place);
  return value as Value;
}

async function rebuildStored(path: string, record: RunRecord): Promise<Summary> {
  const ended: LoadStatement[] = [];
  for await (const { schemaVersion: _, ...statement } of linesOf(path, 'statements.ndjson', loadLineShape)) {
    ended.push(statement);
  }
  const intervals = linesOf(path, 'intervals.ndjson', intervalShape);
  return rebuildSummary(record, ended, intervals, await readEvents(path));
}

/** Makes the summary of a run that has written none, from the statements that had ended, the intervals and events. */
export async function rebuildSummary(
  record: RunRecord,
  ended: readonly LoadStatement[],
  intervals: AsyncIterable<IntervalLine>,
  events: readonly RunEvent[],
): Promise<Summary> {
  const statements = new Map(ended.map((statement) => [statement.statementId, statement]));
  const unfinished = new Map<string, UnfinishedStatement>();
  let durationNs = 0;
  for await (const line of intervals) {
    durationNs = Math.max(durationNs, line.endNs);
    if (statements.has(line.statementId)) continue;
    const statement = unfinished.get(line.statementId) ?? new UnfinishedStatement(line);
    statement.add(line);
    unfinished.set(line.statementId, statement);
  }
  for (const [id, statement] of unfinished) statements.set(id, statement.summarise());
  const inOrder = [...statements.values()].toSorted((a, b) => a.position - b.position);
  const reason = `the process ended without a summary, or it still runs: figures reach up to ${formatDuration(durationNs)}`;
  const marked = inOrder.map(({ text, load }) => ({ text, ...(load !== undefined && { result: load }) }));
  return {
    schemaVersion: 1,
    testId: record.testId,
    testName: record.testName,
    version: record.version,
    startedMs: record.startedMs,
    durationNs,
    seed: record.seed,
    scriptSha256: record.scriptSha256,
    rehearsal: record.rehearsal,
    target: record.target,
    servers: record.servers,
    machine: record.machine,
    states: runStatesOf({ rehearsal: record.rehearsal, statements: marked, lost: [reason] }),
    exitCodes: [{ code: 4, reason }],
    warnings: [],
    ...notable(events),
    totals: totalsOf(inOrder),
    statements: inOrder,
  };
}

/**
 * The lines of a file of a run folder, but for the last one where it is not whole: a killed process may have left half of
 * it, or none of the file at all. Throws a StoredRunError at another line that can't be used.
 */
export async function* linesOf<Value>(path: string, name: string, shape: Shape<Value>): AsyncIterable<Value> {
  const place = join(path, name);
  let [number, broken] = [0, false];
  try {
    for await (const line of createInterface({ input: createReadStream(place), crlfDelay: Infinity })) {
      if (broken) throw new StoredRunError('it is not JSON, or not whole', `${place}:${number}`);
      number++;
      const value = parsed(line);
      if (value === undefined) {
        broken = true;
        continue;
      }
      const problem = problemOf(shape, value);
      if (problem !== undefined) throw new StoredRunError(problem, `${place}:${number}`);
      yield value as Value;
    }
  } catch (problem) {
    const { code, path: of, message } = problem as NodeJS.ErrnoException;
    // A process that was killed within its first interval has not made the file.
    if (code === 'ENOENT') return;
    if (of === place || code === 'EISDIR') throw new StoredRunError(message, place);
    throw problem;
  }
}

/** Undefined where it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A statement that ran when its process was killed, made again from its intervals. */
class UnfinishedStatement {
  readonly #first: IntervalLine;
  #last: IntervalLine;
  #sentFromNs: number | undefined;
  readonly #total = {
    operations: emptyCounts(),
    items: emptyCounts(),
    retries: 0,
    lateAnswers: 0,
    reprepared: 0,
    requestBytes: 0,
    responseBytes: 0,
    rows: 0,
    notApplied: 0,
    // Told while a run is there; no file has it.
    answersWithRows: 0,
    clamped: 0,
    censored: { service: 0, response: 0 },
    errors: [] as ErrorCount[],
  } satisfies Omit<Tally, 'times'>;
  readonly #times: Partial<Record<TimeName, TimeTotals>> = {};
  /** The client's longest pause in each interval. */
  readonly #pausesNs: number[] = [];

  constructor(first: IntervalLine) {
    this.#first = first;
    this.#last = first;
  }

  add(line: IntervalLine): void {
    this.#last = line;
    this.#pausesNs.push(line.clientPauseNs ?? 0);
    if (line.operations.sent > 0) this.#sentFromNs ??= line.startNs;
    const total = this.#total;
    addCounts(total.operations, line.operations);
    addCounts(total.items, line.items);
    for (const name of counterNames) total[name] += line[name] ?? 0;
    for (const error of line.errors) {
      const known = total.errors.find(({ errorClass }) => errorClass === error.errorClass);
      if (known === undefined) total.errors.push({ ...error });
      else known.count += error.count;
    }
    for (const name of timeNames) {
      const time = line.times[name];
      if (time === undefined) continue;
      (this.#times[name] ??= new TimeTotals()).add(storedBuckets(line, name)!);
      if (name === 'service' || name === 'response') total.censored[name] += time.censored;
    }
  }

  summarise(): LoadStatement {
    const { statementId, name, kind, position, background, tags, model, itemName } = this.#first;
    const endedNs = this.#last.endNs;
    const startedNs = Math.max(
      this.#sentFromNs ?? this.#first.startNs,
      endedNs - this.#last.progress.elapsedNs,
    );
    const seconds = (endedNs - startedNs) / 1e9;
    for (const counts of [this.#total.operations, this.#total.items]) {
      // What was in flight when the process ended may have taken effect.
      counts.unknown = counts.sent - counts.acknowledged - counts.failed;
    }
    const total: Tally = { ...this.#total, times: this.#bucketsOfTimes() };
    const load: LoadSummary = {
      name,
      tags,
      model,
      itemName,
      startedNs,
      endedNs,
      state: 'interrupted',
      reason: 'its end is not recorded; its EXPECTs were not judged',
      throughput: {
        itemsPerSecond: seconds > 0 ? this.#total.items.acknowledged / seconds : 0,
        operationsPerSecond: seconds > 0 ? this.#total.operations.acknowledged / seconds : 0,
      },
      ...summariseTally(total),
      warmup: { operations: emptyCounts(), items: emptyCounts() },
      stages: [],
      checks: [],
      marks: [
        ...lateClient(total, {
          intervals: this.#pausesNs.length,
          longerThan: (ns) => this.#pausesNs.filter((pauseNs) => pauseNs > ns).length,
        }),
      ],
      settings: {},
    };
    const text = `${background ? 'GO ' : ''}${kind.toUpperCase()} ${name}`;
    return { kind, position, statementId, text, place: '', ran: true, background, load };
  }

  #bucketsOfTimes(): Tally['times'] {
    const times: Partial<Record<TimeName, Buckets>> = {};
    for (const name of timeNames) {
      const buckets = this.#times[name]?.buckets;
      if (buckets !== undefined) times[name] = buckets;
    }
    return times;
  }
}
