import { headerFlags, headerBytes } from './protocol-constants.ts';

/**
 * Reads the notations of native_protocol_v4.spec, section 3, one after the other. What is cut off throws a
 * RangeError.
 */
export class BodyReader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /**
   * Reads the body of the frame that starts at `start`, behind what its flags put in front of it: tracing id,
   * warnings, custom payload.
   */
  static ofFrame(bytes: Buffer, start: number, bodyLength: number): BodyReader {
    const flags = bytes[start + 1]!;
    const bodyStart = start + headerBytes;
    const reader = new BodyReader(bytes, bodyStart, bodyStart + bodyLength);
    if ((flags & headerFlags.tracing) !== 0) reader.#take(16);
    if ((flags & headerFlags.warning) !== 0) reader.stringList();
    if ((flags & headerFlags.customPayload) !== 0) {
      for (let left = reader.short(); left > 0; left--) {
        reader.string();
        reader.bytes();
      }
    }
    return reader;
  }

  /** Where what comes next starts. */
  get at(): number {
    return this.#at;
  }

  byte(): number {
    return this.#bytes[this.#take(1)]!;
  }

  short(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  int(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  string(): string {
    return this.#text(this.short());
  }

  stringList(): string[] {
    return Array.from({ length: this.short() }, () => this.string());
  }

  stringMultimap(): Map<string, readonly string[]> {
    const map = new Map<string, readonly string[]>();
    for (let left = this.short(); left > 0; left--) map.set(this.string(), this.stringList());
    return map;
  }

  /** [bytes]; null where the length is negative. The result lives as long as what is read from. */
  bytes(): Buffer | null {
    const length = this.int();
    return length < 0 ? null : this.#slice(length);
  }

  shortBytes(): Buffer {
    return this.#slice(this.short());
  }

  #text(length: number): string {
    const start = this.#take(length);
    return this.#bytes.toString('utf8', start, start + length);
  }

  #slice(length: number): Buffer {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Steps over `length` bytes; returns where they start. */
  #take(length: number): number {
    const start = this.#at;
    if (start + length > this.#end) throw new RangeError('the body ends too early');
    this.#at = start + length;
    return start;
  }
}
