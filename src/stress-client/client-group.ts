import type { ClientListener, ClientPort, StartLoad, StartMember } from './client-port.ts';
import { settingsOfClient, type ClientPlace } from './client-share.ts';
import type { Clock, Timer } from './clock.ts';
import { LeaseDealer } from './lease-dealer.ts';
import type { LoadDeltas } from './load-deltas.ts';
import type { Response } from './response.ts';
import type { Settings } from './settings.ts';
import type { Answer, ServerInfo, TargetError } from './target/target.ts';

/** How often clients tell each other what was acknowledged. */
const shareEveryNs = 100e6;
/** So long before its start clients in other threads are told of an open model's zero. */
const leadNs = 1e6;

/** A statement as the hub starts it: with all of its operations. */
export interface GroupLoad extends Omit<StartLoad, 'more' | 'place'> {
  readonly model: 'open' | 'closed';
  /** Whose slots it takes. */
  readonly concurrency: 'WriteConcurrency' | 'QueryConcurrency';
}

/** What a run's clients tell together. */
export interface GroupListener {
  confirmed(epoch: number): void;
  started(statementId: string, startNs: number, warnings: readonly (readonly string[])[]): void;
  acknowledged(statementId: string): void;
  /** To be added up; what they say of now is of all clients. */
  deltas(deltas: LoadDeltas): void;
  /** All have told their deltas, or some are late and will tell them next time. */
  collected(longestStallNs: number): void;
  lateAnswer(statementId: string): void;
  reprepared(statementId: string): void;
  /** A node can't be reached any more, or can again. */
  nodeChanged(address: string, up: boolean): void;
  /** With all of its deltas told, and why it could not start. */
  ended(statementId: string, error: TargetError | undefined): void;
  tooManyErrors(): void;
  /** A client is gone, by a fault of ours. */
  broken(message: string): void;
}

/** Makes a client with its share of the settings, that tells `listener` what becomes of what it gets. */
export type MakeClient = (
  place: ClientPlace,
  settings: Settings,
  listener: ClientListener,
) => Promise<ClientPort> | ClientPort;

/**
 * The clients of a run as one: divides slots and operations among them, shares what was acknowledged, and adds up
 * what they tell. The operations are the same however many there are.
 */
export class ClientGroup {
  readonly #clock: Clock;
  readonly #listener: GroupListener;
  readonly #ports: ClientPort[] = [];
  /** Clients that have broken, and answer nothing any more. */
  readonly #gone = new Set<number>();
  /** Clients that have lost a node, by its address. */
  readonly #lostNodes = new Map<string, Set<number>>();
  readonly #loads = new Map<string, SharedLoad>();
  readonly #members = new Map<string, SharedMember>();
  /** Of what was changed last. */
  #changedNs = 0;
  /** Clients that have not confirmed an epoch. */
  readonly #unconfirmed = new Map<number, number>();
  /** Clients that have not told the deltas that were asked for. */
  readonly #collecting = new Set<number>();
  #longestStallNs = 0;
  #errors = 0;
  #errorsAtMost = Infinity;
  #shareTimer: Timer | undefined;

  constructor(clock: Clock, listener: GroupListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Makes the clients, and has them reach the target. */
  async open(
    make: MakeClient,
    clients: number,
    settings: Settings,
  ): Promise<readonly ServerInfo[] | TargetError> {
    this.#errorsAtMost = settings.MaxErrors;
    const opened = await Promise.all(
      Array.from({ length: clients }, async (_, index) => {
        const place = { index, of: clients };
        const port = await make(place, settingsOfClient(settings, place), this.#listenerOf(index));
        this.#ports[index] = port;
        return port.open();
      }),
    );
    return opened.find((each) => 'errorClass' in each) ?? opened[0]!;
  }

  configure(epoch: number, settings: Settings): void {
    this.#unconfirmed.set(epoch, this.#ports.length);
    for (const [index, port] of this.#ports.entries()) {
      port.configure(epoch, settingsOfClient(settings, { index, of: this.#ports.length }));
    }
  }

  start({ model, concurrency, ...load }: GroupLoad): void {
    const { statementId, settings, fixed, lease } = load;
    const clients = this.#ports.length;
    const own = fixed.includes(concurrency) ? settings[concurrency] : clients;
    const senders = Math.min(clients, own);
    const dealer = new LeaseDealer(lease, model, senders);
    const shared = new SharedLoad(model, dealer, load.members);
    this.#loads.set(statementId, shared);
    for (const member of load.members) this.#members.set(member.statementId, new SharedMember(clients));
    if (load.written)
      this.#listener.started(
        statementId,
        this.#clock.nowNs(),
        load.members.map(() => []),
      );
    const leases = Array.from({ length: senders }, (_, index) => dealer.first(index));
    const startOn = (port: ClientPort, index: number): void => {
      shared.running++;
      port.start({
        ...load,
        place: { index, of: clients },
        settings: settingsOfClient(settings, { index, of: senders }),
        lease: leases[index] ?? { ...lease, count: 0 },
        more: index < senders && dealer.hasMore,
      });
    };
    const startOnOthers = (): void => {
      for (const [at, port] of this.#ports.slice(1).entries()) startOn(port, at + 1);
    };
    if (!load.written) shared.startOnOthers = startOnOthers;
    startOn(this.#ports[0]!, 0);
    if (load.written) startOnOthers();
    if (clients > 1) this.#shareTimer ??= this.#shareLater();
  }

  tellRequests(wanted: boolean): void {
    for (const port of this.#ports) port.tellRequests(wanted);
  }

  tellFailures(wanted: boolean): void {
    for (const port of this.#ports) port.tellFailures(wanted);
  }

  end(statementId: string): void {
    for (const port of this.#ports) port.end(statementId);
  }

  /** From when on all clients send at the rate. */
  changeRate(statementId: string, rate: number): number {
    const atNs = this.#aheadNs();
    for (const port of this.#ports) port.changeRate(statementId, atNs, rate);
    return atNs;
  }

  /** From when on no client sends anything new. */
  hold(): number {
    const atNs = this.#aheadNs();
    for (const port of this.#ports) port.hold(atNs);
    return atNs;
  }

  /** From when on all clients send again. */
  release(): number {
    const atNs = this.#aheadNs();
    for (const port of this.#ports) port.release(atNs);
    return atNs;
  }

  /** A moment that all clients hear of before it is there, and that comes after the one before. */
  #aheadNs(): number {
    const leadsNs = this.#ports.length > 1 ? leadNs : 0;
    return (this.#changedNs = Math.max(this.#clock.nowNs() + leadsNs, this.#changedNs));
  }

  /** Asks for the deltas of what runs; `collected` follows. Who still owes the last ones is not waited for again. */
  collect(): void {
    if (this.#collecting.size > 0) this.#collected();
    const ports = this.#living();
    for (const [index] of ports) this.#collecting.add(index);
    for (const [, port] of ports) port.collect();
    if (ports.length === 0) this.#collected();
  }

  stop(graceNs: number): void {
    for (const port of this.#ports) port.stop(graceNs);
  }

  passThrough(text: string, settings: Settings): Promise<Answer> {
    return this.#ports[0]!.passThrough(text, settings);
  }

  async close(): Promise<void> {
    this.#shareTimer?.cancel();
    await Promise.all(this.#living().map(([, port]) => port.close()));
  }

  #living(): readonly (readonly [index: number, port: ClientPort])[] {
    return [...this.#ports.entries()].filter(([index]) => !this.#gone.has(index));
  }

  #listenerOf(index: number): ClientListener {
    const listener = this.#listener;
    return {
      confirmed: (epoch) => this.#confirmed(epoch),
      prepared: (statementId, warnings) => this.#prepared(statementId, index, warnings),
      acknowledged: (statementId) => {
        const member = this.#members.get(statementId);
        if (member === undefined || member.acknowledged) return;
        member.acknowledged = true;
        listener.acknowledged(statementId);
      },
      acknowledgedOperations: (statementId, operations) => {
        for (const [other, port] of this.#ports.entries()) {
          if (other !== index) port.acknowledgedElsewhere(statementId, operations);
        }
      },
      leaseWanted: (statementId) =>
        this.#ports[index]!.lease(statementId, this.#loads.get(statementId)!.dealer.next()),
      deltas: (deltas) => {
        for (const each of deltas) listener.deltas(this.#members.get(each.statementId)!.ofAll(each, index));
      },
      collected: (longestStallNs) => {
        this.#longestStallNs = Math.max(this.#longestStallNs, longestStallNs);
        if (this.#collecting.delete(index) && this.#collecting.size === 0) this.#collected();
      },
      lateAnswer: (statementId) => listener.lateAnswer(statementId),
      reprepared: (statementId) => listener.reprepared(statementId),
      nodeChanged: (address, up) => this.#nodeChanged(address, up, index),
      response: (response) => this.#response(response, index),
      errors: (count) => {
        const within = this.#errors <= this.#errorsAtMost;
        this.#errors += count;
        if (within && this.#errors > this.#errorsAtMost) listener.tooManyErrors();
      },
      broken: (message) => {
        this.#gone.add(index);
        listener.broken(message);
        if (this.#collecting.delete(index) && this.#collecting.size === 0) this.#collected();
      },
    };
  }

  /** A node is lost when the first client loses it, and back when the last has it again. */
  #nodeChanged(address: string, up: boolean, index: number): void {
    const without = this.#lostNodes.get(address) ?? new Set();
    this.#lostNodes.set(address, without);
    const before = without.size;
    if (up) without.delete(index);
    else without.add(index);
    if ((before === 0) !== (without.size === 0)) this.#listener.nodeChanged(address, up);
  }

  #confirmed(epoch: number): void {
    const left = this.#unconfirmed.get(epoch)! - 1;
    this.#unconfirmed.set(epoch, left);
    if (left > 0) return;
    this.#unconfirmed.delete(epoch);
    this.#listener.confirmed(epoch);
  }

  /** Has all begin at the same time once all are ready: their pacers count from one zero. */
  #prepared(statementId: string, index: number, warnings: readonly (readonly string[])[]): void {
    const load = this.#loads.get(statementId)!;
    load.ready.push(index);
    if (index === 0) load.startOnOthers();
    if (load.error !== undefined) {
      this.#ports[index]!.begin(statementId, undefined);
      return;
    }
    if (load.ready.length < this.#ports.length) return;
    const isFar = this.#ports.length > 1 && load.model === 'open';
    const startNs = this.#clock.nowNs() + (isFar ? leadNs : 0);
    this.#listener.started(statementId, startNs, warnings);
    for (const port of this.#ports) port.begin(statementId, startNs);
  }

  #response({ statementId, ended }: Response, index: number): void {
    if (ended === undefined) return;
    const load = this.#loads.get(statementId)!;
    for (const each of ended.deltas)
      this.#listener.deltas(this.#members.get(each.statementId)!.ofAll(each, index));
    if (ended.error !== undefined && load.error === undefined) {
      load.error = ended.error;
      for (const ready of load.ready) this.#ports[ready]!.begin(statementId, undefined);
    }
    load.running--;
    if (load.running > 0) return;
    this.#loads.delete(statementId);
    for (const member of load.members) this.#members.delete(member.statementId);
    this.#listener.ended(statementId, load.error);
  }

  #collected(): void {
    this.#collecting.clear();
    const longestStallNs = this.#longestStallNs;
    this.#longestStallNs = 0;
    this.#listener.collected(longestStallNs);
  }

  #shareLater(): Timer {
    return this.#clock.at(this.#clock.nowNs() + shareEveryNs, () => {
      for (const port of this.#ports) port.shareAcknowledged();
      this.#shareTimer = this.#loads.size > 0 ? this.#shareLater() : undefined;
    });
  }
}

/** What the group knows of a statement that runs. */
class SharedLoad {
  readonly model: 'open' | 'closed';
  readonly dealer: LeaseDealer;
  /** Clients that are ready to begin. */
  readonly ready: number[] = [];
  /** Has the other clients start it, once the first is ready: what has to be made for it is made by one. */
  startOnOthers = (): void => {};
  /** Clients that have started it and not ended it. */
  running = 0;
  error: TargetError | undefined;
  readonly members: readonly StartMember[];

  constructor(model: 'open' | 'closed', dealer: LeaseDealer, members: readonly StartMember[]) {
    this.model = model;
    this.dealer = dealer;
    this.members = members;
  }
}

/** What the group knows of an INSERT or QUERY that runs, by itself or in a MIX. */
class SharedMember {
  acknowledged = false;
  readonly #inFlight: number[];
  #firstNs: number | undefined;
  #lastNs = 0;

  constructor(clients: number) {
    this.#inFlight = Array.from({ length: clients }, () => 0);
  }

  /** A client's deltas, with what is true of all now. */
  ofAll(deltas: LoadDeltas, client: number): LoadDeltas {
    this.#inFlight[client] = deltas.inFlight;
    this.#lastNs = Math.max(this.#lastNs, deltas.lastNs);
    if (deltas.firstNs !== undefined) this.#firstNs = Math.min(this.#firstNs ?? Infinity, deltas.firstNs);
    const inFlight = this.#inFlight.reduce((sum, each) => sum + each, 0);
    return { ...deltas, inFlight, firstNs: this.#firstNs, lastNs: this.#lastNs };
  }
}
