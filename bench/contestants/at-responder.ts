import { CassandraTable } from '../cassandra-table.ts';
import type { BenchMeans, Contestant, RunSize } from '../comparison.ts';
import { measureTool } from '../measure-tool.ts';
import type { ToolRun } from '../measure-tool.ts';
import { startCqlResponder } from '../responder.ts';

/** Where a contestant at a responder writes. */
export const responderKeyspace = 'stressql_bench';

/** Writes at a practice server without a store, of its own, which counts what it was sent. */
export async function atResponder(
  { size }: BenchMeans,
  name: string,
  options: Parameters<typeof startCqlResponder>[0],
  run: (address: string, size: RunSize) => Promise<ToolRun>,
): Promise<Contestant> {
  const responder = await startCqlResponder({ store: false, ...options });
  const table = await CassandraTable.create(responder.address, responderKeyspace);
  let before = 0;
  return {
    name,
    measure: () =>
      measureTool(
        size,
        (each) => run(responder.address, each),
        async () => void (before = await responder.writes()),
        async () => (await responder.writes()) - before,
      ),
    async close() {
      await table.drop();
      await responder.close();
    },
  };
}
