import { readFileSync } from 'node:fs';

/** What the real tool answered, as `scripts/cassandra-stress/record.ts` wrote it down. */
export interface RecordedLines {
  readonly version: string;
  /** The settings of `write n=5`: name of a section, its lines. */
  readonly base: Readonly<Record<string, readonly string[]>>;
  readonly lines: readonly RecordedLine[];
}

export interface RecordedLine {
  readonly line: string | readonly string[];
  /** Why it was refused. */
  readonly refusal?: string;
  /** The sections of its settings that differ from `base`. */
  readonly sections?: Readonly<Record<string, readonly string[]>>;
  /** Sections of `base` that it does not have. */
  readonly absent?: readonly string[];
}

export interface RecordedData {
  readonly version: string;
  readonly draws: readonly {
    readonly spec: string;
    readonly seed: string;
    readonly values: readonly number[];
  }[];
  /** Lowest, highest and average value. */
  readonly bounds: readonly { readonly spec: string; readonly values: readonly number[] }[];
  readonly bytes: readonly {
    readonly name: string;
    readonly size: string;
    readonly seed: string;
    readonly hex: string;
  }[];
}

export interface RecordedHelp {
  readonly version: string;
  readonly help: readonly { readonly words: readonly string[]; readonly printed: string }[];
  readonly print: readonly { readonly spec: string; readonly printed: string }[];
}

export interface RecordedStatements {
  readonly version: string;
  readonly rows: readonly { readonly line: string | readonly string[]; readonly text: string }[];
}

export function recorded(name: 'command-lines'): RecordedLines;
export function recorded(name: 'data'): RecordedData;
export function recorded(name: 'help'): RecordedHelp;
export function recorded(name: 'statements'): RecordedStatements;
export function recorded(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8'));
}
