import type { ClientPlace } from './client-share.ts';
import type { LoadDeltas } from './load-deltas.ts';
import type { MixShares } from './mix-order.ts';
import type { PacerStage } from './pacer.ts';
import type { Lease } from './package.ts';
import type { Response } from './response.ts';
import type { SettingName, Settings } from './settings.ts';
import type { Answer, ServerInfo, TargetError } from './target/target.ts';

/*
 * What hub and client say to each other. Everything that crosses is plain serialisable data, so that a client
 * may live in another thread. Plans do not cross: a client looks its own up by the statement's id.
 */

/** An INSERT or QUERY of what is started: all there is, or one of a MIX. */
export interface StartMember {
  readonly statementId: string;
  /** Declared; of a member of a MIX as many as if all operations were its own. */
  readonly items: number;
  /** The INSERT whose acknowledged items its queries are about. */
  readonly companionId: string | undefined;
}

/** Start a statement. */
export interface StartLoad {
  readonly statementId: string;
  readonly place: ClientPlace;
  readonly settings: Settings;
  readonly fixed: readonly SettingName[];
  readonly members: readonly StartMember[];
  /** How its members share its operations; absent where there is one. */
  readonly mix?: MixShares;
  /** What is paced: items of an INSERT or QUERY, operations of a MIX; its rates are of these. */
  readonly items: number;
  readonly durationNs: number | undefined;
  readonly stages: readonly PacerStage[];
  readonly warmup: { readonly items: number } | { readonly durationNs: number } | undefined;
  readonly written: boolean;
  readonly lease: Lease;
  /** Whether further leases may be asked for. */
  readonly more: boolean;
}

/** The hub's side of a client. Slots and connections in settings are the client's share. */
export interface ClientPort {
  open(): Promise<readonly ServerInfo[] | TargetError>;
  /** Live settings from now on; confirmed by `confirmed`. */
  configure(epoch: number, settings: Settings): void;
  /** Makes ready to send; `prepared` or a Response follows. */
  start(load: StartLoad): void;
  /** Sends from `startNs` on, its pacer's zero, once prepared; with undefined it ends without. */
  begin(statementId: string, startNs: number | undefined): void;
  /** A lease that was wanted; undefined when none is left. */
  lease(statementId: string, lease: Lease | undefined): void;
  /** Asks which operations were acknowledged since it was last asked, of statements that it shares with others. */
  shareAcknowledged(): void;
  /** Other clients had these acknowledged. */
  acknowledgedElsewhere(statementId: string, operations: Float64Array): void;
  /** Whether deltas have a row an operation from now on; they do not at first. */
  tellRequests(wanted: boolean): void;
  /** Whether deltas have the operations of statements that start from now on and are not acknowledged; they do not at first. */
  tellFailures(wanted: boolean): void;
  /** Sends nothing more of a statement; what is in flight is awaited, and what is due and unsent is not asked. */
  end(statementId: string): void;
  /** Another rate for an open model from `atNs` on, to its end. */
  changeRate(statementId: string, atNs: number, rate: number): void;
  /** Sends nothing new from `atNs` on, until `release`: no time passes for what is due. */
  hold(atNs: number): void;
  release(atNs: number): void;
  /** Asks for the deltas of what runs; `collected` follows them. */
  collect(): void;
  /** Sends nothing more; what is in flight has so long, the rest is then unknown. A second call shortens it. */
  stop(graceNs: number): void;
  passThrough(text: string, settings: Settings): Promise<Answer>;
  close(): Promise<void>;
}

/** The client's side of the hub. */
export interface ClientListener {
  confirmed(epoch: number): void;
  /** Ready to begin. `warnings` are what the target says about it, or about each member of a MIX. */
  prepared(statementId: string, warnings: readonly (readonly string[])[]): void;
  /** The first of the statement's operations was acknowledged; where it is shared, after telling which. */
  acknowledged(statementId: string): void;
  acknowledgedOperations(statementId: string, operations: Float64Array): void;
  leaseWanted(statementId: string): void;
  deltas(deltas: readonly LoadDeltas[]): void;
  /** All deltas that were asked for are told; with the longest time since then in which the client's loop stood still. */
  collected(longestStallNs: number): void;
  lateAnswer(statementId: string): void;
  reprepared(statementId: string): void;
  /** A node can't be reached any more, or can again. */
  nodeChanged(address: string, up: boolean): void;
  response(response: Response): void;
  /** So many more operations failed or stayed unknown. A client that alone has more than MaxErrors has stopped itself. */
  errors(count: number): void;
  /** It can't go on, by a fault of ours. */
  broken(message: string): void;
}
