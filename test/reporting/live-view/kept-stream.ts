import { Writable } from 'node:stream';

/** A stream that keeps what is written. */
export class KeptStream extends Writable {
  written = '';

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.written += chunk;
    done();
  }
}
