import type { BenchMeans, Column, Comparison, Contestant, RunSize } from '../comparison.ts';
import { atResponder, responderKeyspace as keyspace } from '../contestants/at-responder.ts';
import { driverLoop } from '../contestants/cql-tools.ts';
import { runStressql } from '../stressql-run.ts';

const columns: readonly Column[] = [
  { key: 'cpuUs', title: 'CPU µs/op', digits: 2 },
  { key: 'perSecond', title: 'op/s', digits: 0 },
  { key: 'ownCpuUs', title: 'clientCpuNs, µs/op', digits: 2 },
];

export const cqlResponder: Comparison = {
  name: 'cql-responder',
  title: 'CQL write, practice server without a store',
  about:
    'As cql-write, against the practice server in another process, which answers as fast as it can and keeps nothing: what the client costs where the server costs least. The practice server counts what it was sent.',
  columns,
  contestants: async (bench) => [
    await atResponder(bench, 'stressql', {}, (address, size) =>
      runStressql(bench, 'cql-write', parameters(address, size)),
    ),
    // To one node it computes no tokens.
    await atResponder(bench, 'stressql, two nodes, token computed', { nodes: 2 }, (address, size) =>
      runStressql(bench, 'cql-write', parameters(address, size)),
    ),
    await atResponder(bench, 'cassandra-driver in a loop', {}, (address, size) =>
      driverLoop(address).write(keyspace, size),
    ),
  ],
};

const pacedColumns: readonly Column[] = [
  ...columns,
  { key: 'latenessP50Ms', title: 'lateness p50 ms', digits: 2 },
  { key: 'latenessP99Ms', title: 'lateness p99 ms', digits: 2 },
  { key: 'serviceP50Ms', title: 'service p50 ms', digits: 2 },
];

export const cqlOpen: Comparison = {
  name: 'cql-open',
  title: 'CQL write at 20,000/s, practice server that answers after 1 ms',
  about: 'An open model: what an operation costs, and how late it leaves.',
  columns: pacedColumns,
  contestants: async (bench) => [await paced(bench, 20_000)],
};

export const cqlPaced: Comparison = {
  name: 'cql-paced',
  title: 'CQL write at 2,000/s, practice server that answers after 1 ms',
  about: 'Where waking up is most of the cost.',
  columns: pacedColumns,
  contestants: async (bench) => [await paced(bench, 2000), await paced(bench, 2000, 'precise')],
};

function paced(
  bench: BenchMeans,
  perSecond: number,
  pace: 'normal' | 'precise' = 'normal',
): Promise<Contestant> {
  const delay = { faults: [{ on: ['EXECUTE'] as const, effect: { kind: 'delay', ms: 1 } as const }] };
  return atResponder(bench, `stressql, Pace [${pace}]`, delay, async (address, size) => {
    const { loads, ...run } = await runStressql(bench, 'cql-paced', {
      ...parameters(address, size),
      RATE: `${perSecond}/s`,
      PACE: pace,
    });
    const { lateness, service } = loads[0]!.times;
    const ms = (ns: number | undefined): number => (ns ?? 0) / 1e6;
    return {
      ...run,
      figures: {
        ...run.figures,
        latenessP50Ms: ms(lateness?.percentilesNs.p50),
        latenessP99Ms: ms(lateness?.percentilesNs.p99),
        serviceP50Ms: ms(service?.percentilesNs.p50),
      },
    };
  });
}

function parameters(address: string, { operations, seconds }: RunSize): Record<string, string | number> {
  return { HOST: address, KEYSPACE: keyspace, OPERATIONS: operations, SECONDS: `${seconds}s` };
}
