const twoTo32 = 0x1_0000_0000;

/** A hash of 64 bits as signed halves: 31 times what it was, plus what is added, as java.lang.String has it. */
export class ColumnHash {
  high = 0;
  low = 0;

  clear(): void {
    this.high = 0;
    this.low = 0;
  }

  copy({ high, low }: ColumnHash): void {
    this.high = high;
    this.low = low;
  }

  /** Adds a number of 64 bits. */
  add(high: number, low: number): void {
    const sum = (this.low >>> 0) * 31 + (low >>> 0);
    this.high = (Math.imul(this.high, 31) + Math.floor(sum / twoTo32) + high) | 0;
    this.low = sum | 0;
  }

  /** Adds a whole number within ±(2^53 - 1). */
  addWhole(value: number): void {
    this.add(Math.floor(value / twoTo32) | 0, value | 0);
  }

  /** Adds bytes one by one, each with its sign. */
  addBytes(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; at++) {
      const byte = (bytes[at]! << 24) >> 24;
      this.add(byte >> 31, byte);
    }
  }

  /** Adds characters below 128 one by one. */
  addText(text: string): void {
    for (let at = 0; at < text.length; at++) this.add(0, text.charCodeAt(at));
  }

  /** Adds characters as signed bytes one by one. */
  addSignedBytes(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const byte = (text.charCodeAt(at) << 24) >> 24;
      this.add(byte >> 31, byte);
    }
  }
}
