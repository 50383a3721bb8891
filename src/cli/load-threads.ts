import { extname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { ClientBeginning } from '../stress-client/client-messages.ts';
import type { ClientListener, ClientPort } from '../stress-client/client-port.ts';
import { RemoteClient } from '../stress-client/remote-client.ts';
import type { ThreadProfile, ThreadRun } from './serve-profile.ts';

/** Calls after which a function is compiled by V8's last compiler; the other is V8's own figure. */
const hotAfterCalls = 500;
const hotAfterCallsByDefault = 3000;

/** Sending allocates next to nothing: a small young generation is looked through in less time, and holds less memory. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/**
 * The threads that send load, so that what this one does besides (compressing, printing, reporting) is not measured
 * as the database's. The first starts at once, and compiles the profile while this one does: neither waits for the other.
 */
export class LoadThreads {
  readonly #threads = [new LoadThread()];
  #profile: ThreadProfile | undefined;

  /** Has the first thread compile a profile's plans. */
  compile(profile: ThreadProfile): void {
    this.#profile = profile;
    this.#threads[0]!.tell(profile);
  }

  /** Has so many threads get ready for a run of the profile, which has no errors. */
  prepare(run: ThreadRun, count: number): void {
    while (this.#threads.length < count) {
      const another = new LoadThread();
      another.tell(this.#profile!);
      this.#threads.push(another);
    }
    for (const thread of this.#threads) thread.tell(run);
  }

  /** The client of a thread that has a profile. What goes wrong in the thread is told as `broken`. */
  client(index: number, beginning: ClientBeginning, listener: ClientListener): ClientPort {
    return this.#threads[index]!.client(beginning, listener);
  }

  /**
   * To be called when all code is loaded and the load begins. V8's middle compiler takes 1 MB and more for each
   * function of straight-line code, and keeps it: 200 MB for 200 statements. What sends is hot at once, and is
   * compiled by the last one all the same: at a low rate, too, where it would take a good part of a minute until a
   * function has run as often as V8 asks for. What this thread does besides leaves its heap small: its young
   * generation would still grow to 128 MB, with all that survives in it in the course of a run. Flags are of the
   * process, and Node's cache of compiled code is only read and written where they are as it began: so they are put
   * back at the end.
   */
  sending(): void {
    setFlagsFromString('--no-maglev');
    setFlagsFromString('--semi-space-growth-factor=1');
    setFlagsFromString(`--invocation-count-for-turbofan=${hotAfterCalls}`);
  }

  /** Ends all of them, whatever they do. */
  async end(): Promise<void> {
    setFlagsFromString('--maglev');
    setFlagsFromString('--semi-space-growth-factor=2');
    setFlagsFromString(`--invocation-count-for-turbofan=${hotAfterCallsByDefault}`);
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}

class LoadThread {
  readonly #worker: Worker;
  #closing = false;
  #problem: string | undefined;
  #listener: ClientListener | undefined;

  constructor() {
    const script = new URL(`./load-thread${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(script, { resourceLimits });
    this.#worker.on('error', (error) =>
      this.#broken(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    this.#worker.on('exit', () => {
      if (!this.#closing) this.#broken('it ended by itself');
    });
  }

  tell(message: ThreadProfile | ThreadRun): void {
    this.#worker.postMessage(message);
  }

  client(beginning: ClientBeginning, listener: ClientListener): ClientPort {
    this.#listener = listener;
    if (this.#problem !== undefined) listener.broken(this.#problem);
    return new RemoteClient(this.#worker, beginning, listener);
  }

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
