import { parentPort, workerData } from 'node:worker_threads';
import { startCqlPracticeServer } from './cql/cql-practice-server.ts';
import type { CqlPracticeOptions, CqlPracticeServer } from './cql/cql-practice-server.ts';
import type { CqlFault } from './cql/cql-faults.ts';
import type { PracticeFaults } from './faults.ts';
import { startPracticeServer } from './practice-server.ts';
import type { PracticeServerOptions } from './practice-server.ts';

/** The first message of this thread. */
export interface PracticeThreadReady {
  readonly addresses: readonly string[];
}

/** What the starting thread asks of this one; each is answered by a message with its `id`. */
export interface PracticeCall {
  readonly id: number;
  readonly call: 'counters' | 'setFaults' | 'stopNode' | 'startNode' | 'close';
  readonly argument: unknown;
}

export type PracticeAnswerMessage = { readonly id: number } & (
  { readonly value: unknown } | { readonly error: unknown }
);

const port = parentPort!;
const options = workerData as PracticeServerOptions | CqlPracticeOptions;
const server =
  options.protocol === 'cql' ? await startCqlPracticeServer(options) : await startPracticeServer(options);

port.on('message', async ({ id, call, argument }: PracticeCall) => {
  try {
    const value = await answer(call, argument);
    port.postMessage({ id, value } satisfies PracticeAnswerMessage);
  } catch (error) {
    port.postMessage({ id, error } satisfies PracticeAnswerMessage);
  }
  if (call === 'close') port.close();
});
port.postMessage({
  addresses: 'addresses' in server ? server.addresses : [server.address],
} satisfies PracticeThreadReady);

function answer(call: PracticeCall['call'], argument: unknown): Promise<unknown> {
  switch (call) {
    case 'counters':
    case 'close':
      return server[call]();
    case 'setFaults':
      return 'addresses' in server
        ? server.setFaults(argument as readonly CqlFault[])
        : server.setFaults(argument as PracticeFaults);
    case 'stopNode':
    case 'startNode':
      return (server as CqlPracticeServer)[call](argument as number);
  }
}
