import { ClientGroup, type GroupListener, type MakeClient } from './client-group.ts';
import type { Clock, Timer } from './clock.ts';
import type { Directive } from './directive.ts';
import type { LoadDeltas } from './load-deltas.ts';
import type { LoadRecord } from './load-record.ts';
import type { LeasePackage, Package, TextPackage } from './package.ts';
import type {
  Interval,
  ResultSink,
  RunEvent,
  StatementIdentity,
  StatementInterval,
  StatementResult,
} from './results.ts';
import { runClock, type RunClock } from './run-clock.ts';
import { SentLoad } from './sent-load.ts';
import { withSetting, type Settings } from './settings.ts';
import { StatementRegions } from './statement-regions.ts';
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
  /** When the run started: nanoseconds on `clock`, and milliseconds since 1970. Now, where absent. */
  readonly started?: { readonly ns: number; readonly ms: number };
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
 * tells, hands it to the sinks, and stops the run where that is due. The run's clock starts when it is made,
 * unless it is told when the run did; `close` must be called at the end. Errors of the target are values here.
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
  readonly #sent = new Map<string, SentLoad>();
  readonly #running = new Set<SentLoad>();
  /** The latest INSERT of each name. */
  readonly #inserts = new Map<string, LoadRecord>();
  /** Queries whose INSERT has acknowledged nothing yet. */
  readonly #waiting = new Set<SentLoad>();
  /** Statements that the script waits for. */
  readonly #awaited = new Set<string>();
  /** Ended statements with something to tell in the next interval. */
  readonly #telling = new Set<LoadRecord>();

  #epoch = 0;
  readonly #unconfirmed = new Map<number, Tracer>();
  readonly #stops: Stop[] = [];
  readonly #stopping = new AbortController();
  readonly #abandoning = new AbortController();

  #heldFromNs: number | undefined;
  readonly #events: RunEvent[] = [];
  readonly #runText: string;
  #nodeNs = 0;
  readonly #regions = new Map<string, StatementRegions>();
  #intervalIndex = 0;
  #intervalStartNs = 0;
  #intervalTimer: Timer | undefined;
  #abandonTimer: Timer | undefined;
  #allCollected: (() => void) | undefined;
  #closed = false;

  constructor(options: StressTestOptions) {
    this.testId = options.testId;
    this.clock = runClock(options.clock, options.started?.ns);
    this.startedMs = options.started?.ms ?? options.clock.wallMs();
    this.exec = options.exec;
    this.runDirectory = options.runDirectory;
    this.#makeClient = 'makeClient' in options ? options.makeClient : this.#clientHere(options.createTarget);
    this.#clientCount = options.clients ?? 1;
    this.#onServers = options.onServers;
    this.#sinks = options.sinks;
    this.#requests = options.requests;
    this.#settings = options.settings;
    this.#runText = [`run ${options.testId}`, options.settings.TestName]
      .filter((word) => word !== '')
      .join(' ');
    this.tell({ kind: 'run', startNs: 0, endNs: undefined, text: this.#runText });
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
    const load = new SentLoad(sent);
    this.#sent.set(sent.statementId, load);
    this.#running.add(load);
    for (const record of load.records) {
      const { identity, mix } = record.load;
      this.#records.set(identity.statementId, record);
      if (identity.kind === 'insert' && mix === undefined) this.#inserts.set(identity.name, record);
    }
    if (!load.first.load.identity.background) this.#awaited.add(sent.statementId);
    const error = await this.open();
    if (error !== undefined) this.#end(load, errorSentence(error));
    else if (this.#stops.length > 0 || load.endedBecause !== undefined) this.#end(load);
    else this.#startOrWait(load);
    await sent.tracer.wait();
    return load.problem;
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

  /**
   * Ends an INSERT, QUERY or MIX before its time, and nothing else: nothing more is sent, what is in flight is awaited,
   * and what was not sent is not asked. Of a member of a MIX its MIX. Does nothing to what has ended.
   */
  endStatement(statementId: string, reason: string): void {
    const sent = this.#runningOf(statementId);
    if (sent === undefined || sent.endedBecause !== undefined) return;
    const nowNs = this.clock.nowNs();
    sent.endedBecause = reason;
    for (const record of sent.records) record.stopAsking(nowNs);
    this.#tellOf(sent, 'end', nowNs, nowNs, reason);
    if (sent.started) this.#clients!.end(sent.statementId);
    else if (this.#clients !== undefined) this.#end(sent);
  }

  /**
   * From now on an open model that has begun has this rate, to its end; of a MIX, or a member, operations a second of the MIX.
   * Answers with why not, where it can't have it.
   */
  changeRate(statementId: string, itemsPerSecond: number): string | undefined {
    const sent = this.#runningOf(statementId);
    if (sent?.first.isRunning !== true || sent.endedBecause !== undefined) return 'it does not run';
    if (sent.first.model === 'closed') return 'it has no rate: it sends as answers come';
    if (!(itemsPerSecond > 0 && itemsPerSecond < Infinity)) return 'a rate is above 0/s';
    const atNs = this.#clients!.changeRate(sent.statementId, itemsPerSecond);
    for (const record of sent.records) {
      record.changeRate(atNs, itemsPerSecond);
      this.#regions.get(record.load.identity.statementId)?.changeRate();
    }
    const { mix } = sent.first.load.identity;
    const whose = mix === undefined ? '' : `MIX ${mix} `;
    this.#tellOf(sent, 'rate', atNs, atNs, `${whose}AT ${itemsPerSecond}/s`);
    return undefined;
  }

  /**
   * The rate that an open model is asked for now, items a second, held or not; of a MIX, or a member, operations a second
   * of the MIX. Undefined where it has none.
   */
  rateOf(statementId: string): number | undefined {
    const first = this.#runningOf(statementId)?.first;
    return first?.isRunning === true ? first.rateAt(this.clock.nowNs()) : undefined;
  }

  /**
   * The INSERTs and QUERYs that were sent to the hub and have not ended. One that has not begun waits: the target makes
   * ready, or there is nothing to ask for yet.
   */
  get running(): readonly { readonly identity: StatementIdentity; readonly hasBegun: boolean }[] {
    return [...this.#running]
      .flatMap(({ records }) => records)
      .map(({ load, isRunning }) => ({ identity: load.identity, hasBegun: isRunning }));
  }

  /** Sends nothing new, until it is called with `false`: no time passes for what is due, or for FOR. What is in flight is awaited. */
  hold(isHeld: boolean): void {
    if (isHeld === (this.#heldFromNs !== undefined)) return;
    const text = 'load held';
    if (isHeld) {
      this.#heldFromNs = this.#clients?.hold() ?? this.clock.nowNs();
      for (const { records } of this.#running)
        for (const record of records) this.#hold(record, this.#heldFromNs);
      this.tell({ kind: 'pause', startNs: this.#heldFromNs, endNs: undefined, text });
      return;
    }
    const startNs = this.#heldFromNs!;
    const endNs = this.#clients?.release() ?? this.clock.nowNs();
    this.#heldFromNs = undefined;
    for (const { records } of this.#running) {
      for (const record of records) {
        record.release(endNs);
        this.#regions.get(record.load.identity.statementId)?.release();
      }
    }
    this.tell({ kind: 'pause', startNs, endNs, text });
  }

  #hold(record: LoadRecord, atNs: number): void {
    record.hold(atNs);
    this.#regions.get(record.load.identity.statementId)?.hold(atNs);
  }

  /** Whether `hold` holds the load now. */
  get isHeld(): boolean {
    return this.#heldFromNs !== undefined;
  }

  /** The running statement, or the one that has it as a member. */
  #runningOf(statementId: string): SentLoad | undefined {
    const record = this.#records.get(statementId);
    for (const sent of this.#running)
      if (sent.statementId === statementId || (record !== undefined && sent.records.includes(record)))
        return sent;
    return undefined;
  }

  /** Tells of each statement that reports know. */
  #tellOf(sent: SentLoad, kind: RunEvent['kind'], startNs: number, endNs: number, text: string): void {
    for (const { load } of sent.records) {
      const { statementId, name } = load.identity;
      this.tell({ kind, statementId, name, startNs, endNs, text });
    }
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

  /** What was told, in order; what took time twice. */
  get events(): readonly RunEvent[] {
    return this.#events;
  }

  /** Tells the sinks of something that happened. */
  tell(event: RunEvent): void {
    this.#events.push(event);
    for (const sink of this.#sinks) sink.event?.(event);
  }

  /** Ends the run early. */
  stop(stop: Stop): void {
    this.#stops.push(stop);
    if (this.#stops.length > 1) return;
    const graceNs = Math.min(this.#settings.Timeout, graceAtMostNs);
    this.#stopping.abort();
    for (const load of this.#waiting) this.#end(load);
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
    this.tell({ kind: 'run', startNs: 0, endNs: this.clock.nowNs(), text: this.#runText });
    const losses = await Promise.all(this.#sinks.map((sink) => sink.close()));
    return losses.filter((loss) => loss !== undefined);
  }

  /* What the client tells. */

  confirmed(epoch: number): void {
    this.#unconfirmed.get(epoch)?.done();
    this.#unconfirmed.delete(epoch);
  }

  started(statementId: string, startNs: number, warnings: readonly (readonly string[])[]): void {
    for (const [index, record] of this.#sent.get(statementId)!.records.entries()) {
      record.warnings = warnings[index]!;
      record.begin(startNs);
      const { statementId } = record.load.identity;
      this.#regions.set(statementId, new StatementRegions(record, startNs, this.clock, this));
      if (this.#heldFromNs !== undefined) this.#hold(record, this.#heldFromNs);
    }
  }

  acknowledged(statementId: string): void {
    const record = this.#records.get(statementId)!;
    record.acknowledged = true;
    for (const load of this.#waiting)
      if (load.records.some((each) => this.#companionOf(each) === record)) this.#startOrWait(load);
  }

  deltas(deltas: LoadDeltas): void {
    const record = this.#records.get(deltas.statementId)!;
    record.fold(deltas);
    if (deltas.failures === undefined) return;
    const { identity } = record.load;
    for (const sink of this.#sinks) sink.failed?.({ identity, ...deltas.failures });
  }

  collected(longestStallNs: number): void {
    this.#emit(longestStallNs);
    this.#allCollected?.();
  }

  lateAnswer(statementId: string): void {
    const record = this.#records.get(statementId)!;
    record.countLateAnswer();
    if (record.state !== 'running') this.#telling.add(record);
  }

  nodeChanged(address: string, up: boolean): void {
    // Several that change at once are marks of their own.
    const startNs = (this.#nodeNs = Math.max(this.clock.nowNs(), this.#nodeNs + 1));
    const text = up ? `${address} is back` : `${address} lost`;
    this.tell({ kind: up ? 'node-back' : 'node-lost', startNs, endNs: startNs, text });
  }

  reprepared(statementId: string): void {
    const record = this.#records.get(statementId)!;
    record.countReprepared();
    if (record.state !== 'running') this.#telling.add(record);
  }

  ended(statementId: string, error: TargetError | undefined): void {
    const load = this.#sent.get(statementId)!;
    // Where a client has broken, what the others say of the end comes after it.
    if (this.#running.has(load)) this.#end(load, error && errorSentence(error));
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
    for (const load of this.#running) this.#end(load, reason);
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
    if (this.#sinks.some((sink) => sink.failed !== undefined)) clients.tellFailures(true);
    if (this.#heldFromNs !== undefined) clients.hold();
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

  #startOrWait(sent: SentLoad): void {
    if (sent.records.some((record) => this.#lacksCompanion(record))) {
      this.#waiting.add(sent);
      this.#endStuckQueries();
      return;
    }
    this.#waiting.delete(sent);
    const { load, model } = sent.first;
    const { mix } = load;
    sent.started = true;
    this.#clients!.start({
      statementId: sent.statementId,
      members: sent.records.map((record) => ({
        statementId: record.load.identity.statementId,
        items: record.load.items,
        companionId: this.#companionOf(record)?.load.identity.statementId,
      })),
      ...(mix !== undefined && { mix: mix.shares }),
      settings: load.settings,
      fixed: [...load.fixed],
      items: mix === undefined ? load.items : load.items / load.plan.batchSize,
      durationNs: load.durationNs,
      stages: load.stages.map(({ rate, toRate, durationNs }) => ({ rate, toRate, durationNs })),
      warmup: load.warmup,
      written: load.written,
      lease: sent.lease,
      model,
      concurrency: mix !== undefined || load.plan.kind === 'write' ? 'WriteConcurrency' : 'QueryConcurrency',
    });
  }

  #lacksCompanion(record: LoadRecord): boolean {
    return record.load.companion !== undefined && this.#companionOf(record)?.acknowledged !== true;
  }

  #companionOf(record: LoadRecord): LoadRecord | undefined {
    const { companion } = record.load;
    return companion === undefined ? undefined : this.#inserts.get(companion);
  }

  /** A query waits for ever if its INSERT is over, or was never started while the script waits for the query. */
  #endStuckQueries(): void {
    for (const sent of this.#waiting) {
      const problem = this.#awaited.has(sent.statementId)
        ? sent.records.map((record) => this.#stuckBecause(record)).find((each) => each !== undefined)
        : undefined;
      if (problem !== undefined) this.#end(sent, problem);
    }
  }

  #stuckBecause(record: LoadRecord): string | undefined {
    if (!this.#lacksCompanion(record)) return undefined;
    const companion = this.#companionOf(record);
    if (companion?.state === 'running') return undefined;
    const what = companion === undefined ? 'was not started' : 'ended without an acknowledged point';
    return `INSERT ${record.load.companion} ${what}, so there is nothing to ask for`;
  }

  #end(sent: SentLoad, error?: string): void {
    const nowNs = this.clock.nowNs();
    const [stop] = this.#stops;
    sent.problem = error;
    this.#running.delete(sent);
    this.#waiting.delete(sent);
    for (const record of sent.records) {
      if (error !== undefined) record.fail(error, nowNs);
      else if (stop === undefined) record.end('ended', sent.endedBecause, nowNs);
      else record.end(stop.kind === 'interrupted' ? 'interrupted' : 'aborted', stop.reason, nowNs);
    }
    for (const record of sent.records) {
      this.#telling.add(record);
      this.#regions.get(record.load.identity.statementId)?.end(nowNs);
      this.#regions.delete(record.load.identity.statementId);
      const result = record.result(nowNs);
      for (const sink of this.#sinks) sink.statementEnded(result);
    }
    sent.tracer.done();
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
    const records = [...this.#running].flatMap((load) => load.records).concat(...this.#telling);
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
      ...(this.#clients !== undefined && { clientPauseNs: longestStallNs }),
      statements,
    };
    for (const sink of this.#sinks) sink.interval(interval);
    for (const record of records) record.closeInterval(longestStallNs);
    this.#telling.clear();
    this.#intervalStartNs = endNs;
    if (this.#stops.length > 0) return;
    for (const { records: running } of this.#running) {
      for (const record of running) {
        const reason = record.abortReason(endNs);
        if (reason !== undefined) return this.stop({ kind: 'expect', reason });
      }
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
