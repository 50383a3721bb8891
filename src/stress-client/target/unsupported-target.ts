import type { Answer, Sender, Target, TargetError } from './target.ts';

/** A target that this version cannot speak to: opening it says so. */
export class UnsupportedTarget implements Target {
  readonly #error: TargetError;

  constructor(message: string) {
    this.#error = { errorClass: 'client', message, status: 0 };
  }

  open(): Promise<TargetError> {
    return Promise.resolve(this.#error);
  }

  prepare(): Promise<Sender | TargetError> {
    return Promise.resolve(this.#error);
  }

  flush(): void {}

  passThrough(): Promise<Answer> {
    return Promise.resolve({ ok: false, error: this.#error });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
