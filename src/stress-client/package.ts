import type { MixShares } from './mix-order.ts';
import type { PacerStage } from './pacer.ts';
import { operationsOf, type Plan } from './plan.ts';
import type { CheckResult, StatementIdentity, Tally } from './results.ts';
import type { SettingName, Settings } from './settings.ts';
import type { Tracer } from './tracer.ts';

/** Operations first, first + stride, … of one plan, `count` of them (which may be Infinity). */
export interface Lease {
  readonly first: number;
  readonly stride: number;
  readonly count: number;
}

/** All operations of a plan. */
export function wholeLease(items: number, batchSize: number): Lease {
  return { first: 0, stride: 1, count: operationsOf(items, batchSize) };
}

/** An INSERT or QUERY as the engine sees it: a plan, and how much of it is asked, when. */
export interface Load {
  readonly identity: StatementIdentity;
  readonly plan: Plan;
  /** As they stand where the statement starts, its WITH applied. */
  readonly settings: Settings;
  /** Live settings that WITH fixes. A concurrency among them gives the statement a pool of its own. */
  readonly fixed: ReadonlySet<SettingName>;
  /** Declared items; Infinity where only time ends the statement. In a MIX those of all its operations, as if they were its own. */
  readonly items: number;
  /** Bounds intended starts in an open model, sends in a closed one. */
  readonly durationNs: number | undefined;
  /** Empty: closed model. */
  readonly stages: readonly (PacerStage & { readonly text: string })[];
  readonly warmup: { readonly items: number } | { readonly durationNs: number } | undefined;
  /** Sends nothing; its items count as acknowledged at once. */
  readonly written: boolean;
  /** Name of the INSERT whose acknowledged items a templated query is about. */
  readonly companion: string | undefined;
  /** Its place in a MIX, whose members all have the same schedule: its rates, and WARMUP, count operations. */
  readonly mix?: { readonly shares: MixShares; readonly member: number };
  /** How the statement's EXPECT comes out on what was measured so far. */
  checks(tally: Tally, seconds: number): readonly CheckResult[];
  /** Stop the run as soon as a check fails, not before so many nanoseconds. */
  readonly abort: { readonly afterNs: number } | undefined;
}

/** A lease on the operations of a plan. */
export interface LeasePackage {
  readonly kind: 'lease';
  readonly statementId: string;
  readonly tracer: Tracer;
  /** One, or the members of a MIX in their order. */
  readonly loads: readonly Load[];
  readonly lease: Lease;
}

/** One piece of pass-through text. */
export interface TextPackage {
  readonly kind: 'text';
  readonly statementId: string;
  readonly tracer: Tracer;
  readonly text: string;
  readonly settings: Settings;
}

/** What a statement sends through the hub. Threads, shards, resuming and reclaiming are all this one value. */
export type Package = LeasePackage | TextPackage;
