import { fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PracticeAddresses } from './practice-process.ts';

export interface PracticeProcess {
  readonly addresses: PracticeAddresses;
  /** Resolves when the process has ended. */
  close(): Promise<void>;
}

/**
 * Starts practice servers in a process of their own, so that this process's processor time is the client's alone.
 * Rejects when it can't start.
 */
export async function startPracticeProcess(protocol: 'influx' | 'cql'): Promise<PracticeProcess> {
  const script = new URL(`./practice-process${extname(import.meta.url)}`, import.meta.url);
  const child = fork(fileURLToPath(script), [protocol], {
    // A debugger's flags are for this process.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const [addresses] = await Promise.race([once(child, 'message'), exited]);
  if (!isAddresses(addresses)) throw new Error(`the practice servers ended with exit code ${addresses}`);
  return {
    addresses,
    async close() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

function isAddresses(message: unknown): message is PracticeAddresses {
  return typeof message === 'object' && message !== null && 'writes' in message;
}
