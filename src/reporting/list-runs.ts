import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadsOf } from './loads-of.ts';
import { readRunFolder } from './read-run-folder.ts';
import type { RunRecord } from './run-record.ts';
import { StoredRunError } from './stored-run-error.ts';

/** A run folder as a list shows it. */
export interface ListedRun {
  readonly path: string;
  readonly testId: string;
  readonly testName: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** Up to its last interval, where it still runs or was killed. */
  readonly durationNs: number;
  /** As its report says them; RUNNING while its process lives. */
  readonly states: readonly string[];
  readonly target: string;
  /** INSERTs and QUERYs that sent something, in script order. */
  readonly statements: readonly ListedStatement[];
}

/** What was acknowledged of a statement, a second. */
export interface ListedStatement {
  readonly kind: 'insert' | 'query';
  readonly name: string;
  readonly itemName: string;
  readonly itemsPerSecond: number;
}

/**
 * Finds the run folders below `folder`, at any depth, the oldest first. What is inside a run folder, and what
 * starts with a dot or is a node_modules, is not searched. What can't be used is a sentence in
 * `unreadable`. Rejects where `folder` can't be read.
 */
export async function listRuns(
  folder: string,
): Promise<{ readonly runs: readonly ListedRun[]; readonly unreadable: readonly string[] }> {
  const runs: ListedRun[] = [];
  const unreadable: string[] = [];
  const waiting = [folder];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    let entries;
    try {
      entries = await readdir(path, { withFileTypes: true });
    } catch (problem) {
      if (path === folder) throw problem;
      unreadable.push((problem as Error).message);
      continue;
    }
    if (entries.some(({ name }) => name === 'run.json')) {
      try {
        runs.push(await listedRun(path));
      } catch (problem) {
        if (!(problem instanceof StoredRunError)) throw problem;
        unreadable.push(problem.isPlaced ? problem.message : `${path}: ${problem.message}`);
      }
      continue;
    }
    for (const entry of entries) {
      const isSearched = entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules';
      if (isSearched) waiting.push(join(path, entry.name));
    }
  }
  runs.sort((one, other) => one.startedMs - other.startedMs || (one.path < other.path ? -1 : 1));
  return { runs, unreadable };
}

async function listedRun(path: string): Promise<ListedRun> {
  const { record, summary } = await readRunFolder(path);
  const { testId, testName, startedMs, target } = record;
  const statements = loadsOf(summary).map(({ kind, load: { name, itemName, throughput } }) => ({
    kind,
    name,
    itemName,
    itemsPerSecond: throughput.itemsPerSecond,
  }));
  const states = lives(record) ? ['RUNNING'] : summary.states.map(({ state }) => state);
  const { durationNs } = summary;
  return { path, testId, testName, startedMs, durationNs, states: [...new Set(states)], target, statements };
}

/** Whether a process has the number that the run's had: on this machine, and as far as that tells. */
function lives({ pid, state }: RunRecord): boolean {
  if (state === 'ended') return false;
  try {
    return process.kill(pid, 0);
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM';
  }
}
