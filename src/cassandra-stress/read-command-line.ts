import { readDistribution, DistributionError } from '../statement/template/stress/distribution.ts';
import { helpText, printGroup, usageLine } from './help.ts';
import { matchOptions } from './match-options.ts';
import { printDistribution } from './print-distribution.ts';
import { readSettings, type ReadFile } from './read-settings.ts';
import { Refusal } from './refusal.ts';
import type { StressSettings } from './settings.ts';
import { splitWords, type Words } from './words.ts';

/** What a command line asks for. */
export type CommandLine =
  | { readonly kind: 'run'; readonly settings: StressSettings }
  /** To be printed; exit code 0. */
  | { readonly kind: 'text'; readonly text: string }
  /** Exit code 1. `usage`: one line that fits. */
  | { readonly kind: 'refused'; readonly reason: string; readonly usage: string };

/**
 * What the arguments of cassandra-stress ask for: to run, or a text (`help`, `help -rate`, `print dist=…`, `version`);
 * else why they are refused. Never throws for what they say. `version`: that of this program.
 */
export function readCommandLine(
  words: readonly string[],
  { readFile, version }: { readonly readFile: ReadFile; readonly version: string },
): CommandLine {
  try {
    const groups = splitWords(words);
    const text = specialText(groups, version);
    if (text !== undefined) return { kind: 'text', text };
    return { kind: 'run', settings: readSettings(groups, readFile) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const usage = error.usage ?? 'Usage: cassandra-stress <command> [options]';
    return { kind: 'refused', reason: error.message, usage };
  }
}

function specialText(groups: Words, version: string): string | undefined {
  const help = groups.get('help') ?? groups.get('-?') ?? groups.get('--help');
  if (help !== undefined) return helpOf(groups, help);
  const print = groups.get('print');
  if (print !== undefined) return printOf(print);
  return groups.has('version') || groups.has('--version') ? `Version: ${version}\n` : undefined;
}

/** `help -rate` and `help rate` say the same; `-rate --help` does, too. */
function helpOf(groups: Words, words: readonly string[]): string {
  const others = [...groups.keys()].filter((name) => !['help', '-?', '--help'].includes(name));
  const [name, ...rest] = [...words, ...others];
  if (rest.length > 0) {
    throw new Refusal(
      'Invalid command/option provided to help',
      'Usage: cassandra-stress help <command|option>',
    );
  }
  const text = helpText(name) ?? helpText(`-${name}`);
  if (text !== undefined) return text;
  throw new Refusal(
    'Invalid command or option provided to command help',
    'Usage: cassandra-stress help <command|option>',
  );
}

function printOf(words: readonly string[]): string {
  const usage = usageLine('print', printGroup.alternatives[0]!);
  const text = matchOptions(printGroup, words).value('dist=');
  if (text === undefined)
    throw new Refusal('Invalid print options provided, see output for valid options', usage);
  try {
    return printDistribution(readDistribution(text));
  } catch (error) {
    if (error instanceof DistributionError) throw new Refusal(error.message, usage);
    throw error;
  }
}
