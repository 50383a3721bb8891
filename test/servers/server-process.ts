import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerStart {
  readonly product: string;
  readonly command: string;
  readonly words: readonly string[];
  /** Everything that the server writes; goes with it. */
  readonly folder: string;
  readonly readyWithinMs: number;
  /** Whether it answers by now. */
  readonly isReady: () => Promise<boolean>;
}

const guards = new Set<ChildProcess>();

/**
 * Starts a server, waits until it answers, and hands its process out. It runs until `killServers`, or until this process is gone, however that
 * comes about: a guard in a session of its own reads from a pipe that only this process holds, and acts at its end.
 */
export async function startServer(start: ServerStart): Promise<ChildProcess> {
  const { product, command, words, folder, readyWithinMs, isReady } = start;
  const child = spawn(command, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
  }
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${product} did not start: ${log}`)));
  });
  // Once it has started, its end is for the guard to bring about.
  ended.catch(() => {});
  if (child.pid !== undefined) guard(child.pid, folder);
  const untilMs = Date.now() + readyWithinMs;
  while (!(await Promise.race([isReady(), ended]))) {
    if (Date.now() > untilMs) {
      throw new Error(`${product} did not answer within ${readyWithinMs / 1000} s: ${log}`);
    }
    await sleep(100);
  }
  return child;
}

/** Ends every server at once and removes its files, also in the middle of its start. */
export async function killServers(): Promise<void> {
  const ends = [...guards].map((each) => once(each, 'exit'));
  for (const each of guards) each.stdin!.end();
  await Promise.all(ends);
}

function guard(pid: number, folder: string): void {
  // What the server writes while it dies can come between rm and its end.
  const text = 'read _; kill -9 "$1"; for each in 1 2 3 4 5; do rm -rf "$2" && break; sleep 0.2; done';
  const words = ['-c', text, 'guard', String(pid), folder];
  const shell = spawn('sh', words, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guards.add(shell);
  shell.once('exit', () => guards.delete(shell));
}
