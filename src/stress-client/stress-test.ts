import { ClientGroup, type GroupListener, type MakeClient } from './client-group.ts';
import type { Clock, Timer } from './clock.ts';
import type { Directive } from './directive.ts';
import type { LoadDeltas } from './load-deltas.ts';
import { LoadRecord } from './load-record.ts';
import type { LeasePackage, Package, TextPackage } from './package.ts';
import type { Interval, ResultSink, RunEvent, StatementInterval, StatementResult } from './results.ts';
import { runClock, type RunClock } from './run-clock.ts';
import { withSetting, type Settings } from './settings.ts';
import { graceAtMostNs, StressClient } from './stress-client.ts';
import { errorSentence } from './target/error-sentence.ts';
import type { Answer, ServerInfo, Target, TargetError } from './target/target.ts';
import type { Tracer } from './tracer.ts';

/** Shorter intervals would measure the sinks. */
const shortestIntervalNs = 10e6;
/** So long the last deltas of a run are waited for. */
const lastDeltasAtMostNs = 2e9;

/** Why a run ended before its script did. */
export interface Stop {
  readonly kind: 'interrupted' | 'max-errors' | 'expect' | 'statement' | 'unreachable' | 'broken';
  readonly reason: string;
}

type CreateTarget = (settings: Settings, clock: Clock) => Promise<Target>;

/** Where the load is sent from: `clients` of them, 1 where absent, and no more than there are slots. */
type Senders = { readonly clients?: number } & (
  | {
      /** What the clients, which are then in this thread, send to. */
      readonly createTarget: CreateTarget;
    }
  | {
      /** Makes clients elsewhere, on the run's clock. */
      readonly makeClient: MakeClient;
    }
);

export type StressTestOptions = TestOptions & Senders;

interface TestOptions {
  /** 8 characters. */
  readonly testId: string;
  readonly clock: Clock;
  /** As they stand before the first statement. */
  readonly settings: Settings;
  readonly sinks: readonly ResultSink[];
  /** Whether EXEC may run programs; else why not, and whether the script goes on as if it had. */
  readonly exec:
    | { readonly allowed: true }
    | { readonly allowed: false; readonly reason: string; readonly skipped?: boolean };
  /** Folder of the run's results, for programs that EXEC starts. */
  readonly runDirectory?: string;
  /** Hands a row an operation to the sinks; they do without where it is absent. */
  readonly requests?: RequestDetail;
  /** Hears what the target's addresses say about themselves, once they are reached. */
  readonly onServers?: (servers: readonly ServerInfo[]) => void;
}

/** How many operations may have a row each. */
export interface RequestDetail {
  /** Of the whole run: the first interval with more ends them for good, and has none itself. */
  readonly perSecondAtMost: number;
  /** Called once, when there were more. */
  onTooMany(): void;
}

/** A statement that GO has started. */
export interface Background {
  readonly name: string;
  readonly statementId: string;
  /** Resolves when it has ended and is recorded, with why it failed as a whole, if it did. */
  readonly finished: Promise<string | undefined>;
}

/**
 * The hub of a run: it passes packages and directives from statements to the client, adds up what the client
 * tells, hands it to the sinks, and stops the run where that is due. The run's clock starts when it is made;
 * `close` must be called at the end. Errors of the target are values here.
 */
export class StressTest implements GroupListener {
  readonly testId: string;
  readonly clock: RunClock;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly exec: StressTestOptions['exec'];
  readonly runDirectory: string | undefined;
  /** What GO has started and no WAIT has waited for yet, in order. */
  readonly background = new Set<Background>();

  readonly #makeClient: MakeClient;
  readonly #clientCount: number;
  readonly #onServers: StressTestOptions['onServers'];
  readonly #sinks: readonly ResultSink[];
  #requests: RequestDetail | undefined;
  #settings: Settings;
  #clients: ClientGroup | undefined;
  #opening: Promise<TargetError | undefined> | undefined;
  #servers: readonly ServerInfo[] = [];

  readonly #records = new Map<string, LoadRecord>();
  readonly #running = new Set<LoadRecord>();
  /** The latest INSERT of each name. */
  readonly #inserts = new Map<string, LoadRecord>();
  /** Queries whose INSERT has acknowledged nothing yet. */
  readonly #waiting = new Set<LoadRecord>();
  /** Statements that the script waits for. */
  readonly #awaited = new Set<string>();
  /** Ended statements with something to tell in the next interval. */
  readonly #telling = new Set<LoadRecord>();

  #epoch = 0;
  readonly #unconfirmed = new Map<number, Tracer>();
  readonly #stops: Stop[] = [];
  readonly #stopping = new AbortController();
  readonly #abandoning = new AbortController();

  #intervalIndex = 0;
  #intervalStartNs = 0;
  #intervalTimer: Timer | undefined;
  #abandonTimer: Timer | undefined;
  #allCollected: (() => void) | undefined;
  #closed = false;

  constructor(options: StressTestOptions) {
    this.testId = options.testId;
    this.clock = runClock(options.clock);
    this.startedMs = options.clock.wallMs();
    this.exec = options.exec;
    this.runDirectory = options.runDirectory;
    this.#makeClient = 'makeClient' in options ? options.makeClient : this.#clientHere(options.createTarget);
    this.#clientCount = options.clients ?? 1;
    this.#onServers = options.onServers;
    this.#sinks = options.sinks;
    this.#requests = options.requests;
    this.#settings = options.settings;
    this.#armInterval(0);
  }

  /** The settings as they stand now. */
  get settings(): Settings {
    return this.#settings;
  }

  /** What the target's addresses said about themselves; empty before the first operation. */
  get servers(): readonly ServerInfo[] {
    return this.#servers;
  }

  /** Why the run ended early, in the order of what happened; empty when it did not. */
  get stops(): readonly Stop[] {
    return this.#stops;
  }

  /** Aborted when the run stops early. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Aborted when nothing is waited for any more. */
  get abandoning(): AbortSignal {
    return this.#abandoning.signal;
  }

  /** What is known of an INSERT or QUERY; undefined before it started. */
  resultOf(statementId: string): StatementResult | undefined {
    return this.#records.get(statementId)?.result(this.clock.nowNs());
  }

  /** Connects to the target, once; statements do so when they need it. */
  open(): Promise<TargetError | undefined> {
    return this.#orAbandoned((this.#opening ??= this.#open()), undefined);
  }

  /**
   * Sends a package and resolves when its last Response is folded into the totals and handed to the sinks;
   * its Tracer, which the statement has added to, is then done.
   */
  sendPackage(sent: TextPackage): Promise<Answer>;
  /** Answers with why the statement failed as a whole, if it did. */
  sendPackage(sent: LeasePackage): Promise<string | undefined>;
  async sendPackage(sent: Package): Promise<Answer | string | undefined> {
    if (sent.kind === 'text') {
      const answer = await this.#sendText(sent.text, sent.settings);
      sent.tracer.done();
      return answer;
    }
    const record = new LoadRecord(sent.load, sent.lease, sent.tracer);
    const { identity } = sent.load;
    this.#records.set(sent.statementId, record);
    this.#running.add(record);
    if (identity.kind === 'insert') this.#inserts.set(identity.name, record);
    if (!identity.background) this.#awaited.add(sent.statementId);
    const error = await this.open();
    if (error !== undefined) this.#end(record, errorSentence(error));
    else if (this.#stops.length > 0) this.#end(record);
    else {
      this.#startOrWait(record);
    }
    await sent.tracer.wait();
    return record.problem;
  }

  /** Changes a setting; its Tracer, which the statement has added to, is done when the client has confirmed it. */
  sendDirective({ property, value, tracer }: Directive): void {
    this.#settings = withSetting(this.#settings, property, value);
    this.#epoch++;
    if (this.#clients === undefined) {
      tracer.done();
      return;
    }
    this.#unconfirmed.set(this.#epoch, tracer);
    this.#clients.configure(this.#epoch, this.#settings);
  }

  /** Tells that the script goes on only when these statements have ended. */
  awaitStatements(statementIds: Iterable<string>): void {
    for (const id of statementIds) this.#awaited.add(id);
    this.#endStuckQueries();
  }

  /** Resolves after `ns`, or when the run stops. */
  pause(ns: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.stopping.aborted) return resolve();
      const timer = this.clock.at(this.clock.nowNs() + ns, resolve);
      this.stopping.addEventListener('abort', () => {
        timer.cancel();
        resolve();
      });
    });
  }

  /**
   * Ends the run: nothing more is sent, what is in flight has 2 s (or Timeout, where that is shorter), the
   * rest is unknown. A second call ends it at once. Every result is complete afterwards.
   */
  interrupt(reason: string): void {
    if (this.#stops.some((stop) => stop.kind === 'interrupted')) this.#abandon();
    else this.stop({ kind: 'interrupted', reason });
  }

  /** A statement has failed as a whole: that stops the script where OnError says so. */
  fail(reason: string): void {
    if (this.#stops.length === 0 && this.#settings.OnError === 'stop')
      this.stop({ kind: 'statement', reason });
  }

  /** Tells the sinks of something that happened. */
  tell(event: RunEvent): void {
    for (const sink of this.#sinks) sink.event?.(event);
  }

  /** Ends the run early. */
  stop(stop: Stop): void {
    this.#stops.push(stop);
    if (this.#stops.length > 1) return;
    const graceNs = Math.min(this.#settings.Timeout, graceAtMostNs);
    this.#stopping.abort();
    for (const record of this.#waiting) this.#end(record);
    this.#clients?.stop(graceNs);
    this.#abandonTimer = this.clock.at(this.clock.nowNs() + graceNs, () => this.#abandon());
  }

  /**
   * Hands out the last interval, closes the target and the sinks, and tells in a sentence each what they
   * have lost.
   */
  async close(): Promise<readonly string[]> {
    this.#closed = true;
    this.#intervalTimer?.cancel();
    this.#abandonTimer?.cancel();
    if (this.#clients === undefined) this.#emit(0);
    else await this.#collectLast(this.#clients);
    await this.#clients?.close();
    const losses = await Promise.all(this.#sinks.map((sink) => sink.close()));
    return losses.filter((loss) => loss !== undefined);
  }

  /* What the client tells. */

  confirmed(epoch: number): void {
    this.#unconfirmed.get(epoch)?.done();
    this.#unconfirmed.delete(epoch);
  }

  started(statementId: string, startNs: number, warnings: readonly string[]): void {
    const record = this.#records.get(statementId)!;
    record.warnings = warnings;
    record.begin(startNs);
  }

  acknowledged(statementId: string): void {
    const record = this.#records.get(statementId)!;
    record.acknowledged = true;
    for (const query of this.#waiting) if (this.#companionOf(query) === record) this.#startOrWait(query);
  }

  deltas(deltas: LoadDeltas): void {
    this.#records.get(deltas.statementId)!.fold(deltas);
  }

  collected(longestStallNs: number): void {
    this.#emit(longestStallNs);
    this.#allCollected?.();
  }

  lateAnswer(statementId: string): void {
    const record = this.#records.get(statementId)!;
    record.countLateAnswer();
    if (!this.#running.has(record)) this.#telling.add(record);
  }

  reprepared(statementId: string): void {
    const record = this.#records.get(statementId)!;
    record.countReprepared();
    if (!this.#running.has(record)) this.#telling.add(record);
  }

  ended(statementId: string, error: TargetError | undefined): void {
    const record = this.#records.get(statementId)!;
    // Where a client has broken, what the others say of the end comes after it.
    if (this.#running.has(record)) this.#end(record, error && errorSentence(error));
  }

  tooManyErrors(): void {
    this.stop({
      kind: 'max-errors',
      reason: `more than MaxErrors [${this.#settings.MaxErrors}] operations failed or stayed unknown`,
    });
  }

  broken(message: string): void {
    const reason = `a load thread broke: ${message}`;
    this.stop({ kind: 'broken', reason });
    this.#abandoning.abort();
    for (const record of this.#running) this.#end(record, reason);
  }

  async #open(): Promise<TargetError | undefined> {
    const clients = new ClientGroup(this.clock, this);
    const opened = await clients.open(this.#makeClient, this.#clientCount, this.#settings);
    if ('errorClass' in opened) {
      await clients.close();
      this.stop({ kind: 'unreachable', reason: errorSentence(opened) });
      return opened;
    }
    if (this.#closed) {
      await clients.close();
      return undefined;
    }
    this.#servers = opened;
    this.#onServers?.(opened);
    this.#clients = clients;
    clients.configure(this.#epoch, this.#settings);
    if (this.#requests !== undefined) clients.tellRequests(true);
    return undefined;
  }

  /** Makes clients in this thread. */
  #clientHere(createTarget: CreateTarget): MakeClient {
    return async (_, settings, listener) => {
      const target = await createTarget(settings, this.clock);
      return new StressClient(
        this.clock,
        target,
        settings,
        (statementId) => this.#records.get(statementId)!.load.plan,
        listener,
      );
    };
  }

  /** Resolves when the clients have told the rest, and it has been handed out. */
  async #collectLast(clients: ClientGroup): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.clock.at(this.clock.nowNs() + lastDeltasAtMostNs, resolve);
      this.#allCollected = () => {
        timer.cancel();
        resolve();
      };
      clients.collect();
    });
  }

  async #sendText(text: string, settings: Settings): Promise<Answer> {
    const ended: Answer = {
      ok: false,
      error: { errorClass: 'timeout', message: 'the run ended before the answer', status: 0 },
    };
    const error = await this.open();
    if (error !== undefined) return { ok: false, error };
    if (this.#clients === undefined) return ended;
    return this.#orAbandoned(this.#clients.passThrough(text, settings), ended);
  }

  /** The promise's value, or `otherwise` when the run is abandoned before. */
  #orAbandoned<Value>(promise: Promise<Value>, otherwise: Value): Promise<Value> {
    if (this.abandoning.aborted) return Promise.resolve(otherwise);
    return new Promise((resolve, reject) => {
      const abandon = (): void => resolve(otherwise);
      this.abandoning.addEventListener('abort', abandon);
      promise.then(resolve, reject).finally(() => this.abandoning.removeEventListener('abort', abandon));
    });
  }

  #abandon(): void {
    if (this.abandoning.aborted || this.#closed) return;
    this.#abandoning.abort();
    this.#clients?.stop(0);
  }

  #startOrWait(record: LoadRecord): void {
    const { load } = record;
    const companion = this.#companionOf(record);
    if (load.companion !== undefined && companion?.acknowledged !== true) {
      this.#waiting.add(record);
      this.#endStuckQueries();
      return;
    }
    this.#waiting.delete(record);
    this.#clients!.start({
      statementId: load.identity.statementId,
      settings: load.settings,
      fixed: [...load.fixed],
      items: load.items,
      durationNs: load.durationNs,
      stages: load.stages.map(({ rate, toRate, durationNs }) => ({ rate, toRate, durationNs })),
      warmup: load.warmup,
      written: load.written,
      companionId: companion?.load.identity.statementId,
      lease: record.lease,
      model: record.model,
      concurrency: load.plan.kind === 'write' ? 'WriteConcurrency' : 'QueryConcurrency',
    });
  }

  #companionOf(record: LoadRecord): LoadRecord | undefined {
    const { companion } = record.load;
    return companion === undefined ? undefined : this.#inserts.get(companion);
  }

  /** A query waits for ever if its INSERT is over, or was never started while the script waits for the query. */
  #endStuckQueries(): void {
    for (const query of this.#waiting) {
      const companion = this.#companionOf(query);
      if (companion !== undefined && this.#running.has(companion)) continue;
      if (!this.#awaited.has(query.load.identity.statementId)) continue;
      const what = companion === undefined ? 'was not started' : 'ended without an acknowledged point';
      this.#end(query, `INSERT ${query.load.companion} ${what}, so there is nothing to ask for`);
    }
  }

  #end(record: LoadRecord, error?: string): void {
    const nowNs = this.clock.nowNs();
    const [stop] = this.#stops;
    if (error !== undefined) record.fail(error, nowNs);
    else if (stop === undefined) record.end('ended', undefined, nowNs);
    else record.end(stop.kind === 'interrupted' ? 'interrupted' : 'aborted', stop.reason, nowNs);
    this.#running.delete(record);
    this.#waiting.delete(record);
    this.#telling.add(record);
    const result = record.result(nowNs);
    for (const sink of this.#sinks) sink.statementEnded(result);
    record.tracer.done();
    this.#endStuckQueries();
  }

  #armInterval(dueNs: number): void {
    const nextNs = Math.max(
      dueNs + Math.max(this.#settings.ReportInterval, shortestIntervalNs),
      this.clock.nowNs(),
    );
    this.#intervalTimer = this.clock.at(nextNs, () => {
      this.#armInterval(nextNs);
      if (this.#clients === undefined) this.#emit(0);
      else this.#clients.collect();
    });
  }

  /** Hands an interval to the sinks, once the client has told its part of it. */
  #emit(longestStallNs: number): void {
    const endNs = this.clock.nowNs();
    const records = [...this.#running, ...this.#telling];
    this.#limitRequests(records, endNs - this.#intervalStartNs);
    const statements: StatementInterval[] = [];
    for (const record of records) {
      const share = record.interval(this.#intervalStartNs, endNs);
      if (share !== undefined) statements.push(share);
    }
    const interval: Interval = {
      index: this.#intervalIndex++,
      startedMs: this.startedMs,
      startNs: this.#intervalStartNs,
      endNs,
      wallMs: this.clock.wallMs(),
      statements,
    };
    for (const sink of this.#sinks) sink.interval(interval);
    for (const record of records) record.closeInterval(longestStallNs);
    this.#telling.clear();
    this.#intervalStartNs = endNs;
    if (this.#stops.length > 0) return;
    for (const record of this.#running) {
      const reason = record.abortReason(endNs);
      if (reason !== undefined) return this.stop({ kind: 'expect', reason });
    }
  }

  #limitRequests(records: readonly LoadRecord[], intervalNs: number): void {
    if (this.#requests === undefined) return;
    const requests = records.reduce((sum, record) => sum + record.requestCount, 0);
    // A short interval at the end of a run says little about a second.
    if (requests <= this.#requests.perSecondAtMost * Math.max(1, intervalNs / 1e9)) return;
    for (const record of records) record.forgetRequests();
    this.#clients?.tellRequests(false);
    this.#requests.onTooMany();
    this.#requests = undefined;
  }
}
