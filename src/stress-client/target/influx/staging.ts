/** Buffers that operations are written into: as many as were in use at once, each grown to the largest need. */
export class StagingBuffers {
  readonly #idle: Buffer[] = [];

  /** A buffer of at least `bytes`. */
  take(bytes: number): Buffer {
    const idle = this.#idle.pop();
    // Memory of its own, which the system maps only where an operation really reaches.
    return idle !== undefined && idle.length >= bytes ? idle : Buffer.allocUnsafeSlow(bytes);
  }

  giveBack(buffer: Buffer): void {
    this.#idle.push(buffer);
  }
}
