/*
 * MurmurHash3, x64, 128 bits, seed 0 (https://github.com/aappleby/smhasher), as Cassandra has it: bytes of the last,
 * incomplete block are signed.
 */
const blockBytes = 16;
const firstConstant = 0x87c37b91114253d5n;
const secondConstant = 0x4cf5ad432745937fn;

export interface Salt {
  /** Signed halves of 64 bits. */
  readonly high: number;
  readonly low: number;
}

/** What makes the values of one column of the predefined tables differ from those of another. */
export function saltOf(name: string): Salt {
  return saltOfText(`randomstr${name}`);
}

/** The hash of a text, its first 64 bits. */
export function saltOfText(text: string): Salt {
  const bytes = Buffer.from(text, 'utf8');
  let first = 0n;
  let second = 0n;
  let at = 0;
  for (; at + blockBytes <= bytes.length; at += blockBytes) {
    first ^= mixFirst(bytes.readBigUInt64LE(at));
    first = low64(low64(rotate(first, 27n) + second) * 5n + 0x52dce729n);
    second ^= mixSecond(bytes.readBigUInt64LE(at + 8));
    second = low64(low64(rotate(second, 31n) + first) * 5n + 0x38495ab5n);
  }
  const rest = bytes.subarray(at);
  if (rest.length > 8) second ^= mixSecond(signedBytes(rest.subarray(8)));
  if (rest.length > 0) first ^= mixFirst(signedBytes(rest.subarray(0, 8)));
  const length = BigInt(bytes.length);
  first ^= length;
  second ^= length;
  first = low64(first + second);
  second = low64(second + first);
  const hash = low64(finish(first) + finish(second));
  return { high: Number(BigInt.asIntN(32, hash >> 32n)), low: Number(BigInt.asIntN(32, hash)) };
}

function mixFirst(block: bigint): bigint {
  return low64(rotate(low64(block * firstConstant), 31n) * secondConstant);
}

function mixSecond(block: bigint): bigint {
  return low64(rotate(low64(block * secondConstant), 33n) * firstConstant);
}

function signedBytes(bytes: Buffer): bigint {
  let block = 0n;
  for (let at = 0; at < bytes.length; at++) block ^= BigInt(bytes.readInt8(at)) << BigInt(8 * at);
  return low64(block);
}

function finish(word: bigint): bigint {
  let mixed = low64((word ^ (word >> 33n)) * 0xff51afd7ed558ccdn);
  mixed = low64((mixed ^ (mixed >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return mixed ^ (mixed >> 33n);
}

function rotate(word: bigint, by: bigint): bigint {
  return low64(word << by) | (word >> (64n - by));
}

function low64(word: bigint): bigint {
  return BigInt.asUintN(64, word);
}
