/** Tokens above `start`, up to `end` and with it. The smallest token ends what has no end. */
export interface TokenRange {
  readonly start: bigint;
  readonly end: bigint;
}

const smallest = -(2n ** 63n);

/**
 * The ranges between the tokens of a ring, rising, each split into `parts`: as many ranges of all but the same size.
 * None goes past the ring's end; a token by itself parts nothing. `tokens` are those of Murmur3, in any order.
 */
export function tokenRanges(tokens: readonly bigint[], parts: number): readonly TokenRange[] {
  const inner = (tokens.length > 1 ? tokens : [])
    .filter((token) => token !== smallest)
    .sort((one, other) => (one < other ? -1 : 1));
  const starts = [smallest, ...inner];
  return starts.flatMap((start, at) => split({ start, end: starts[at + 1] ?? smallest }, parts));
}

/** The first ones are larger by one where it does not come out even. */
function split({ start, end }: TokenRange, parts: number): readonly TokenRange[] {
  const size = BigInt.asUintN(64, end - start) || 2n ** 64n - 1n;
  const count = BigInt(Math.max(1, parts));
  const [each, rest] = [size / count, size % count];
  const startOf = (part: bigint): bigint => start + part * each + (part < rest ? part : rest);
  return Array.from({ length: Number(count) }, (_, at) => ({
    start: startOf(BigInt(at)),
    end: at + 1 === Number(count) ? end : startOf(BigInt(at + 1)),
  }));
}
