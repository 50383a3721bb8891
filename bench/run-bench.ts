import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  BenchMeans,
  Column,
  Comparison,
  Contestant,
  Outcome,
  RunSize,
  Unavailable,
} from './comparison.ts';
import { stressRead, stressWrite } from './comparisons/cassandra-stress.ts';
import { stressParts } from './comparisons/cassandra-stress-parts.ts';
import { cqlOpen, cqlPaced, cqlResponder } from './comparisons/cql-responder.ts';
import { cqlRead, cqlWrite } from './comparisons/cql-database.ts';
import { lineInflux, lineResponder } from './comparisons/line-protocol.ts';
import { longScript } from './comparisons/script.ts';
import { statements } from './comparisons/statements.ts';
import { startUp } from './comparisons/start-up.ts';
import { projectFolder } from './measured-process.ts';

export const comparisons: readonly Comparison[] = [
  cqlWrite,
  cqlRead,
  stressWrite,
  stressRead,
  stressParts,
  cqlResponder,
  cqlOpen,
  cqlPaced,
  lineResponder,
  lineInflux,
  statements,
  longScript,
  startUp,
];

export interface BenchOptions {
  readonly rounds: number;
  readonly size: RunSize;
  /** Names of comparisons. */
  readonly only: readonly string[];
  /** Why no program of somebody else's is used; they are installed where this is absent. */
  readonly withoutPeers?: string;
  cassandra(): Promise<string | Unavailable>;
  influx(): Promise<string | Unavailable>;
  /** A sentence of progress. */
  tell(sentence: string): void;
  /** After each comparison, with what there is so far. */
  compared?(results: readonly ComparisonResult[]): Promise<void>;
}

export interface ComparisonResult {
  readonly comparison: Comparison;
  readonly contestants: readonly ContestantResult[];
}

/** Who can't be had is missing; who could not do it has failed. */
export type ContestantResult =
  | { readonly name: string; readonly outcomes: readonly Outcome[] }
  | { readonly name: string; readonly missing: string }
  | { readonly name: string; readonly failed: string };

/** Runs comparisons in rounds, in which contestants take turns: what drifts on the machine drifts for all. */
export async function runBench(options: BenchOptions): Promise<readonly ComparisonResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'stressql-bench-'));
  try {
    const bench = await means(options, folder);
    const results: ComparisonResult[] = [];
    for (const comparison of comparisons) {
      if (!options.only.includes(comparison.name)) continue;
      options.tell(`${comparison.name}: ${comparison.title}`);
      results.push(await compare(comparison, bench, options));
      await options.compared?.(results);
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A copy of the program is what runs, so that a build in the meantime changes nothing. */
async function means(options: BenchOptions, folder: string): Promise<BenchMeans> {
  for (const name of ['bin', 'dist', 'package.json'])
    await cp(join(projectFolder, name), join(folder, 'stressql', name), { recursive: true });
  const peers = new Map<unknown, Promise<object>>();
  return {
    size: options.size,
    folder,
    cassandra: options.cassandra,
    influx: options.influx,
    stressql: [process.execPath, join(folder, 'stressql', 'bin', 'stressql.js')],
    peer<Found extends object>(find: () => Promise<Found>) {
      const { withoutPeers } = options;
      if (withoutPeers !== undefined) return Promise.resolve({ unavailable: withoutPeers });
      const known = peers.get(find) ?? find().catch((error: unknown) => ({ unavailable: reasonOf(error) }));
      peers.set(find, known);
      return known as Promise<Found | Unavailable>;
    },
  };
}

/** The end of what a failed installation said, without what is particular to this machine. */
function reasonOf(error: unknown): string {
  const { code, path, stderr } = error as { code?: unknown; path?: unknown; stderr?: unknown };
  if (code === 'ENOENT') return `${String(path)} is not there to install it`;
  const text = typeof stderr === 'string' && stderr !== '' ? stderr : String(error);
  return `can't be installed: ${withoutPaths(text.trim().split('\n').slice(-2))}`;
}

/** Paths and addresses are this machine's matter. */
function withoutPaths(lines: readonly string[]): string {
  const words = lines.flatMap((line) => line.trim().split(/\s+/));
  return words.filter((word) => !/[/\\]\S*[/\\]/.test(word)).join(' ');
}

async function compare(
  comparison: Comparison,
  bench: BenchMeans,
  { rounds, tell }: BenchOptions,
): Promise<ComparisonResult> {
  const contestants = await comparison.contestants(bench);
  const present = contestants.filter((each): each is Contestant => 'measure' in each);
  const outcomes = new Map<string, Outcome[]>(present.map(({ name }) => [name, []]));
  const failed = new Map<string, string>();
  for (let round = 1; round <= rounds; round++) {
    for (const each of present) {
      if (failed.has(each.name)) continue;
      try {
        const outcome = await each.measure();
        outcomes.get(each.name)!.push(outcome);
        const figures = comparison.columns.map((column) => figureText(outcome, column)).join(', ');
        const note = outcome.note === undefined ? '' : ` (${outcome.note})`;
        tell(`  round ${round}  ${each.name}: ${figures}${note}`);
      } catch (error) {
        // What one of them can't do is not the end of the others.
        tell(`  round ${round}  ${each.name}: ${String(error)}`);
        failed.set(each.name, withoutPaths(String(error).split('\n').slice(0, 3)));
      }
    }
  }
  for (const each of present) await each.close?.();
  return {
    comparison,
    contestants: contestants.map((each) => {
      if ('missing' in each) return each;
      const reason = failed.get(each.name);
      return reason === undefined
        ? { name: each.name, outcomes: outcomes.get(each.name)! }
        : { name: each.name, failed: reason };
    }),
  };
}

function figureText({ figures }: Outcome, { key, title, digits }: Column): string {
  const figure = figures[key];
  return `${figure === undefined ? '-' : figure.toFixed(digits)} ${title}`;
}
