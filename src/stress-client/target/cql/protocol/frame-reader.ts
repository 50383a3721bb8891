import { bodyBytesAtMost, headerBytes } from './protocol-constants.ts';

const carryBytes = 16 << 10;
/** A buffer that one frame made larger than this is not kept. */
const keptCarryBytesAtMost = 1 << 20;

/** A whole frame: its header starts at `start`. The bytes are the reader's again once the call returns. */
export type FrameListener = (bytes: Buffer, start: number, bodyLength: number) => void;

/** Cuts what a socket reads into frames; only a frame that comes in pieces is copied. */
export class FrameReader {
  onFrame: FrameListener;
  readonly #onBroken: (message: string) => void;
  #broken = false;
  #carry = Buffer.allocUnsafeSlow(carryBytes);
  #carried = 0;

  /** `onBroken` is called once, where bytes are no frames; what follows them is not read. */
  constructor(onFrame: FrameListener, onBroken: (message: string) => void) {
    this.onFrame = onFrame;
    this.#onBroken = onBroken;
  }

  /** Reads the first `length` of the bytes. */
  read(bytes: Buffer, length: number): void {
    let at = 0;
    while (this.#carried > 0 && at < length && !this.#broken) at = this.#readCarried(bytes, at, length);
    while (length - at >= headerBytes && !this.#broken) {
      const bodyLength = this.#bodyLength(bytes, at);
      const end = at + headerBytes + bodyLength;
      if (end > length || this.#broken) break;
      this.onFrame(bytes, at, bodyLength);
      at = end;
    }
    if (at < length && !this.#broken) this.#append(bytes, at, length);
  }

  /** Reads on in the frame whose beginning is carried; returns how far. */
  #readCarried(bytes: Buffer, start: number, length: number): number {
    if (this.#carried < headerBytes) {
      const end = Math.min(length, start + headerBytes - this.#carried);
      this.#append(bytes, start, end);
      if (this.#carried < headerBytes) return end;
      start = end;
    }
    const bodyLength = this.#bodyLength(this.#carry, 0);
    if (this.#broken) return start;
    const frameLength = headerBytes + bodyLength;
    this.#reserve(frameLength);
    const end = Math.min(length, start + frameLength - this.#carried);
    this.#append(bytes, start, end);
    if (this.#carried < frameLength) return end;
    this.#carried = 0;
    this.onFrame(this.#carry, 0, bodyLength);
    if (this.#carry.length > keptCarryBytesAtMost) this.#carry = Buffer.allocUnsafeSlow(carryBytes);
    return end;
  }

  #append(bytes: Buffer, start: number, end: number): void {
    this.#reserve(this.#carried + end - start);
    bytes.copy(this.#carry, this.#carried, start, end);
    this.#carried += end - start;
  }

  #reserve(length: number): void {
    if (this.#carry.length >= length) return;
    const larger = Buffer.allocUnsafeSlow(length);
    this.#carry.copy(larger, 0, 0, this.#carried);
    this.#carry = larger;
  }

  #bodyLength(bytes: Buffer, at: number): number {
    // Answers of other versions are let through: a server that can't speak this one says so in its own.
    const version = bytes[at]! - 0x80;
    const length = (bytes[at + 5]! << 24) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 8) | bytes[at + 8]!;
    if (version < 3 || version > 6 || length < 0 || length > bodyBytesAtMost) {
      this.#broken = true;
      this.#onBroken('what answers does not speak the CQL protocol');
    }
    return length;
  }
}
