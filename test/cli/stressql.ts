import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(projectFolder, 'bin/stressql.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StressqlOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of Node itself. */
  readonly nodeFlags?: readonly string[];
  /** Sees the process once it runs. */
  readonly started?: (child: ChildProcess) => void;
}

/**
 * The command as a user has it: a process of its own, without a terminal. A run reports to no database unless it
 * says to which, since something may listen where reports go by default.
 */
export function stressql(given: readonly string[], options: StressqlOptions = {}): Promise<Ended> {
  const isSilent = given[0] === 'run' && !given.includes('--report');
  const words = isSilent && !given.includes('--no-report') ? [...given, '--no-report'] : given;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...(options.nodeFlags ?? []), bin, ...words], {
      cwd: options.cwd ?? projectFolder,
      env: { ...process.env, NO_COLOR: '1', ...options.env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    child.stdin.end(options.input ?? '');
    options.started?.(child);
  });
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stressql-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The one run folder that a run has left in `directory`. */
export function onlyRunFolder(directory: string): string {
  const names = readdirSync(directory);
  if (names.length !== 1) throw new Error(`${names.length} run folders in ${directory}: ${names.join(', ')}`);
  return join(directory, names[0]!);
}
