import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The path of a folder in the cache, which outlives the checkout. Where it is not there yet, `fill` makes its content,
 * in one process at a time and beside its place: the folder is there only when it is whole.
 */
export async function cachedFolder(
  name: string,
  product: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'stressql');
  const path = join(cache, name);
  if (await isThere(path)) return path;
  await mkdir(cache, { recursive: true });
  const unlock = await lock(`${path}.lock`);
  try {
    if (!(await isThere(path))) await make(path, product, fill);
    return path;
  } finally {
    await unlock();
  }
}

async function make(path: string, product: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const startedMs = Date.now();
  const seconds = (): string => `${Math.round((Date.now() - startedMs) / 1000)} s`;
  const tell = (text: string): void => void process.stderr.write(`${product}: ${text}\n`);
  tell(`fetching it into ${path}, once`);
  const progress = setInterval(() => tell(`fetching for ${seconds()}`), 15_000);
  const beside = await mkdtemp(`${path}-`);
  try {
    await fill(beside);
    await rename(beside, path);
    tell(`there after ${seconds()}`);
  } finally {
    clearInterval(progress);
    await rm(beside, { recursive: true, force: true });
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A lock between processes; that of a process which is gone is taken over. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
      const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
      if (age > 1000 && !isAlive(holder)) await rm(path, { force: true });
      await sleep(300);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
