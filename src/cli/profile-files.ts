import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve, sep } from 'node:path';
import { Source } from '../lexer/source.ts';
import type { TemplateContext } from '../statement/load-options.ts';
import { UsageError } from './usage-error.ts';

export interface FileRecord {
  readonly name: string;
  readonly sha256: string;
}

/** The files of a profile: its scripts, and what their `file()` functions read. */
export class ProfileFiles {
  readonly sources: readonly Source[];
  /** Of the scripts together, in order. */
  readonly scriptSha256: string;
  readonly #folder: string;
  readonly #read = new Map<string, FileRecord>();
  /** Plans are made more than once, and are the same each time. */
  readonly #texts = new Map<string, { readonly text: string }>();

  /** Reads the scripts where their texts are not given, as `readScripts` does. */
  constructor(paths: readonly string[], texts: readonly string[] = readScripts(paths)) {
    this.sources = paths.map((path, index) => new Source(path === '-' ? 'stdin' : path, texts[index]!));
    const hash = createHash('sha256');
    for (const { text } of this.sources) hash.update(text).update('\0');
    this.scriptSha256 = hash.digest('hex');
    this.#folder = resolve(dirname(paths[0] ?? '.'));
  }

  /** What `file()` has read so far. */
  get records(): readonly FileRecord[] {
    return [...this.#read.values()];
  }

  /** Reads a file for `file()`; only from the first script's folder and below, symbolic links resolved. */
  readonly readFile: TemplateContext['readFile'] = (name) => {
    const known = this.#texts.get(name);
    if (known !== undefined) return known;
    const path = resolve(this.#folder, name);
    try {
      const real = realpathSync(path);
      if (!real.startsWith(realpathSync(this.#folder) + sep)) {
        return { problem: `${name} is outside the profile’s folder` };
      }
      const bytes = readFileSync(real);
      this.#read.set(name, { name, sha256: createHash('sha256').update(bytes).digest('hex') });
      const read = { text: bytes.toString('utf8') };
      this.#texts.set(name, read);
      return read;
    } catch (error) {
      return { problem: fileProblem(name, error) };
    }
  };

  /** A short name for the run: that of the first script. */
  get title(): string {
    return basename(this.sources[0]?.name ?? 'profile').replace(/\.[^.]+$/, '');
  }
}

/** The texts of scripts; `-` is the standard input. Throws UsageError where one can't be read. */
export function readScripts(paths: readonly string[]): readonly string[] {
  return paths.map((path) => {
    try {
      return readFileSync(path === '-' ? 0 : path, 'utf8');
    } catch (error) {
      throw new UsageError(fileProblem(path, error));
    }
  });
}

function fileProblem(name: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return `${name} does not exist`;
    case 'EACCES':
      return `${name} may not be read`;
    case 'EISDIR':
      return `${name} is a folder`;
    default:
      return `${name} could not be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
