import { join } from 'node:path';
import type { Interval, ResultSink, RunEvent, StatementResult } from '../stress-client/results.ts';
import { printSetting, settingNames, type Settings } from '../stress-client/settings.ts';
import type { ServerInfo } from '../stress-client/target/target.ts';
import { formatBytes } from '../stress-client/units.ts';
import { eventLine } from './event-line.ts';
import { machineFiles, type FileStore } from './file-store.ts';
import { GrowingFile } from './growing-file.ts';
import { histogramLogHead, histogramLogLine, histogramLogTag } from './histogram-log.ts';
import { intervalLineLater } from './interval-line.ts';
import { machineFacts } from './machine.ts';
import { requestLinesLater } from './request-line.ts';
import type { RunRecord } from './run-record.ts';
import { SpreadWork } from './spread-work.ts';
import { summariseEnded, type Summary } from './summary.ts';
import { renderTextReport } from './text-report.ts';

export interface RunFolderOptions {
  /** The folder of run folders: `--out`, else `stressql-runs`. */
  readonly directory: string;
  /** The script as it runs, secrets already cut out. */
  readonly script: string;
  /** As they stand before the first statement. */
  readonly settings: Settings;
  readonly record: Omit<RunRecord, 'schemaVersion' | 'state' | 'pid' | 'machine' | 'endedMs'>;
  /** Hears once, in a sentence, that results can't be written. */
  readonly onProblem: (sentence: string) => void;
  readonly files?: FileStore;
  /** Where requests.ndjson ends; 256 MiB unless set. */
  readonly requestBytesAtMost?: number;
}

/** A row a request, which no report needs, must not fill a disk. */
const usualRequestBytesAtMost = 256 << 20;

/** Columns of report.txt. */
const reportWidth = 100;

/**
 * Keeps everything of a run in a folder of its own: what ran (script.sql, settings.json, run.json), every
 * interval as it passes (intervals.ndjson, results.hlog; in request detail requests.ndjson), every statement as it
 * ends (statements.ndjson), every event as it happens (events.ndjson), and at the end summary.json and report.txt. A disk that fails changes nothing in the run.
 */
export class RunFolder implements ResultSink {
  readonly name = 'run folder';
  readonly path: string;
  readonly #files: FileStore;
  readonly #intervals: GrowingFile;
  readonly #statements: GrowingFile;
  readonly #events: GrowingFile;
  readonly #log: GrowingFile;
  readonly #requests: GrowingFile;
  readonly #requestBytesAtMost: number;
  #requestBytes = 0;
  readonly #onProblem: (sentence: string) => void;
  readonly #work = new SpreadWork();
  readonly #unwritten = new Set<string>();
  #record: RunRecord;
  #toldProblem = false;

  /** Makes the folder. Rejects, with a message for the user, where none can be made. */
  static async create(options: RunFolderOptions): Promise<RunFolder> {
    const { directory, record, files = machineFiles } = options;
    const at = new Date(record.startedMs).toISOString().slice(0, 19).replaceAll(':', '-');
    // The same test id within the same second is a second folder, not a mixture.
    for (let count = 1; ; count++) {
      const path = join(directory, `${at}Z-${record.testId}${count === 1 ? '' : `-${count}`}`);
      try {
        if (!(await files.makeFolder(path))) continue;
        const folder = new RunFolder(path, options);
        await files.replace(join(path, 'script.sql'), options.script);
        await files.replace(
          join(path, 'settings.json'),
          json({ schemaVersion: 1, settings: printSettings(options.settings) }),
        );
        await files.replace(join(path, 'run.json'), json(folder.#record));
        return folder;
      } catch (problem) {
        throw new Error(`The run folder ${path} can’t be made: ${messageOf(problem)}`, { cause: problem });
      }
    }
  }

  private constructor(path: string, options: RunFolderOptions) {
    this.path = path;
    this.#files = options.files ?? machineFiles;
    this.#onProblem = options.onProblem;
    this.#record = {
      schemaVersion: 1,
      ...options.record,
      state: 'running',
      pid: process.pid,
      machine: machineFacts(),
    };
    const growing = (name: string): GrowingFile =>
      new GrowingFile(this.#files, join(path, name), (problem) => this.#failed(name, problem));
    this.#intervals = growing('intervals.ndjson');
    this.#statements = growing('statements.ndjson');
    this.#events = growing('events.ndjson');
    this.#log = growing('results.hlog');
    this.#requests = growing('requests.ndjson');
    this.#requestBytesAtMost = options.requestBytesAtMost ?? usualRequestBytesAtMost;
    const { version, testId, startedMs } = options.record;
    this.#log.append(
      histogramLogHead(`stressql ${version}, test ${testId}, a tag a statement and time`, startedMs),
    );
  }

  /** As run.json has it. */
  get record(): RunRecord {
    return this.#record;
  }

  /** Adds to run.json what the target's addresses said about themselves. */
  async serversFound(servers: readonly ServerInfo[]): Promise<void> {
    this.#record = { ...this.#record, servers };
    await this.#replace('run.json', json(this.#record));
  }

  interval(interval: Interval): void {
    // What the last interval has left, on a thread that never comes to rest, must not pile up.
    this.#work.finish();
    for (const statement of interval.statements) {
      const { identity } = statement;
      const later = intervalLineLater(interval, statement);
      this.#work.add(() => {
        const line = later();
        this.#intervals.append(`${JSON.stringify(line)}\n`);
        for (const name of ['service', 'response'] as const) {
          const time = line.times[name];
          if (time === undefined) continue;
          const tag = histogramLogTag(identity, name);
          this.#log.append(histogramLogLine(tag, line.startNs, line.endNs, time));
        }
      });
      for (const requests of requestLinesLater(interval, statement)) {
        this.#work.add(() => this.#appendRequests(`${JSON.stringify(requests())}\n`));
      }
    }
  }

  statementEnded(result: StatementResult): void {
    this.#statements.append(`${JSON.stringify({ schemaVersion: 1, ...summariseEnded(result) })}\n`);
  }

  event(event: RunEvent): void {
    this.#events.append(`${JSON.stringify(eventLine(event))}\n`);
  }

  async close(): Promise<string | undefined> {
    const files = {
      'intervals.ndjson': this.#intervals,
      'statements.ndjson': this.#statements,
      'events.ndjson': this.#events,
      'results.hlog': this.#log,
      'requests.ndjson': this.#requests,
    };
    this.#work.finish();
    const lost = [...this.#unwritten];
    for (const [name, file] of Object.entries(files)) {
      const bytes = await file.close();
      if (bytes > 0) lost.push(`${formatBytes(bytes)} of ${name}`);
    }
    return lost.length === 0 ? undefined : `the run folder ${this.path} lost ${lost.join(', ')}`;
  }

  /** Writes the end of the run: summary.json, report.txt and run.json. Tells in a sentence what could not be written. */
  async finish(summary: Summary): Promise<string | undefined> {
    this.#unwritten.clear();
    await this.#replace('summary.json', json(summary));
    await this.#replace('report.txt', renderTextReport(summary, { color: false, width: reportWidth }));
    const endedMs = summary.startedMs + Math.round(summary.durationNs / 1e6);
    this.#record = { ...this.#record, state: 'ended', endedMs };
    await this.#replace('run.json', json(this.#record));
    const unwritten = [...this.#unwritten];
    return unwritten.length === 0 ? undefined : `the run folder ${this.path} lost ${unwritten.join(', ')}`;
  }

  #appendRequests(line: string): void {
    if (this.#requestBytes > this.#requestBytesAtMost) return;
    this.#requestBytes += Buffer.byteLength(line);
    this.#requests.append(line);
    if (this.#requestBytes <= this.#requestBytesAtMost) return;
    const size = formatBytes(this.#requestBytes);
    this.#onProblem(`${join(this.path, 'requests.ndjson')} has ${size}: later requests are not kept there`);
  }

  async #replace(name: string, text: string): Promise<void> {
    try {
      await this.#files.replace(join(this.path, name), text);
    } catch (problem) {
      this.#unwritten.add(name);
      this.#failed(name, problem);
    }
  }

  #failed(name: string, problem: unknown): void {
    if (this.#toldProblem) return;
    this.#toldProblem = true;
    this.#onProblem(`${join(this.path, name)} can’t be written: ${messageOf(problem)}; the run goes on`);
  }
}

/** Every setting by its name as SET would take it, secrets redacted. */
export function printSettings(settings: Settings): Record<string, string> {
  return Object.fromEntries(settingNames.map((name) => [name, printSetting(name, settings[name])]));
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
