import { UsageError } from './usage-error.ts';

/** What is ours among the words of a command line of cassandra-stress. */
export interface StressFlags {
  readonly printScript: boolean;
  readonly rehearse: boolean;
  readonly out: string;
  /** Where to report; false: nowhere. */
  readonly report: string | false;
}

const switches = new Set(['--print-script', '--rehearse']);
const values = new Set(['--out', '--report']);

/** Takes our flags out, wherever they stand; the other words are left as they are. Throws UsageError. */
export function readStressFlags(given: readonly string[]): {
  readonly words: readonly string[];
  readonly flags: StressFlags;
} {
  const words: string[] = [];
  const found = new Map<string, string>();
  for (let at = 0; at < given.length; at++) {
    const word = given[at]!;
    const [name, inline] = word.split(/=(.*)/s) as [string, string?];
    if (switches.has(word)) found.set(word, '');
    else if (values.has(name)) {
      const value = inline ?? given[++at];
      if (value === undefined || value === '') throw new UsageError(`${name} needs a value`);
      found.set(name, value);
    } else words.push(word);
  }
  return {
    words,
    flags: {
      printScript: found.has('--print-script'),
      rehearse: found.has('--rehearse'),
      out: found.get('--out') ?? 'stressql-runs',
      report: found.get('--report') ?? false,
    },
  };
}
