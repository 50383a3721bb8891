import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CassandraTable } from '../cassandra-table.ts';
import type { BenchMeans, Comparison, Contestant, Outcome } from '../comparison.ts';
import { startCqlResponder } from '../responder.ts';
import { runStressql } from '../stressql-run.ts';

const keyspace = 'stressql_bench';
const perSecond = 10_000;

export const statements: Comparison = {
  name: 'statements',
  title: 'Statements at once',
  about:
    'CQL writes at 10,000/s to the practice server, from one statement or from 200 that run at once and share the rate: what a statement more costs.',
  columns: [
    { key: 'residentMb', title: 'resident MB', digits: 0 },
    { key: 'ownCpuUs', title: 'clientCpuNs, µs/op', digits: 2 },
    { key: 'latenessP50Ms', title: 'lateness p50 ms, the worst statement', digits: 2 },
    { key: 'latenessP99Ms', title: 'lateness p99 ms, the worst statement', digits: 2 },
  ],
  contestants: async (bench) => [await atOnce(bench, 1), await atOnce(bench, 200)],
};

async function atOnce(bench: BenchMeans, count: number): Promise<Contestant> {
  const responder = await startCqlResponder({ store: false });
  const table = await CassandraTable.create(responder.address, keyspace);
  const name = `${count}-at-once.sql`;
  const script = join(bench.folder, name);
  await writeFile(script, scriptOf(count, bench.size.seconds));
  return {
    name: count === 1 ? '1 statement' : `${count} statements`,
    async measure(): Promise<Outcome> {
      const before = await responder.writes();
      const run = await runStressql(bench, script, { HOST: responder.address, KEYSPACE: keyspace });
      const worst = (percentile: 'p50' | 'p99'): number =>
        Math.max(...run.loads.map(({ times }) => times.lateness?.percentilesNs[percentile] ?? 0)) / 1e6;
      const { acknowledged, note, command } = run;
      return {
        figures: { ...run.figures, latenessP50Ms: worst('p50'), latenessP99Ms: worst('p99') },
        counts: { acknowledged, stored: (await responder.writes()) - before },
        command: command.replace(script, name),
        ...(note !== undefined && { note }),
      };
    },
    async close() {
      await table.drop();
      await responder.close();
    },
  };
}

function scriptOf(count: number, seconds: number): string {
  const block = (index: number): string =>
    `GO INSERT write${index}
INSERT INTO standard1 (key, "C0", "C1", "C2", "C3", "C4")
VALUES ([blob hash(10)], [blob rand(34)], [blob rand(34)], [blob rand(34)], [blob rand(34)], [blob rand(34)])
AT ${perSecond / count}/s FOR ${seconds}s
`;
  return `SET Target [cql]
SET Addresses [\${HOST}]
SET Keyspace [\${KEYSPACE}]
SET Workers [1]
SET WriteConcurrency [128]

${Array.from({ length: count }, (_, index) => block(index)).join('\n')}
WAIT
`;
}
