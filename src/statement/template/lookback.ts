import { blockOperations, MixOrder } from '../../stress-client/mix-order.ts';
import type { LookbackOption } from '../load-options.ts';
import { mixShares } from '../mix-shares.ts';
import { valuesOfShares } from './stress/draws.ts';
import { WordStream } from './word-stream.ts';

/** Answers come, and most retries go out, while what was drawn for their operations is still there. */
const blocksAtMost = 64;
/** Operations next to each other that are found without drawing anything again. */
export const operationsAtHand = blocksAtMost * blockOperations;

/** INSERTs before each operation of a block, and before the block, which the others are without. */
interface WrittenBlock {
  block: number;
  writtenBefore: number;
  readonly written: Uint16Array;
}

/**
 * Where in a sequence of `size` indexes the operations of a MIX with LOOKBACK are: its INSERTs have the sequence for
 * themselves, and a QUERY is so far behind the INSERTs before it as it draws.
 */
export class Lookback {
  readonly #size: number;
  readonly #order: MixOrder;
  readonly #writes: readonly boolean[];
  readonly #isWrite: boolean;
  readonly #distances: (share: number) => number;
  readonly #stream: WordStream;
  /** Each block at the remainder of its number. */
  readonly #blocks: (WrittenBlock | undefined)[] = Array.from({ length: blocksAtMost }, () => undefined);

  constructor(
    { distribution, mix, writes, isWrite }: LookbackOption,
    size: number,
    name: string,
    seed: number,
  ) {
    this.#size = size;
    this.#order = new MixOrder(mixShares(seed, name, mix));
    this.#writes = writes;
    this.#isWrite = isWrite;
    this.#distances = valuesOfShares(distribution);
    this.#stream = new WordStream(seed, name, 'lookback');
  }

  /** From 0 up to, not including, the size. */
  positionOf(operation: number): number {
    const written = this.#writtenBeforeOperation(operation);
    if (this.#isWrite) return written % this.#size;
    const head = Math.min(written, this.#size);
    const distance = this.#distances(this.#stream.unit(operation, 0));
    if (distance <= head) return (head - distance) % this.#size;
    return head === 0 ? 0 : distance % head;
  }

  #writtenBeforeOperation(operation: number): number {
    const block = Math.floor(operation / blockOperations);
    let at = this.#blocks[block % blocksAtMost];
    if (at?.block !== block) at = this.#count(block);
    return at.writtenBefore + at.written[operation - block * blockOperations]!;
  }

  #count(block: number): WrittenBlock {
    const counted = (this.#blocks[block % blocksAtMost] ??= {
      block,
      writtenBefore: 0,
      written: new Uint16Array(blockOperations),
    });
    const first = block * blockOperations;
    counted.block = block;
    counted.writtenBefore = 0;
    for (const [member, writes] of this.#writes.entries())
      if (writes) counted.writtenBefore += this.#order.countBefore(first, member);
    let written = 0;
    for (let at = 0; at < blockOperations; at++) {
      counted.written[at] = written;
      if (this.#writes[this.#order.memberOf(first + at)] === true) written++;
    }
    return counted;
  }
}
