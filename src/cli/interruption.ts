/** Ctrl-C and SIGTERM, handed to whoever runs; the first to come is what the process ends with. */
export class Interruption {
  #signal: 'SIGINT' | 'SIGTERM' | undefined;
  readonly #listeners = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();
  readonly #sigint = (): void => this.#caught('SIGINT');
  readonly #sigterm = (): void => this.#caught('SIGTERM');

  constructor() {
    process.on('SIGINT', this.#sigint);
    process.on('SIGTERM', this.#sigterm);
  }

  get signal(): 'SIGINT' | 'SIGTERM' | undefined {
    return this.#signal;
  }

  /** Called at every signal, also the second, and at once where one has come already. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): void {
    this.#listeners.add(listener);
    if (this.#signal !== undefined) listener(this.#signal);
  }

  /** Gives the signals back to Node. */
  release(): void {
    process.off('SIGINT', this.#sigint);
    process.off('SIGTERM', this.#sigterm);
  }

  #caught(signal: 'SIGINT' | 'SIGTERM'): void {
    this.#signal ??= signal;
    for (const listener of this.#listeners) listener(signal);
  }
}
