import { createHash } from 'node:crypto';
import type { Source } from '../../lexer/source.ts';
import type { MachineFacts } from '../../reporting/machine.ts';
import type { InsertStep, QueryStep } from '../../statement/analyse.ts';
import type { Round } from './rounds.ts';

/** Rounds that the measured time is divided into. */
export const roundCount = 5;
/** Of the measured time, in front of it: compilers, caches and connections get ready. */
export const warmupShare = 0.5;
/** Of what a thread offers: above it the client's own delays may show in the figures. */
export const shareAtMost = 0.7;

/** What one thread did as fast as it could. */
export interface Figures {
  readonly operationsPerSecond: number;
  readonly itemsPerSecond: number;
  /** Bodies (InfluxDB) or frames (CQL). */
  readonly requestBytesPerSecond: number;
  /** Processor time of the client process, all its threads. */
  readonly cpuNsPerOperation: number;
  readonly cpuNsPerItem: number;
  /** Processors that the client kept busy: 1 is a thread that had no time left. */
  readonly processorsBusy: number;
  readonly rounds: number;
  /** Of the slowest and the fastest round. */
  readonly operationsPerSecondRange: readonly [slowest: number, fastest: number];
}

/** An INSERT or QUERY, by itself. */
export interface StatementCalibration {
  /** From 1, in script order. */
  readonly position: number;
  readonly kind: 'insert' | 'query';
  readonly name: string;
  /** First line of the statement, secrets cut out. */
  readonly text: string;
  /** Such as `profile.sql:12`. */
  readonly place: string;
  /** Of the script file that it stands in, and where in it. */
  readonly sourceSha256: string;
  readonly sourceOffset: number;
  readonly itemName: 'point' | 'row' | 'partition' | 'query';
  /** Items an operation. */
  readonly batchSize: number;
  /** Operations in flight. */
  readonly slots: number;
  readonly sink?: Figures;
  /** Absent where the target is a sink. */
  readonly practice?: Figures;
  /** Items a second that fill one thread's processor time; absent where nothing was measured. */
  readonly offeredPerSecond?: number;
  /** Items a second of the fastest AT; absent in a closed model. */
  readonly askedPerSecond?: number;
  /** Why it could not be measured, or not as it should be. */
  readonly problem?: string;
}

/** What a machine can offer, by the statements of a profile. */
export interface Calibration {
  readonly schemaVersion: 1;
  /** Of stressql. */
  readonly version: string;
  readonly host: string;
  readonly machine: MachineFacts;
  /** Milliseconds since 1970. */
  readonly calibratedMs: number;
  readonly target: 'influx' | 'cql' | 'sink';
  /** That each statement was measured for, against each target, the warm-up apart. */
  readonly seconds: number;
  readonly statements: readonly StatementCalibration[];
}

/**
 * The rate is that of the median round: what the machine does as a rule. The fastest round is one that nothing else
 * disturbed, which no run can count on. Costs are those of all rounds together, since what else ran has little
 * part in them; so is the rate where most rounds are too short for an operation. Undefined without an operation.
 */
export function figuresOf(rounds: readonly Round[]): Figures | undefined {
  const rates = rounds.map((round) => round.operations / secondsOf(round)).sort((one, other) => one - other);
  const medianRate = rates[Math.floor((rates.length - 1) / 2)];
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  const operations = sum((round) => round.operations);
  const items = sum((round) => round.items);
  if (operations === 0) return undefined;
  const cpuNs = sum((round) => round.cpuNs);
  const seconds = sum(secondsOf);
  const rate = medianRate || operations / seconds;
  return {
    operationsPerSecond: rate,
    itemsPerSecond: (rate * items) / operations,
    requestBytesPerSecond: (rate * sum((round) => round.requestBytes)) / operations,
    cpuNsPerOperation: cpuNs / operations,
    cpuNsPerItem: cpuNs / items,
    processorsBusy: cpuNs / 1e9 / seconds,
    rounds: rounds.length,
    operationsPerSecondRange: [rates[0]!, rates.at(-1)!],
  };
}

/**
 * What one thread offers of a statement: as many items a second as fill a processor's time at what they cost over
 * sockets. The rate against the practice server may be no more than what that one can take.
 */
export function offeredPerSecond(sink: Figures, practice: Figures | undefined): number {
  return 1e9 / Math.max(sink.cpuNsPerItem, practice?.cpuNsPerItem ?? 0);
}

/** What names a script file in calibrations, wherever it lies and whatever runs beside it. */
export function sourceSha256({ text }: Source): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The highest rate that stages of an AT ask for; undefined in a closed model. */
export function askedPerSecond(
  stages: readonly { readonly rate: number; readonly toRate: number | undefined }[],
): number | undefined {
  if (stages.length === 0) return undefined;
  return Math.max(...stages.map(({ rate, toRate }) => Math.max(rate, toRate ?? 0)));
}

/** Items a second that a statement, or its share of a MIX, asks for at the most; undefined in a closed model. */
export function askedItemsPerSecond({ options, mix, batchSize }: InsertStep | QueryStep): number | undefined {
  const asked = askedPerSecond(options.stages);
  // A MIX is paced by operations.
  return mix === undefined || asked === undefined ? asked : asked * mix.share * batchSize;
}

function secondsOf({ startNs, endNs }: Round): number {
  return (endNs - startNs) / 1e9;
}
