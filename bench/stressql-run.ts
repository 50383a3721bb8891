import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { LoadSummary, Summary } from '../src/reporting/summary.ts';
import type { BenchMeans } from './comparison.ts';
import { runMeasured } from './measured-process.ts';
import type { ToolRun } from './measure-tool.ts';

export interface StressqlRun extends ToolRun {
  readonly figures: Readonly<
    Record<'ownCpuUs' | 'profileReadMs' | 'firstOperationMs' | 'residentMb', number>
  >;
  /** The statements that sent something. */
  readonly loads: readonly LoadSummary[];
}

/**
 * Runs a profile of bench/profiles, or the one at an absolute path, with the stressql under test. Whatever was sent must have been acknowledged; a run
 * that calls itself invalid on a busy machine counts, and its note says so.
 */
export async function runStressql(
  bench: BenchMeans,
  profile: string,
  parameters: Readonly<Record<string, string | number>>,
): Promise<StressqlRun> {
  const out = await mkdtemp(join(bench.folder, 'runs-'));
  const given = Object.entries(parameters).flatMap(([name, value]) => ['-p', `${name}=${value}`]);
  const script = isAbsolute(profile) ? profile : `bench/profiles/${profile}.sql`;
  const words = ['run', script, '--no-report', '--quiet', ...given];
  const startsMs = Date.now();
  const { cpuNs, residentBytes } = await runMeasured([...bench.stressql, ...words, '--out', out], {
    codes: [5],
  });
  const [name] = await readdir(out);
  const summary = JSON.parse(await readFile(join(out, name!, 'summary.json'), 'utf8')) as Summary;
  await rm(out, { recursive: true });
  const loads = summary.statements.flatMap((each) =>
    'load' in each && each.load !== undefined && each.load.operations.sent > 0 ? [each.load] : [],
  );
  const { operations, items } = summary.totals;
  if (loads.length === 0 || operations.acknowledged !== operations.sent)
    throw new Error(`${profile}: ${operations.acknowledged} of ${operations.sent} operations acknowledged`);
  const acknowledged = Object.values(items).reduce((sum, each) => sum + each.acknowledged, 0);
  const firstNs = Math.min(...loads.map(({ startedNs }) => startedNs));
  const lastNs = Math.max(...loads.map(({ endedNs }) => endedNs));
  const states = new Set(summary.states.map(({ state }) => state));
  states.delete('VALID');
  return {
    loads,
    acknowledged,
    rows: loads.reduce((sum, { rows }) => sum + rows, 0),
    perSecond: (acknowledged / (lastNs - firstNs)) * 1e9,
    cpuNs,
    command: shown(bench, `npx stressql ${words.join(' ')}`),
    figures: {
      ownCpuUs: (summary.clientCpuNs ?? 0) / acknowledged / 1000,
      residentMb: residentBytes / 1e6,
      // A run starts when its profile has been read.
      profileReadMs: summary.startedMs - startsMs,
      firstOperationMs: summary.startedMs + firstNs / 1e6 - startsMs,
    },
    ...(states.size > 0 && { note: [...states].join(', ') }),
  };
}

/** A command without the folder in which the bench keeps what it makes. */
export function shown({ folder }: BenchMeans, command: string): string {
  return command.replaceAll(join(folder, '/'), '');
}
