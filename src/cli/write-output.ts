import { once } from 'node:events';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { UsageError } from './usage-error.ts';

/** Where a command writes what it makes. */
export interface OutputFlags {
  /** A file; absent: the standard output. */
  readonly output?: string;
  /** Whether an existing file may be replaced. */
  readonly force: boolean;
}

/**
 * Writes the pieces of a text. A file is there only when all of it is, and takes the place of an existing one only with
 * --force: what may be the last copy of something is not lost to a mistyped name, or to a disk that is full. A device
 * or a pipe gets the pieces as they come. Rejects with a UsageError where the file can't be written.
 */
export async function writeOutput(
  pieces: AsyncIterable<string>,
  { output: path, force }: OutputFlags,
): Promise<void> {
  if (path === undefined) {
    for await (const piece of pieces) {
      if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    }
    return;
  }
  const known = await stat(path).catch(() => undefined);
  if (known?.isFile() === true && !force) {
    throw new UsageError(`${path} exists; --force replaces it`);
  }
  if (known !== undefined && !known.isFile()) return write(path, pieces, path);
  const whole = known === undefined ? path : await realpath(path);
  const part = `${whole}.part`;
  try {
    await write(part, pieces, path);
    await rename(part, whole);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function write(to: string, pieces: AsyncIterable<string>, path: string): Promise<void> {
  try {
    await writeFile(to, pieces);
  } catch (error) {
    // The pieces may fail, too; a disk that is full names no path.
    const { path: of, syscall, message } = error as NodeJS.ErrnoException;
    if (of !== to && syscall !== 'write') throw error;
    throw new UsageError(`${path} can’t be written: ${message.replace(to, path)}`);
  }
}
