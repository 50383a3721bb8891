import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ClientBeginning } from '../stress-client/client-messages.ts';
import type { ClientListener, ClientPort } from '../stress-client/client-port.ts';
import { RemoteClient } from '../stress-client/remote-client.ts';
import type { LoadThreadData } from './load-thread.ts';

/** Sending allocates next to nothing: a small young generation is looked through in less time, and holds less memory. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/**
 * A thread that sends load, so that what this one does besides (compressing, printing, reporting) is not measured
 * as the database's. It begins to compile the profile's plans when it is made.
 */
export class LoadThread {
  readonly #worker: Worker;
  #closing = false;
  #problem: string | undefined;
  #listener: ClientListener | undefined;

  constructor(data: LoadThreadData) {
    const script = new URL(`./load-thread${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(script, { workerData: data, resourceLimits });
    this.#worker.on('error', (error) =>
      this.#broken(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    this.#worker.on('exit', () => {
      if (!this.#closing) this.#broken('it ended by itself');
    });
  }

  /** Its client. What goes wrong in the thread is told as `broken`. */
  client(beginning: ClientBeginning, listener: ClientListener): ClientPort {
    this.#listener = listener;
    if (this.#problem !== undefined) listener.broken(this.#problem);
    return new RemoteClient(this.#worker, beginning, listener);
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    this.#closing = true;
    await this.#worker.terminate();
  }

  #broken(problem: string): void {
    if (this.#problem !== undefined) return;
    this.#problem = problem;
    this.#listener?.broken(problem);
  }
}
