import { fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PracticeProcessReady } from './practice-process.ts';

export interface PracticeProcess {
  /** Such as `127.0.0.1:40123`. */
  readonly address: string;
  /** Resolves when the process has ended. */
  close(): Promise<void>;
}

/**
 * Starts a practice server in a process of its own, so that this process's processor time is the client's alone.
 * Rejects when it can't start.
 */
export async function startPracticeProcess(protocol: 'influx' | 'cql'): Promise<PracticeProcess> {
  const script = new URL(`./practice-process${extname(import.meta.url)}`, import.meta.url);
  const child = fork(fileURLToPath(script), [protocol], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const [ready] = (await Promise.race([once(child, 'message'), exited])) as [PracticeProcessReady | number];
  if (typeof ready !== 'object' || ready === null) {
    throw new Error(`the practice server ended with exit code ${ready}`);
  }
  // It keeps neither this process alive nor its channel open.
  child.unref();
  child.channel!.unref();
  return {
    address: ready.address,
    async close() {
      child.ref();
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
