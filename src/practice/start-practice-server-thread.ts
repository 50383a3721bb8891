import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CqlCounters } from './cql/cql-counters.ts';
import type { CqlFault } from './cql/cql-faults.ts';
import type { CqlPracticeOptions, CqlPracticeServer } from './cql/cql-practice-server.ts';
import type { PracticeCounters } from './counters.ts';
import type { PracticeFaults } from './faults.ts';
import type { PracticeServer, PracticeServerOptions } from './practice-server.ts';
import type { PracticeAnswerMessage, PracticeCall, PracticeThreadReady } from './practice-thread.ts';

/**
 * Starts a practice server in a worker thread of its own, so that its work is not done, nor waited for, in the
 * caller's event loop: InfluxDB's HTTP, or with `protocol: 'cql'` Cassandra's native protocol. Rejects when it
 * can't start. The thread keeps no process alive.
 */
export function startPracticeServerThread(options: CqlPracticeOptions): Promise<CqlPracticeServer>;
export function startPracticeServerThread(options?: PracticeServerOptions): Promise<PracticeServer>;
export async function startPracticeServerThread(
  options: PracticeServerOptions | CqlPracticeOptions = {},
): Promise<PracticeServer | CqlPracticeServer> {
  const script = `./practice-thread${extname(import.meta.url)}`;
  const worker = new Worker(new URL(script, import.meta.url), { workerData: options });
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  const [{ addresses }] = (await once(worker, 'message')) as [PracticeThreadReady];
  worker.unref();
  worker.on('message', ({ id, ...answer }: PracticeAnswerMessage) => {
    if ('error' in answer) pending.get(id)?.reject(answer.error);
    else pending.get(id)?.resolve(answer.value);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
  });
  const call = (name: PracticeCall['call'], argument?: unknown): Promise<unknown> => {
    const answered = Promise.withResolvers<unknown>();
    const id = ++lastId;
    pending.set(id, answered);
    worker.ref();
    worker.postMessage({ id, call: name, argument } satisfies PracticeCall);
    return answered.promise;
  };
  const close = async (): Promise<void> => {
    const exited = once(worker, 'exit');
    await call('close');
    worker.ref();
    await exited;
  };
  const [address] = addresses as readonly [string];
  if (options.protocol !== 'cql') {
    return {
      address,
      counters: () => call('counters') as Promise<PracticeCounters>,
      setFaults: async (faults: PracticeFaults) => void (await call('setFaults', faults)),
      close,
    };
  }
  return {
    address,
    addresses,
    counters: () => call('counters') as Promise<CqlCounters>,
    setFaults: async (faults: readonly CqlFault[]) => void (await call('setFaults', faults)),
    stopNode: async (node) => void (await call('stopNode', node)),
    startNode: async (node) => void (await call('startNode', node)),
    close,
  };
}
