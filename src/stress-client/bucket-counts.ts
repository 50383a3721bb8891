import { bucketCount } from './bucket-layout.ts';
import type { Buckets } from './buckets.ts';

const firstSlotsLog2 = 6;
/** No bucket has this index. */
const nobody = 0xffff;
/** 2^32 over the golden ratio: neighbours, of which times have many, are spread over the whole table. */
const spread = 0x9e3779b1;
/** Where counts are put in order; zeros but for then. */
const dense = new Float64Array(bucketCount);

/**
 * A count for each bucket that is not empty, exact to 2^53, in a table as large as these are many: hundreds of
 * statements with few operations in an interval take little memory, and little time to be told.
 */
export class BucketCounts {
  /** Buckets where `spread` puts them, or in the next slot that was free. At most half of the slots are taken. */
  #slots = new Uint16Array(1 << firstSlotsLog2).fill(nobody);
  #counts = new Float64Array(1 << firstSlotsLog2);
  #shift = 32 - firstSlotsLog2;
  #taken = 0;

  add(bucket: number, count: number): void {
    const slot = this.#slotOf(bucket);
    this.#counts[slot]! += count;
    if (this.#slots[slot] === bucket) return;
    this.#slots[slot] = bucket;
    if (2 * ++this.#taken > this.#slots.length) this.#grow();
  }

  /** Buckets rising, without those that are empty. */
  sparse(): Pick<Buckets, 'indexes' | 'counts'> {
    let lowest = bucketCount;
    let highest = -1;
    for (const [slot, bucket] of this.#slots.entries()) {
      if (bucket === nobody) continue;
      dense[bucket] = this.#counts[slot]!;
      if (bucket < lowest) lowest = bucket;
      if (bucket > highest) highest = bucket;
    }
    const indexes = new Uint16Array(this.#taken);
    const counts = new Float64Array(this.#taken);
    let size = 0;
    for (let bucket = lowest; bucket <= highest; bucket++) {
      if (dense[bucket] === 0) continue;
      indexes[size] = bucket;
      counts[size++] = dense[bucket]!;
      dense[bucket] = 0;
    }
    return { indexes, counts };
  }

  clear(): void {
    this.#slots.fill(nobody);
    this.#counts.fill(0);
    this.#taken = 0;
  }

  /** The slot of a bucket, or the one that it takes. */
  #slotOf(bucket: number): number {
    const slots = this.#slots;
    const last = slots.length - 1;
    let slot = Math.imul(bucket, spread) >>> this.#shift;
    while (slots[slot] !== bucket && slots[slot] !== nobody) slot = (slot + 1) & last;
    return slot;
  }

  #grow(): void {
    const { indexes, counts } = this.sparse();
    const length = 2 * this.#slots.length;
    this.#slots = new Uint16Array(length).fill(nobody);
    this.#counts = new Float64Array(length);
    this.#shift--;
    for (const [at, bucket] of indexes.entries()) {
      const slot = this.#slotOf(bucket);
      this.#slots[slot] = bucket;
      this.#counts[slot] = counts[at]!;
    }
  }
}
