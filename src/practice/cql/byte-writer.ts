/**
 * Bytes of the native protocol, one after another, in a buffer that grows: numbers big-endian, strings UTF-8
 * (native_protocol_v4.spec, section 3).
 */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(bytes = 1024) {
    this.#buffer = Buffer.allocUnsafe(bytes);
  }

  get length(): number {
    return this.#length;
  }

  /** Makes room for `bytes` more, and returns the buffer for whoever writes into it at `length` itself. */
  room(bytes: number): Buffer {
    if (this.#length + bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    return this.#buffer;
  }

  /** Counts in what was written into `room`. */
  skip(bytes: number): void {
    this.#length += bytes;
  }

  byte(value: number): void {
    this.room(1)[this.#length++] = value;
  }

  short(value: number): void {
    this.room(2).writeUInt16BE(value, this.#length);
    this.#length += 2;
  }

  int(value: number): void {
    this.room(4).writeInt32BE(value, this.#length);
    this.#length += 4;
  }

  raw(value: Uint8Array): void {
    this.room(value.length).set(value, this.#length);
    this.#length += value.length;
  }

  string(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.short(bytes);
    this.room(bytes).write(value, this.#length);
    this.#length += bytes;
  }

  /** [bytes]; null has the length -1. */
  bytes(value: Uint8Array | null): void {
    this.int(value === null ? -1 : value.length);
    if (value !== null) this.raw(value);
  }

  shortBytes(value: Uint8Array): void {
    this.short(value.length);
    this.raw(value);
  }

  stringList(values: readonly string[]): void {
    this.short(values.length);
    for (const value of values) this.string(value);
  }

  /** The four bytes at `offset`, once it is known what belongs there. */
  setInt(offset: number, value: number): void {
    this.#buffer.writeInt32BE(value, offset);
  }

  /** What was written since `start`, as a copy of its own. */
  copyFrom(start: number): Buffer {
    return Buffer.from(this.#buffer.subarray(start, this.#length));
  }

  /** Forgets what was written since `start`. */
  cutTo(start: number): void {
    this.#length = start;
  }
}
