import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linesOf, readEvents, readJson, readRunFolder } from './read-run-folder.ts';
import type { RunDetail } from './run-detail.ts';
import { intervalShape, settingsShape } from './run-folder-shapes.ts';
import { StoredRunError } from './stored-run-error.ts';

/**
 * Reads all of a run folder, of a killed process too. Rejects with a StoredRunError where the path is no run folder, or
 * what is in it can't be used; so may its intervals.
 */
export async function readRunDetail(path: string): Promise<RunDetail & { readonly path: string }> {
  const { path: folder, record, summary } = await readRunFolder(path);
  const stored = await readJson(folder, 'settings.json', settingsShape);
  return {
    path: folder,
    record,
    summary,
    settings: stored?.settings ?? {},
    script: await readScript(folder),
    events: await readEvents(folder),
    intervals: () => linesOf(folder, 'intervals.ndjson', intervalShape),
  };
}

async function readScript(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, 'script.sql'), 'utf8');
  } catch (problem) {
    const { code, message } = problem as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new StoredRunError(message, join(folder, 'script.sql'));
  }
}
