import { CassandraTable } from '../cassandra-table.ts';
import type { Comparison, Contestant, Outcome } from '../comparison.ts';
import { driverLoop } from '../contestants/cql-tools.ts';
import { runMeasured } from '../measured-process.ts';
import { startCqlResponder, startWriteResponder } from '../responder.ts';
import { runStressql } from '../stressql-run.ts';

const keyspace = 'stressql_bench';
const one = { operations: 1, seconds: 60 };

export const startUp: Comparison = {
  name: 'start-up',
  title: 'Start-up',
  about:
    'From the start of the process to its end, or to the moments when the run has read its profile and when the first operation is sent: between them its folder is made, and the load thread loads the target’s code, connects and prepares. The other side is on this machine and does next to nothing. What cassandra-driver needs to connect is in the figure of CQL, and shown apart.',
  columns: [
    { key: 'wallMs', title: 'ms to the end', digits: 0 },
    { key: 'profileReadMs', title: 'ms until the profile is read', digits: 0 },
    { key: 'firstOperationMs', title: 'ms to the first operation', digits: 0 },
    { key: 'connectMs', title: 'ms of connecting', digits: 0 },
  ],
  async contestants(bench) {
    const writes = await startWriteResponder();
    const cql = await startCqlResponder({ store: false });
    const table = await CassandraTable.create(cql.address, keyspace);
    const program = (words: readonly string[]): Contestant => ({
      name: `stressql ${words.join(' ')}`,
      async measure() {
        const { wallNs } = await runMeasured([...bench.stressql, ...words]);
        return { figures: { wallMs: wallNs / 1e6 }, command: `npx stressql ${words.join(' ')}` };
      },
    });
    const run = (name: string, profile: string, parameters: Record<string, string | number>): Contestant => ({
      name,
      async measure(): Promise<Outcome> {
        const { figures, command } = await runStressql(bench, profile, parameters);
        const { profileReadMs, firstOperationMs } = figures;
        return { figures: { profileReadMs, firstOperationMs }, command };
      },
    });
    return [
      {
        name: 'Node alone',
        async measure() {
          const { wallNs } = await runMeasured([process.execPath, '--eval', '0']);
          return { figures: { wallMs: wallNs / 1e6 }, command: 'npx node --eval 0' };
        },
      },
      program(['--version']),
      program(['check', 'examples/quickstart.sql']),
      run('run, sink', 'points', { TARGET: 'sink', HOST: writes.address, DATABASE: 'bench', POINTS: 1 }),
      run('run, InfluxDB', 'points', { HOST: writes.address, DATABASE: 'bench', POINTS: 1 }),
      {
        ...run('run, CQL', 'cql-write', { HOST: cql.address, KEYSPACE: keyspace, OPERATIONS: 1 }),
        async close() {
          await table.drop();
          await cql.close();
          await writes.close();
        },
      },
      {
        name: 'cassandra-driver alone',
        async measure() {
          const { figures, command } = await driverLoop(cql.address).write(keyspace, one);
          return { figures: figures ?? {}, command };
        },
      },
    ];
  },
};
