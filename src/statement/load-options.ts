import type { Check } from '../parser/ast.ts';
import type { SettingName, Settings } from '../stress-client/settings.ts';
import type { Distribution } from './template/stress/distribution.ts';
import type { Ratio } from './template/stress/ratio.ts';

/** What the clauses of an INSERT, QUERY or MIX come to, once parameters are bound. */
export interface LoadOptions {
  /** Declared items (DO or the bare count), of a MIX operations; Infinity where only time ends the statement. */
  readonly items: number;
  /** A FOR of its own; bounds intended starts in an open model, sends in a closed one. */
  readonly durationNs: number | undefined;
  /** Time between turns of the odometer. */
  readonly stepNs: number;
  /** Empty: closed model. */
  readonly stages: readonly StageOption[];
  /** The first items, or those that are meant to start in the first nanoseconds, are sent and counted apart. */
  readonly warmup: { readonly items: number } | { readonly durationNs: number } | undefined;
  readonly pick:
    | { readonly distribution: 'uniform' | 'latest' | 'each' }
    | { readonly distribution: 'zipf'; readonly exponent: number };
  /** Sends nothing: an earlier run with the same seed has loaded the items. */
  readonly written: boolean;
  /** Which index each item has; undefined: its own number. */
  readonly population: PopulationOption | undefined;
  /** What each operation of an INSERT writes, where its items are partitions. */
  readonly partitions: PartitionsOption | undefined;
  /** Columns of SERIES. */
  readonly series: readonly string[] | undefined;
  /** Settings that WITH fixes for this statement. */
  readonly fixed: ReadonlySet<SettingName>;
  /** TAG clauses. */
  readonly tags: Readonly<Record<string, string>>;
  readonly checks: readonly BoundCheck[];
  /** EXPECT … ABORT: stop the run as soon as a check fails, not before so many nanoseconds. */
  readonly abort: { readonly afterNs: number } | undefined;
}

/** How a MIX shares its operations. */
export interface MixOptions {
  /** Of each member, above 0. */
  readonly weights: readonly number[];
  /** How many operations of one member follow each other; undefined: one. */
  readonly cluster: Distribution | undefined;
}

/** POPULATION. */
export interface PopulationOption {
  /** Of whole numbers from 0 on. */
  readonly distribution: Distribution;
  /** The statement that draws, or the MIX for all of its members: the same draws have the same name. */
  readonly drawnBy: string;
  /** As written, such as `gaussian(1..1000)`. */
  readonly text: string;
  readonly lookback: LookbackOption | undefined;
}

/** LOOKBACK, of one member of a MIX. */
export interface LookbackOption {
  /** Of whole numbers from 0 on. */
  readonly distribution: Distribution;
  readonly mix: MixOptions;
  /** Of each member: whether it is an INSERT. */
  readonly writes: readonly boolean[];
  readonly isWrite: boolean;
}

/** PARTITIONS. */
export interface PartitionsOption {
  /** How many an operation writes. */
  readonly distribution: Distribution;
  /** Undefined where a visit writes all that is to be written of a partition. */
  readonly visits: VisitsOption | undefined;
  /** Of the rows of a partition. */
  readonly share: Ratio;
  /** Of the value columns of a row. */
  readonly columns: Ratio;
  readonly batch: 'logged' | 'unlogged' | 'counter';
}

/** VISITS. */
export interface VisitsOption {
  readonly distribution: Distribution;
  /** So many neighbouring partitions take turns, from 1. */
  readonly over: number;
}

/** Rates are items a second. */
export interface StageOption {
  readonly rate: number;
  /** Where a ramp ends. */
  readonly toRate: number | undefined;
  /** Undefined only in the last stage. */
  readonly durationNs: number | undefined;
  /** As written. */
  readonly text: string;
}

export interface BoundCheck {
  readonly check: Check;
  /** Nanoseconds, a count, a share of 1 (error_rate) or items a second, as the metric asks. */
  readonly limit: number;
  /** As written, such as `p99 < 20ms`. */
  readonly text: string;
}

/** Checks that hold for a run besides those of its script. */
export interface Expectation {
  /** Of the INSERTs and QUERYs of this name; of all where it is undefined. */
  readonly name: string | undefined;
  readonly checks: readonly BoundCheck[];
}

/** What compiling a template needs besides the statement itself. */
export interface TemplateContext {
  readonly seed: number;
  /** As they stand where the statement starts, its WITH applied. */
  readonly settings: Settings;
  /** Start of the run, milliseconds since 1970: what `StartDate [now]` means. */
  readonly startMs: number;
  readonly compatibility: 'influx-v2' | undefined;
  /** Reads a file for `file()`, from the profile's folder or below. */
  readFile(name: string): { readonly text: string } | { readonly problem: string };
}
