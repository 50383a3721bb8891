import { closeSync, openSync, writeSync } from 'node:fs';
import type { LogSettings } from '../cassandra-stress/settings.ts';
import type { StressStreams } from '../cassandra-stress/stress-streams.ts';
import { UsageError } from './usage-error.ts';

export interface OpenStressStreams extends StressStreams {
  close(): void;
}

/**
 * The standard output, which `-log file=` gets a copy of, the standard error, and the file of `hdrfile=`. Throws
 * UsageError where a file can't be made; one that can't be written later is told of once, and the run goes on.
 */
export function openStressStreams({ file, histogramFile }: LogSettings): OpenStressStreams {
  const error = (text: string): void => void process.stderr.write(text);
  const copy = file === undefined ? undefined : new WrittenFile(file, error);
  const histograms = histogramFile === undefined ? undefined : new WrittenFile(histogramFile, error);
  return {
    out(text) {
      process.stdout.write(text);
      copy?.append(text);
    },
    error,
    ...(histograms && { histograms }),
    close() {
      copy?.close();
      histograms?.close();
    },
  };
}

/** A file that what is written to it is in at once. */
class WrittenFile {
  readonly #path: string;
  readonly #tell: (text: string) => void;
  #descriptor: number | undefined;

  constructor(path: string, tell: (text: string) => void) {
    this.#path = path;
    this.#tell = tell;
    try {
      this.#descriptor = openSync(path, 'w');
    } catch (problem) {
      throw new UsageError(`${path} can’t be written: ${messageOf(problem)}`);
    }
  }

  /** Empties it first. */
  begin(text: string): void {
    this.#try(() => {
      closeSync(this.#descriptor!);
      this.#descriptor = openSync(this.#path, 'w');
    });
    this.append(text);
  }

  append(text: string): void {
    this.#try(() => void writeSync(this.#descriptor!, text));
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #try(write: () => void): void {
    if (this.#descriptor === undefined) return;
    try {
      write();
    } catch (problem) {
      this.#descriptor = undefined;
      this.#tell(`${this.#path} can’t be written: ${messageOf(problem)}; the run goes on\n`);
    }
  }
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
