const ordinaryBytes = 64 << 10;
/** Frames up to a quarter of this share a buffer with others of their length. */
const sharedBytesAtMost = 1 << 20;

/** Buffers that frames are gathered in: as many as were on their way at once, each grown to the largest need. */
export class WriteBuffers {
  readonly #idle: Buffer[] = [];

  /** A buffer of at least `bytes`. */
  take(bytes: number): Buffer {
    const idle = this.#idle.pop();
    if (idle !== undefined && idle.length >= bytes) return idle;
    const room = Math.max(ordinaryBytes, bytes, Math.min(4 * bytes, sharedBytesAtMost));
    // Memory of its own, which the system maps only where frames really reach.
    return Buffer.allocUnsafeSlow(room);
  }

  giveBack(buffer: Buffer): void {
    this.#idle.push(buffer);
  }
}
