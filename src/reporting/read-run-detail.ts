import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IntervalLine } from './interval-line.ts';
import { linesOf, readEvents, readJson, readRunFolder } from './read-run-folder.ts';
import type { RunDetail } from './run-detail.ts';

/**
 * Reads all of a run folder, of a killed process too. Rejects, with a message for the user, where the path is no
 * run folder.
 */
export async function readRunDetail(path: string): Promise<RunDetail & { readonly path: string }> {
  const { path: folder, record, summary } = await readRunFolder(path);
  const stored = (await readJson(folder, 'settings.json')) as
    { readonly settings: Readonly<Record<string, string>> } | undefined;
  return {
    path: folder,
    record,
    summary,
    settings: stored?.settings ?? {},
    script: await readScript(folder),
    events: await readEvents(folder),
    intervals: () => linesOf(join(folder, 'intervals.ndjson')) as AsyncIterable<IntervalLine>,
  };
}

async function readScript(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, 'script.sql'), 'utf8');
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw problem;
  }
}
