import type { FileStore } from './file-store.ts';

/** What a file holds back while its disk takes nothing. */
const pendingBytesAtMost = 32 << 20;

/**
 * A file of lines that grows while a run goes on. `append` returns at once and never throws: what can't be
 * written is kept up to 32 MiB and tried again with what comes next, and beyond that lost and counted.
 */
export class GrowingFile {
  readonly #files: FileStore;
  readonly #path: string;
  readonly #onProblem: (problem: unknown) => void;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Bytes that are in the file for certain. A write that failed half way is written again over itself. */
  #written = 0;
  #lostBytes = 0;
  #writing: Promise<void> | undefined;

  constructor(files: FileStore, path: string, onProblem: (problem: unknown) => void) {
    this.#files = files;
    this.#path = path;
    this.#onProblem = onProblem;
  }

  append(text: string): void {
    const bytes = Buffer.from(text);
    if (this.#pendingBytes + bytes.length > pendingBytesAtMost) {
      this.#lostBytes += bytes.length;
      return;
    }
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Writes what is pending; tells how many bytes are lost. */
  async close(): Promise<number> {
    await this.#writing;
    if (this.#pendingBytes > 0) await this.#write();
    return this.#lostBytes + this.#pendingBytes;
  }

  async #write(): Promise<void> {
    // A turn of the event loop gathers what one interval appends into one write.
    await new Promise((resolve) => void setImmediate(resolve));
    while (this.#pending.length > 0) {
      const pieces = this.#pending.length;
      const bytes = Buffer.concat(this.#pending);
      try {
        await this.#files.writeAt(this.#path, this.#written, bytes);
      } catch (problem) {
        this.#onProblem(problem);
        return;
      }
      this.#pending.splice(0, pieces);
      this.#pendingBytes -= bytes.length;
      this.#written += bytes.length;
    }
  }
}
