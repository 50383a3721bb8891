import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchMeans, RunSize, Unavailable } from '../comparison.ts';
import { projectFolder, runMeasured } from '../measured-process.ts';
import type { ToolRun } from '../measure-tool.ts';
import { findCassandraStress } from '../peers/cassandra-stress.ts';
import { findLatte } from '../peers/latte.ts';
import { runStressql } from '../stressql-run.ts';

/** A tool that writes and reads the table of a keyspace. */
export interface CqlTool {
  readonly name: string;
  /** Of its keyspace. */
  readonly shortName: string;
  write(keyspace: string, size: RunSize): Promise<ToolRun>;
  /** Reads keys that `write` of so many operations has written. */
  read(keyspace: string, keys: number, size: RunSize): Promise<ToolRun>;
}

/** Everyone who can be had, and who can't with the reason. */
export async function cqlTools(
  bench: BenchMeans,
  address: string,
): Promise<readonly (CqlTool | { readonly name: string; readonly missing: string })[]> {
  const latte = await bench.peer(findLatte);
  const cassandraStress = await bench.peer(findCassandraStress);
  return [
    stressql(bench, address, 'direct'),
    stressql(bench, address, 'driver'),
    driverLoop(address),
    'unavailable' in latte ? { name: 'latte', missing: latte.unavailable } : latteTool(bench, address, latte),
    realStress(address, cassandraStress),
  ];
}

/** The real cassandra-stress, and ours with the same command line. */
export async function stressTools(
  bench: BenchMeans,
  address: string,
): Promise<readonly (CqlTool | { readonly name: string; readonly missing: string })[]> {
  return [ownStress(bench, address), realStress(address, await bench.peer(findCassandraStress))];
}

export function ownStress(bench: BenchMeans, address: string): CqlTool {
  return cassandraStressTool(address, {
    name: 'stressql cassandra-stress',
    shortName: 'own_stress',
    program: [...bench.stressql, 'cassandra-stress', '--out', join(bench.folder, 'runs')],
  });
}

function realStress(
  address: string,
  found: Awaited<ReturnType<typeof findCassandraStress>> | Unavailable,
): CqlTool | { readonly name: string; readonly missing: string } {
  return 'unavailable' in found
    ? { name: 'cassandra-stress', missing: found.unavailable }
    : cassandraStressTool(address, { ...found, shortName: 'cassandra_stress' });
}

function stressql(bench: BenchMeans, address: string, driver: 'direct' | 'driver'): CqlTool {
  const parameters = (
    keyspace: string,
    { operations, seconds }: RunSize,
  ): Record<string, string | number> => ({
    HOST: address,
    KEYSPACE: keyspace,
    DRIVER: driver,
    OPERATIONS: Math.min(operations, 1e9),
    SECONDS: `${seconds}s`,
  });
  return {
    name: `stressql, Driver [${driver}]`,
    shortName: driver,
    write: (keyspace, size) => runStressql(bench, 'cql-write', parameters(keyspace, size)),
    read: (keyspace, keys, size) =>
      runStressql(bench, 'cql-read', { ...parameters(keyspace, size), KEYS: keys }),
  };
}

interface DriverLoopResult {
  readonly acknowledged: number;
  readonly rows: number;
  readonly perSecond: number;
  readonly connectMs: number;
}

/** The application's way. */
export function driverLoop(address: string): CqlTool {
  const run = async (
    kind: 'write' | 'read',
    keyspace: string,
    { operations, seconds }: RunSize,
    keys: number,
  ): Promise<ToolRun> => {
    const words = ['bench/processes/driver-loop.ts', address, keyspace, kind];
    const numbers = [operations, seconds, keys].map(String);
    const { stdout, cpuNs } = await runMeasured([process.execPath, ...words, ...numbers]);
    const { connectMs, ...told } = JSON.parse(stdout) as DriverLoopResult;
    return {
      ...told,
      cpuNs,
      figures: { connectMs },
      command: `npx node ${[...words, ...numbers].join(' ')}`,
    };
  };
  return {
    name: 'cassandra-driver in a loop',
    shortName: 'loop',
    write: (keyspace, size) => run('write', keyspace, size, 1),
    read: (keyspace, keys, size) => run('read', keyspace, size, keys),
  };
}

function latteTool(
  bench: BenchMeans,
  address: string,
  { name, program }: { readonly name: string; readonly program: string },
): CqlTool {
  const run = async (
    kind: 'write' | 'read',
    keyspace: string,
    { operations, seconds }: RunSize,
    keys: number,
  ): Promise<ToolRun> => {
    const folder = await mkdtemp(join(bench.folder, 'latte-'));
    const report = join(folder, 'report.json');
    const duration = operations < 1e9 ? String(operations) : `${seconds}s`;
    const workload = 'bench/profiles/latte.rn';
    const words = ['-f', kind, '-d', duration, '--warmup', '0', '-q'];
    const load = ['-t', '1', '-p', '128', '-c', '1', '--consistency', 'LOCAL_ONE'];
    const parameters = ['-P', `keyspace="${keyspace}"`, '-P', `keys=${keys}`];
    const all = [...words, ...load, ...parameters];
    // It leaves a log where it is called.
    const { cpuNs } = await runMeasured(
      [program, 'run', join(projectFolder, workload), ...all, '-o', report, address],
      { folder },
    );
    const { result } = JSON.parse(await readFile(report, 'utf8')) as {
      result: { request_count: number; error_count: number; row_count: number; elapsed_time_s: number };
    };
    await rm(folder, { recursive: true });
    const acknowledged = result.request_count - result.error_count;
    const perSecond = acknowledged / result.elapsed_time_s;
    const rows = result.row_count;
    return {
      acknowledged,
      rows,
      perSecond,
      cpuNs,
      command: `latte run ${workload} ${all.join(' ')} ${address}`,
    };
  };
  return {
    name,
    shortName: 'latte',
    write: (keyspace, size) => run('write', keyspace, size, 1),
    read: (keyspace, keys, size) => run('read', keyspace, size, keys),
  };
}

/** The command line, of 128 threads and one connection. */
export function stressWords(
  kind: 'write' | 'read',
  keyspace: string,
  address: string,
  { operations, seconds }: RunSize,
  population: string,
): readonly string[] {
  const [host, port] = address.split(':') as [string, string];
  const amount = operations < 1e9 ? `n=${operations}` : `duration=${seconds}s`;
  const words = [kind, amount, 'no-warmup', 'cl=LOCAL_ONE', '-schema', `keyspace=${keyspace}`];
  const load = ['-rate', 'threads=128', '-mode', 'native', 'cql3', 'connectionsPerHost=1'];
  return [...words, ...load, '-pop', population, '-node', host, '-port', `native=${port}`];
}

function cassandraStressTool(
  address: string,
  {
    name,
    shortName,
    program,
  }: { readonly name: string; readonly shortName: string; readonly program: readonly string[] },
): CqlTool {
  const run = async (
    kind: 'write' | 'read',
    keyspace: string,
    size: RunSize,
    population: string,
  ): Promise<ToolRun> => {
    const all = stressWords(kind, keyspace, address, size, population);
    const { stdout, cpuNs } = await runMeasured([...program, ...all]);
    const told = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1]?.replaceAll(',', ''));
    const acknowledged = told(/^Total partitions\s*:\s*([\d,]+)/m);
    const perSecond = told(/^Op rate\s*:\s*([\d,]+)/m);
    // A key that is not there, or has another value, counts as an error.
    return {
      acknowledged,
      rows: acknowledged,
      perSecond,
      cpuNs,
      command: `cassandra-stress ${all.join(' ')}`,
    };
  };
  return {
    name,
    shortName,
    write: (keyspace, size) => run('write', keyspace, size, 'seq=1..1000000000'),
    read: (keyspace, keys, size) => run('read', keyspace, size, `dist=uniform(1..${keys})`),
  };
}
