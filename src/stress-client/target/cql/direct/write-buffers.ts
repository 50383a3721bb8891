const ordinaryBytes = 64 << 10;

/** Buffers that frames are gathered in: as many as were on their way at once, each grown to the largest need. */
export class WriteBuffers {
  readonly #idle: Buffer[] = [];

  /** A buffer of at least `bytes`. */
  take(bytes: number): Buffer {
    const idle = this.#idle.pop();
    // For several such frames; memory of its own, which the system maps only where frames really reach.
    return idle !== undefined && idle.length >= bytes
      ? idle
      : Buffer.allocUnsafeSlow(Math.max(4 * bytes, ordinaryBytes));
  }

  giveBack(buffer: Buffer): void {
    this.#idle.push(buffer);
  }
}
