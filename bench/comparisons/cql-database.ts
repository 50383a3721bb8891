import { CassandraTable } from '../cassandra-table.ts';
import type { BenchMeans, Column, Comparison, Contestant, MissingContestant } from '../comparison.ts';
import { cqlTools } from '../contestants/cql-tools.ts';
import type { CqlTool } from '../contestants/cql-tools.ts';
import { measureTool } from '../measure-tool.ts';

const columns: readonly Column[] = [
  { key: 'cpuUs', title: 'CPU µs/op', digits: 2 },
  { key: 'perSecond', title: 'op/s', digits: 0 },
  { key: 'ownCpuUs', title: 'clientCpuNs, µs/op', digits: 2 },
  { key: 'startCpuMs', title: 'CPU ms of a start', digits: 0 },
];

export const cqlWrite = writing(
  {
    name: 'cql-write',
    title: 'CQL write, real Cassandra',
    about:
      'A key and five values of 34 bytes, prepared, 128 in flight, one connection, one thread of load, LOCAL_ONE. The table is emptied before every run, and its rows are counted after it.',
  },
  cqlTools,
);

export const cqlRead = reading(
  {
    name: 'cql-read',
    title: 'CQL read of a written key, real Cassandra',
    about:
      'Rows by their key, in no order, 128 in flight, one connection, one thread of load, LOCAL_ONE. Each tool reads what it has written itself just before, 100,000 rows. For stored stands what was found.',
  },
  cqlTools,
);

type Head = Pick<Comparison, 'name' | 'title' | 'about'>;
type FindTools = typeof cqlTools;

/** What the tools need to write, at a real Cassandra. */
export function writing(head: Head, tools: FindTools): Comparison {
  const contestants: Comparison['contestants'] = (bench) =>
    withTables(bench, tools, async (tool, table, keyspace) => ({
      name: tool.name,
      measure: () =>
        measureTool(
          bench.size,
          (size) => tool.write(keyspace, size),
          () => table.clear(),
          () => table.rows(),
        ),
    }));
  return { ...head, columns, contestants };
}

/** What they need to read. */
export function reading(head: Head, tools: FindTools): Comparison {
  const contestants: Comparison['contestants'] = (bench) =>
    withTables(bench, tools, async (tool, table, keyspace) => {
      const keys = Math.min(bench.size.operations, 100_000);
      /** In every round, so that what is read was written as lately for all: the server keeps it in memory. */
      const fill = async (): Promise<void> => {
        await table.clear();
        await tool.write(keyspace, { operations: keys, seconds: 600 });
        const rows = await table.rows();
        if (rows !== keys) throw new Error(`${tool.name} wrote ${rows} of ${keys} keys`);
      };
      return {
        name: tool.name,
        async measure() {
          await fill();
          return measureTool(
            bench.size,
            (size) => tool.read(keyspace, keys, size),
            async () => {},
            async ({ rows }) => rows ?? Number.NaN,
          );
        },
      };
    });
  return { ...head, columns, contestants };
}

/** A keyspace for each tool, so that none finds the data of another. */
async function withTables(
  bench: BenchMeans,
  tools: FindTools,
  contest: (tool: CqlTool, table: CassandraTable, keyspace: string) => Promise<Contestant>,
): Promise<readonly (Contestant | MissingContestant)[]> {
  const address = await bench.cassandra();
  if (typeof address !== 'string') return [{ name: 'all', missing: address.unavailable }];
  const contestants: (Contestant | MissingContestant)[] = [];
  for (const tool of await tools(bench, address)) {
    if ('missing' in tool) {
      contestants.push(tool);
      continue;
    }
    const keyspace = `stressql_bench_${tool.shortName}`;
    const table = await CassandraTable.create(address, keyspace);
    contestants.push({ ...(await contest(tool, table, keyspace)), close: () => table.drop() });
  }
  return contestants;
}
