/** A token of the ring: 64 bits with a sign, in two halves. */
export interface Token {
  /** The upper 32 bits, with the sign. */
  readonly high: number;
  /** The lower 32 bits, without one. */
  readonly low: number;
}

const c1 = 0x87c37b91114253d5n;
const c2 = 0x4cf5ad432745937fn;

/**
 * The token of a partition key, as Cassandra's Murmur3Partitioner makes it: the upper half of MurmurHash3 x64 128
 * with bytes that have a sign.
 */
export function tokenOf(key: Uint8Array): Token {
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  let h1 = 0n;
  let h2 = 0n;
  const blocks = key.length >> 4;
  for (let block = 0; block < blocks; block++) {
    h1 = h1 ^ mixed1(view.getBigUint64(block * 16, true));
    h1 = low64((rotated(h1, 27n) + h2) * 5n + 0x52dce729n);
    h2 = h2 ^ mixed2(view.getBigUint64(block * 16 + 8, true));
    h2 = low64((rotated(h2, 31n) + h1) * 5n + 0x38495ab5n);
  }
  let k1 = 0n;
  let k2 = 0n;
  for (let index = key.length - 1; index >= blocks * 16; index--) {
    const place = index - blocks * 16;
    // Java's bytes have a sign, and the reference's have none: Cassandra's tokens are Java's.
    const byte = BigInt(view.getInt8(index));
    if (place >= 8) k2 = low64(k2 ^ (byte << BigInt((place - 8) * 8)));
    else k1 = low64(k1 ^ (byte << BigInt(place * 8)));
  }
  h1 ^= mixed1(k1) ^ BigInt(key.length);
  h2 ^= mixed2(k2) ^ BigInt(key.length);
  h1 = low64(h1 + h2);
  h2 = low64(h2 + h1);
  h1 = low64(finished(h1) + finished(h2));
  // The least token is the ring's beginning, and no key's.
  if (h1 === 1n << 63n) h1 = (1n << 63n) - 1n;
  return { high: Number(BigInt.asIntN(32, h1 >> 32n)), low: Number(h1 & 0xffff_ffffn) };
}

export function compareTokens(one: Token, other: Token): number {
  return one.high - other.high || one.low - other.low;
}

export function tokenValue({ high, low }: Token): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

function mixed1(k: bigint): bigint {
  return low64(rotated(low64(k * c1), 31n) * c2);
}

function mixed2(k: bigint): bigint {
  return low64(rotated(low64(k * c2), 33n) * c1);
}

function finished(h: bigint): bigint {
  h = low64((h ^ (h >> 33n)) * 0xff51afd7ed558ccdn);
  h = low64((h ^ (h >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return h ^ (h >> 33n);
}

function rotated(value: bigint, bits: bigint): bigint {
  return low64(value << bits) | (value >> (64n - bits));
}

function low64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
