import { randomBytes } from 'node:crypto';
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
  if (known?.isFile() === true && !force) throw exists(path);
  if (known !== undefined && !known.isFile()) return orUsageError(writeFile(path, pieces), path, path);
  const whole = known === undefined ? path : await realpath(path);
  // A name that nothing else has: the pieces may be read from a file that is called much the same.
  const part = `${whole}.${randomBytes(8).toString('hex')}.part`;
  try {
    await orUsageError(writeFile(part, pieces, { flag: 'wx' }), part, path);
    // Takes the name where nothing has it by now; not every file system has the links that would do it in one go.
    if (!force) await orUsageError(writeFile(whole, '', { flag: 'wx' }), whole, path);
    await orUsageError(rename(part, whole), part, path);
  } finally {
    await rm(part, { force: true });
  }
}

/** Tells of `path`, which is meant, what went wrong with `file`; the pieces may fail, too. */
async function orUsageError(writing: Promise<void>, file: string, path: string): Promise<void> {
  try {
    await writing;
  } catch (error) {
    const { code, path: of, syscall, message } = error as NodeJS.ErrnoException;
    // A disk that is full names no path.
    if (of !== file && syscall !== 'write') throw error;
    if (code === 'EEXIST') throw exists(path);
    throw new UsageError(`${path} can’t be written: ${message.replace(file, path)}`);
  }
}

function exists(path: string): UsageError {
  return new UsageError(`${path} exists; --force replaces it`);
}
