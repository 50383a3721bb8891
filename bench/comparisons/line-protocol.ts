import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  BenchMeans,
  Column,
  Comparison,
  Contestant,
  MissingContestant,
  RunSize,
} from '../comparison.ts';
import { tinyOperations } from '../comparison.ts';
import { InfluxDatabase } from '../influx-database.ts';
import { projectFolder, runMeasured } from '../measured-process.ts';
import { measureTool } from '../measure-tool.ts';
import type { ToolRun } from '../measure-tool.ts';
import { findInch, findInfluxStress } from '../peers/go-programs.ts';
import { startWriteResponder } from '../responder.ts';
import { runStressql } from '../stressql-run.ts';

const batch = 5000;

const columns: readonly Column[] = [
  { key: 'cpuUs', title: 'CPU µs/point', digits: 3 },
  { key: 'perSecond', title: 'points/s', digits: 0 },
  { key: 'ownCpuUs', title: 'clientCpuNs, µs/point', digits: 3 },
];

const work =
  'Two tags, two fields, of which one is a float (with six decimals, but for influx_stress, which writes whole numbers), batches of 5,000, ten requests in flight.';

/** What is written to, and counts what has arrived. */
interface Store {
  readonly address: string;
  readonly database: string;
  clear(): Promise<void>;
  points(): Promise<number>;
  close(): Promise<void>;
}

export const lineResponder: Comparison = {
  name: 'line-responder',
  title: 'Line protocol, a responder that answers 204',
  about: `${work} The responder counts the requests, of which each holds 5,000 points; a process of its own.`,
  columns,
  contestants: async (bench) => all(bench, responderStore),
};

export const lineInflux: Comparison = {
  name: 'line-influx',
  title: 'Line protocol, real InfluxDB 1.8',
  about: `${work} The database is made anew before every run, and its points are counted after it.`,
  columns,
  async contestants(bench) {
    const address = await bench.influx();
    if (typeof address !== 'string') return [{ name: 'all', missing: address.unavailable }];
    return all(bench, (name) => InfluxDatabase.open(address, `stressql_bench_${name}`));
  },
};

async function all(
  bench: BenchMeans,
  open: (name: string) => Promise<Store>,
): Promise<readonly (Contestant | MissingContestant)[]> {
  const influxStress = await bench.peer(findInfluxStress);
  const inch = await bench.peer(findInch);
  return [
    await stressql(bench, 'stressql, one template', 'points', await open('one')),
    await stressql(bench, 'stressql, four templates at once', 'points-of-four', await open('four')),
    'unavailable' in influxStress
      ? { name: 'influx_stress', missing: influxStress.unavailable }
      : influxStressTool(bench, influxStress, await open('influx_stress')),
    'unavailable' in inch
      ? { name: 'inch', missing: inch.unavailable }
      : inchTool(bench, inch, await open('inch')),
  ];
}

async function responderStore(): Promise<Store> {
  const responder = await startWriteResponder();
  let before = 0;
  return {
    address: responder.address,
    database: 'bench',
    clear: async () => void (before = await responder.writes()),
    points: async () => ((await responder.writes()) - before) * batch,
    close: () => responder.close(),
  };
}

function contestant(
  name: string,
  size: RunSize,
  store: Store,
  run: (size: RunSize) => Promise<ToolRun>,
): Contestant {
  // Whole batches, so that requests tell points.
  const whole = { ...size, operations: Math.ceil(size.operations / batch) * batch };
  return {
    name,
    measure: () =>
      measureTool(
        whole,
        run,
        () => store.clear(),
        () => store.points(),
      ),
    close: () => store.close(),
  };
}

async function stressql(bench: BenchMeans, name: string, profile: string, store: Store): Promise<Contestant> {
  return contestant(name, bench.size, store, ({ operations, seconds }) =>
    runStressql(bench, profile, {
      HOST: store.address,
      DATABASE: store.database,
      POINTS: operations,
      SECONDS: `${seconds}s`,
    }),
  );
}

/** Its runs end with a count, so the last run's rate says how many points the next seconds take. */
function influxStressTool(
  bench: BenchMeans,
  { name, program }: { readonly name: string; readonly program: string },
  store: Store,
): Contestant {
  const series = 1000;
  let lastPerSecond = 250_000;
  return contestant(name, bench.size, store, async ({ operations, seconds }) => {
    const points = Math.min(operations, lastPerSecond * seconds);
    const turns = Math.max(batch / series, Math.floor(points / batch) * (batch / series));
    const values = { ADDRESS: store.address, DATABASE: store.database, TURNS: turns, SERIES: series };
    let text = await readFile(join(projectFolder, 'bench/profiles/influx-stress.toml'), 'utf8');
    for (const [word, value] of Object.entries(values)) text = text.replaceAll(word, String(value));
    const file = join(await mkdtemp(join(bench.folder, 'influx-stress-')), 'influx-stress.toml');
    await writeFile(file, text);
    const filledIn = Object.entries(values)
      .map((each) => each.join('='))
      .join(' ');
    // What it took itself it would write to a database too: to none.
    const { stdout, cpuNs } = await runMeasured([program, '-addr', 'http://127.0.0.1:1', '-config', file]);
    const told = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1]);
    const perSecond = told(/^Points Per Second: (\d+)/m);
    if (operations > tinyOperations) lastPerSecond = perSecond;
    return {
      acknowledged: told(/^\s*Success: (\d+)/m) * batch,
      perSecond,
      cpuNs,
      command: `influx_stress -config bench/profiles/influx-stress.toml, filled in: ${filledIn}`,
    };
  });
}

function inchTool(
  bench: BenchMeans,
  { name, program }: { readonly name: string; readonly program: string },
  store: Store,
): Contestant {
  const series = 1000;
  let lastPerSecond = 250_000;
  return contestant(name, bench.size, store, async ({ operations, seconds }) => {
    const points = Math.min(operations, lastPerSecond * seconds);
    const turns = Math.max(batch / series, Math.floor(points / batch) * (batch / series));
    const words = ['-host', `http://${store.address}`, '-db', store.database, '-b', String(batch)];
    const shape = ['-c', '10', '-m', '1', '-t', `1,${series}`, '-f', '2', '-p', String(turns)];
    const { stdout, cpuNs, wallNs } = await runMeasured([program, ...words, ...shape]);
    const acknowledged = turns * series;
    const perSecond = Number(
      /\((\d+(?:\.\d+)?) pt\/sec\)/.exec(stdout)?.[1] ?? (acknowledged / wallNs) * 1e9,
    );
    if (operations > tinyOperations) lastPerSecond = perSecond;
    return { acknowledged, perSecond, cpuNs, command: `inch ${[...words, ...shape].join(' ')}` };
  });
}
