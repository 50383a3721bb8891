/** Tells whether the same bytes were there before, without a string for each. */
export class SeenBytes {
  readonly #mask: number;
  /** An open hash table of the spans that were added. */
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;

  /** For up to `capacity` of them. */
  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(2 * capacity + 1));
    this.#mask = size - 1;
    this.#starts = new Float64Array(size);
    this.#ends = new Float64Array(size);
    this.clear();
  }

  clear(): void {
    this.#starts.fill(-1);
  }

  /** False where a span with the same bytes was added before. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    let hash = 0;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    for (; this.#starts[slot] !== -1; slot = (slot + 1) & this.#mask)
      if (same(bytes, this.#starts[slot]!, this.#ends[slot]!, start, end)) return false;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    return true;
  }
}

function same(bytes: Uint8Array, start: number, end: number, otherStart: number, otherEnd: number): boolean {
  if (end - start !== otherEnd - otherStart) return false;
  for (let at = start, other = otherStart; at < end; at++, other++)
    if (bytes[at] !== bytes[other]) return false;
  return true;
}
