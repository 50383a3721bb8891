import { parentPort, workerData } from 'node:worker_threads';
import type { PracticeFaults } from './faults.ts';
import { startPracticeServer } from './practice-server.ts';
import type { PracticeServerOptions } from './practice-server.ts';

/** What the starting thread asks of this one; each is answered by a message with its `id`. */
export type PracticeCall =
  | { readonly id: number; readonly call: 'counters' | 'close' }
  | { readonly id: number; readonly call: 'setFaults'; readonly faults: PracticeFaults };

const port = parentPort!;
const server = await startPracticeServer(workerData as PracticeServerOptions);
port.on('message', async (message: PracticeCall) => {
  const value =
    message.call === 'setFaults' ? await server.setFaults(message.faults) : await server[message.call]();
  port.postMessage({ id: message.id, value });
  if (message.call === 'close') port.close();
});
port.postMessage({ id: 0, value: server.address });
