import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchMeans, Comparison, Contestant } from '../comparison.ts';
import { runMeasured } from '../measured-process.ts';

const statementsAtMost = 100_000;

export const longScript: Comparison = {
  name: 'script',
  title: 'A script of 100,000 statements',
  about: 'SET, INSERT, QUERY, and a text passed on, 25,000 of each; in the quick form fewer.',
  columns: [
    { key: 'wallMs', title: 'ms', digits: 0 },
    { key: 'cpuMs', title: 'CPU ms', digits: 0 },
    { key: 'residentMb', title: 'resident MB', digits: 0 },
  ],
  async contestants(bench) {
    const statements = Math.min(statementsAtMost, bench.size.operations);
    const script = join(bench.folder, 'long.sql');
    await writeFile(script, scriptOf(statements));
    return [command(bench, ['check'], script), command(bench, ['parse', '--format', 'text'], script)];
  },
};

function command(bench: BenchMeans, words: readonly string[], script: string): Contestant {
  return {
    name: words.join(' '),
    async measure() {
      const { wallNs, cpuNs, residentBytes } = await runMeasured([...bench.stressql, ...words, script]);
      return {
        figures: { wallMs: wallNs / 1e6, cpuMs: cpuNs / 1e6, residentMb: residentBytes / 1e6 },
        command: `npx stressql ${words.join(' ')} long.sql`,
      };
    },
  };
}

function scriptOf(statements: number): string {
  const block = (index: number): string =>
    `SET BatchSize [${1000 + (index % 1000)}]

INSERT load${index}
cpu${index % 100},
host=server-[int inc(0) 1000],region=us-[west|east]
value=[float rand(1000)],count=[int inc(${index})]
100000 10s

QUERY ask${index} OF load${index}
SELECT mean(value) FROM cpu${index % 100} WHERE %t
DO 10

SHOW FIELD KEYS FROM cpu${index % 100}
`;
  return Array.from({ length: Math.ceil(statements / 4) }, (_, index) => block(index)).join('\n');
}
