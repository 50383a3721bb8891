import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PracticeCounters } from './counters.ts';
import type { PracticeServer, PracticeServerOptions } from './practice-server.ts';
import type { PracticeCall } from './practice-thread.ts';

type CallWithoutId = PracticeCall extends infer Call
  ? Call extends PracticeCall
    ? Omit<Call, 'id'>
    : never
  : never;

/**
 * Starts a practice server in a worker thread of its own, so that its work is not done, nor waited for, in the
 * caller's event loop. Rejects when it can't start. The thread keeps no process alive.
 */
export async function startPracticeServerThread(
  options: PracticeServerOptions = {},
): Promise<PracticeServer> {
  const script = `./practice-thread${extname(import.meta.url)}`;
  const worker = new Worker(new URL(script, import.meta.url), { workerData: options });
  const pending = new Map<number, (value: unknown) => void>();
  let lastId = 0;
  const [ready] = (await once(worker, 'message')) as [{ value: string }];
  worker.unref();
  worker.on('message', ({ id, value }: { id: number; value: unknown }) => {
    pending.get(id)?.(value);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
  });
  const call = (message: CallWithoutId): Promise<unknown> =>
    new Promise((resolve) => {
      const id = ++lastId;
      pending.set(id, resolve);
      worker.ref();
      worker.postMessage({ id, ...message });
    });
  return {
    address: ready.value,
    counters: () => call({ call: 'counters' }) as Promise<PracticeCounters>,
    setFaults: async (faults) => void (await call({ call: 'setFaults', faults })),
    async close() {
      const exited = once(worker, 'exit');
      await call({ call: 'close' });
      worker.ref();
      await exited;
    },
  };
}
