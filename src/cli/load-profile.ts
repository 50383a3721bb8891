import type { DiagnosticCode } from '../lexer/diagnostic-codes.ts';
import type { Diagnostic } from '../lexer/diagnostic.ts';
import { BoundScript } from '../parser/bound-script.ts';
import { byPlace } from '../parser/parse.ts';
import type { SecretText } from '../parser/secret-texts.ts';
import { analyse } from '../statement/analyse.ts';
import type { Analysis, StatementReader } from '../statement/analyse.ts';
import type { Expectation } from '../statement/load-options.ts';
import { secretWarnings, warningsOf } from '../statement/warnings.ts';
import { boundingYoungGeneration } from './bounded-young-generation.ts';
import { ProfileFiles } from './profile-files.ts';

/** What decides how a profile is read, the same for every command. */
export interface ProfileOptions {
  readonly parameters: ReadonlyMap<string, string>;
  readonly seed: number | undefined;
  readonly startMs: number;
  readonly compatibility: 'influx-v2' | undefined;
  /** Of --expect. */
  readonly expectations?: readonly Expectation[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Profile {
  readonly files: ProfileFiles;
  /** Texts of the script that may hold a secret, as written: with their parameters. */
  readonly secrets: readonly SecretText[];
  readonly analysis: Analysis;
  /** Errors and warnings in the order of the source. */
  readonly diagnostics: readonly Diagnostic[];
  readonly hasErrors: boolean;
  /** Names that the script reads from the environment. */
  readonly environmentNames: readonly string[];
}

/** Diagnostics of one statement that depend on another: an INSERT, a GO. */
const aboutOthers: ReadonlySet<DiagnosticCode> = new Set(['C016', 'C017', 'C018', 'T020']);

/**
 * Reads, parses, binds and analyses a profile, without the network; its files where `texts` of them are not given.
 * Throws UsageError where a file can't be read.
 */
export function loadProfile(
  paths: readonly string[],
  options: ProfileOptions,
  texts?: readonly string[],
): Profile {
  const files = new ProfileFiles(paths, texts);
  const script = new BoundScript(files.sources, options.parameters, options.environment);
  const { parameters, secrets } = script;
  const reader: StatementReader = {
    [Symbol.iterator]: () => boundingYoungGeneration(script),
    again: (span) => script.again(span),
  };
  const analysis = analyse(reader, files.sources, { ...options, readFile: files.readFile });
  // A statement that could not be read is not in the script: what others say about it would be wrong.
  const isParsed = !script.diagnostics.some(({ severity }) => severity === 'error');
  const isWhole = isParsed && parameters.diagnostics.length === 0;
  const diagnostics = [
    ...script.diagnostics,
    ...parameters.diagnostics,
    ...(isParsed ? parameters.unused() : []),
    ...analysis.diagnostics.filter(({ code }) => isWhole || !aboutOthers.has(code)),
    ...secretWarnings(secrets),
    ...warningsOf(analysis),
  ].sort(byPlace);
  return {
    files,
    secrets,
    analysis,
    diagnostics,
    hasErrors: diagnostics.some(({ severity }) => severity === 'error'),
    environmentNames: parameters.environmentNames,
  };
}
