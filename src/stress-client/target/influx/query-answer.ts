import { jsonText } from './json-text.ts';

const quote = 0x22;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** results, series, values, row: a value row is an array inside three others. */
const rowDepth = 4;
/** The answer and each of its results; tags and messages lie deeper. */
const errorDepthAtMost = 2;
const keptErrorBytes = 1024;

/**
 * Reads an InfluxQL answer (`{"results":[{"series":[{"values":[[…],…]}],"error":"…"}]}`) as it arrives, keeping
 * nothing but its count of value rows and its first error: a pass over the bytes, without building the JSON.
 */
export class QueryAnswer {
  rows = 0;
  /** The first `error`, unescaped; undefined where the query was answered well. */
  error: string | undefined = undefined;

  #arrays = 0;
  #objects = 0;
  #begun = false;
  #inString = false;
  #escaped = false;
  /** Bytes of the string being read that may be the key `error` or its text. */
  #kept: number[] | undefined = undefined;
  #errorFollows = false;

  /** Forgets the answer before. */
  reset(): void {
    this.rows = 0;
    this.error = undefined;
    this.#arrays = 0;
    this.#objects = 0;
    this.#begun = false;
    this.#inString = false;
    this.#escaped = false;
    this.#kept = undefined;
    this.#errorFollows = false;
  }

  /** Whether what was read so far is a whole JSON object. */
  get complete(): boolean {
    return this.#begun && this.#objects === 0 && this.#arrays === 0 && !this.#inString;
  }

  read(chunk: Uint8Array): void {
    let arrays = this.#arrays;
    let rows = this.rows;
    let at = this.#inString ? this.#readString(chunk, 0) : 0;
    while (at < chunk.length) {
      const byte = chunk[at++]!;
      // Digits and what stands between them: nearly every byte.
      if (byte < openArray && byte !== quote) continue;
      if (byte === quote) {
        this.#inString = true;
        if (this.error === undefined && this.#objects <= errorDepthAtMost) this.#kept = [];
        at = this.#readString(chunk, at);
      } else if (byte === openArray) {
        if (++arrays === rowDepth) rows++;
      } else if (byte === closeArray) {
        arrays--;
      } else if (byte === openObject) {
        this.#objects++;
        this.#begun = true;
      } else if (byte === closeObject) {
        this.#objects--;
      }
    }
    this.#arrays = arrays;
    this.rows = rows;
  }

  /** Reads on in a string; returns where it, or the chunk, ends. */
  #readString(chunk: Uint8Array, start: number): number {
    const kept = this.#kept;
    let escaped = this.#escaped;
    let at = start;
    while (at < chunk.length) {
      const byte = chunk[at++]!;
      if (escaped) {
        escaped = false;
      } else if (byte === backslash) {
        escaped = true;
      } else if (byte === quote) {
        this.#inString = false;
        this.#escaped = false;
        if (kept !== undefined) this.#endKept(Buffer.from(kept).toString());
        this.#kept = undefined;
        return at;
      }
      if (kept !== undefined && kept.length < keptErrorBytes) kept.push(byte);
    }
    this.#escaped = escaped;
    return at;
  }

  #endKept(text: string): void {
    if (this.#errorFollows) this.error = jsonText(text);
    this.#errorFollows = text === 'error';
  }
}
