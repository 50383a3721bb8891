import { Writable } from 'node:stream';

/** A stream that keeps what is written. */
export class KeptStream extends Writable {
  written = '';
  /** How often it was written to. */
  writes = 0;

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.writes++;
    this.written += chunk;
    done();
  }
}
