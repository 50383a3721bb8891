import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchMeans, Comparison, Contestant, RunSize } from '../comparison.ts';
import { atResponder, responderKeyspace as keyspace } from '../contestants/at-responder.ts';
import { ownStress, stressWords } from '../contestants/cql-tools.ts';
import { runMeasured } from '../measured-process.ts';
import { measureTool, type ToolRun } from '../measure-tool.ts';
import { runStressql, shown } from '../stressql-run.ts';

const sequence = 'seq=1..1000000000';

export const stressParts: Comparison = {
  name: 'cassandra-stress-parts',
  title: 'cassandra-stress write, part by part, practice server without a store',
  about:
    'What `cassandra-stress write` costs beside its own script, and beside a script whose rows cost little; and what a row of each costs alone, sent nowhere. What remains of a run without its row is what sending costs; the script with cheap rows shows it without a difference.',
  columns: [
    { key: 'cpuUs', title: 'CPU µs/op', digits: 2 },
    { key: 'perSecond', title: 'op/s', digits: 0 },
  ],
  async contestants(bench) {
    return [
      await atResponder(bench, 'stressql cassandra-stress', {}, (address, size) =>
        ownStress(bench, address).write(keyspace, size),
      ),
      await atResponder(bench, 'its script, run', {}, async (address, size) =>
        runStressql(bench, await scriptOf(bench, address, size), {}),
      ),
      await atResponder(bench, 'its script with rows as in cql-write.sql, run', {}, async (address, size) =>
        runStressql(bench, await scriptOf(bench, address, size, cheaperRows), {}),
      ),
      await atResponder(bench, 'cql-write.sql, run', {}, (address, { operations, seconds }) =>
        runStressql(bench, 'cql-write', {
          HOST: address,
          KEYSPACE: keyspace,
          OPERATIONS: operations,
          SECONDS: `${seconds}s`,
        }),
      ),
      makingRows(bench, 'a row of cassandra-stress, alone', async (size) => [
        await scriptOf(bench, '127.0.0.1:9042', size),
      ]),
      makingRows(bench, 'a row of cql-write.sql, alone', async () => [
        'bench/profiles/cql-write.sql',
        'HOST=127.0.0.1',
        `KEYSPACE=${keyspace}`,
      ]),
    ];
  },
};

function makingRows(
  bench: BenchMeans,
  name: string,
  profile: (size: RunSize) => Promise<readonly [path: string, ...parameters: string[]]>,
): Contestant {
  const run = async (each: RunSize): Promise<ToolRun> => {
    const numbers = [each.operations, each.seconds].map(String);
    const words = ['bench/processes/rows.ts', ...numbers, ...(await profile(each))];
    const { stdout, cpuNs } = await runMeasured([process.execPath, ...words]);
    const told = JSON.parse(stdout) as Pick<ToolRun, 'acknowledged' | 'perSecond'>;
    return { ...told, cpuNs, command: shown(bench, `npx node ${words.join(' ')}`) };
  };
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    name,
    measure: () => measureTool(bench.size, run, nothing, ({ acknowledged }) => Promise.resolve(acknowledged)),
  };
}

function cheaperRows(script: string): string {
  return script.replaceAll(/stress\('C\d', 34\)/g, 'rand(34)').replaceAll("stresskey('key', 10)", 'hash(10)');
}

/** The path of the script that the command line of the first contestant is, without what it sleeps. */
async function scriptOf(
  bench: BenchMeans,
  address: string,
  size: RunSize,
  change = (script: string): string => script,
): Promise<string> {
  const words = stressWords('write', keyspace, address, size, sequence);
  const { stdout } = await runMeasured([...bench.stressql, 'cassandra-stress', ...words, '--print-script']);
  const path = join(bench.folder, 'write.sql');
  await writeFile(path, change(stdout.replaceAll(/^WAIT .*\n/gm, '')));
  return path;
}
