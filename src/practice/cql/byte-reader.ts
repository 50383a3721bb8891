import { protocolError } from './cql-refusal.ts';

/** A value as a request brings it: `undefined` leaves the column as it is. */
export type BoundValue = Buffer | null | undefined;

/** Reads the body of a request; a body that ends too early is a protocol error. */
export class ByteReader {
  readonly #buffer: Buffer;
  readonly #end: number;
  #offset: number;

  constructor(buffer: Buffer, offset = 0, end = buffer.length) {
    this.#buffer = buffer;
    this.#offset = offset;
    this.#end = end;
  }

  byte(): number {
    return this.#buffer[this.#take(1)]!;
  }

  short(): number {
    return this.#buffer.readUInt16BE(this.#take(2));
  }

  int(): number {
    return this.#buffer.readInt32BE(this.#take(4));
  }

  string(): string {
    return this.#text(this.short());
  }

  longString(): string {
    return this.#text(this.int());
  }

  shortBytes(): Buffer {
    return this.#slice(this.short());
  }

  /** [bytes], and [value] with its -2 for unset. The bytes are a view into the request. */
  value(): BoundValue {
    const length = this.int();
    if (length >= 0) return this.#slice(length);
    if (length === -1) return null;
    if (length === -2) return undefined;
    throw protocolError(`Invalid ByteBuf length ${length}`);
  }

  /** Goes on in a copy of what is left, so that values don't hold the piece of the stream in which they came. */
  detach(): ByteReader {
    return new ByteReader(Buffer.from(this.#buffer.subarray(this.#offset, this.#end)));
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  stringMap(): Map<string, string> {
    const map = new Map<string, string>();
    for (let left = this.short(); left > 0; left--) map.set(this.string(), this.string());
    return map;
  }

  stringList(): readonly string[] {
    return Array.from({ length: this.short() }, () => this.string());
  }

  #text(length: number): string {
    const start = this.#take(length);
    return this.#buffer.toString('utf8', start, start + length);
  }

  #slice(length: number): Buffer {
    const start = this.#take(length);
    return this.#buffer.subarray(start, start + length);
  }

  #take(bytes: number): number {
    const start = this.#offset;
    if (bytes < 0 || start + bytes > this.#end) {
      throw protocolError(
        'Not enough bytes to read an UTF8 serialized string or value preceded by its length',
      );
    }
    this.#offset = start + bytes;
    return start;
  }
}
