import { deflateSync } from 'node:zlib';
import { histogramLayout } from '../stress-client/results.ts';
import type { Buckets } from '../stress-client/buckets.ts';

/*
 * HdrHistogram's V2 encoding (https://github.com/HdrHistogram/HdrHistogram, AbstractHistogram:
 * encodeIntoByteBuffer, encodeIntoCompressedByteBuffer, and ZigZagEncoding). From the buckets, since these are
 * what is kept of an interval whose histogram has gone on to the next one.
 */
export const plainCookie = 0x1c849303 | 0x10;
export const compressedCookie = 0x1c849304 | 0x10;
export const headBytes = 40;
/** The usual 256 KiB of tables are made anew for every histogram, whose few KiB need no more than this. */
const smallDeflate = { windowBits: 13, memLevel: 6, chunkSize: 4096 };
/** A count takes at most 8 bytes, and so does the run of zeros before it. */
const bucketBytesAtMost = 16;

/** A histogram of `histogramLayout` as logs and summaries hold it: V2, compressed, base64. */
export function encodeBuckets({ indexes, counts }: Buckets): string {
  const plain = Buffer.allocUnsafe(headBytes + indexes.length * bucketBytesAtMost);
  let end = headBytes;
  let next = 0;
  for (const [at, index] of indexes.entries()) {
    const zeros = index - next;
    // Values are zigzag: counts are even, runs of zeros (negative counts) odd; a single zero is itself.
    if (zeros === 1) plain[end++] = 0;
    else if (zeros > 1) end = writeVarint(plain, end, 2 * zeros - 1);
    end = writeVarint(plain, end, 2 * counts[at]!);
    next = index + 1;
  }
  plain.writeInt32BE(plainCookie, 0);
  plain.writeInt32BE(end - headBytes, 4);
  plain.writeInt32BE(0, 8); // Normalising index offset.
  plain.writeInt32BE(histogramLayout.numberOfSignificantValueDigits, 12);
  plain.writeBigInt64BE(BigInt(histogramLayout.lowestDiscernibleValue), 16);
  plain.writeBigInt64BE(BigInt(histogramLayout.highestTrackableValue), 24);
  plain.writeDoubleBE(1, 32); // Integer to double conversion ratio.
  const compressed = deflateSync(plain.subarray(0, end), smallDeflate);
  const head = Buffer.allocUnsafe(8);
  head.writeInt32BE(compressedCookie, 0);
  head.writeInt32BE(compressed.length, 4);
  return Buffer.concat([head, compressed]).toString('base64');
}

/** LEB128: 7 bits a byte, the lowest first. `value` is below 2^53. */
function writeVarint(to: Buffer, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) to[at++] = (rest % 0x80) | 0x80;
  to[at++] = rest;
  return at;
}
