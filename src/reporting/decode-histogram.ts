import { inflateSync } from 'node:zlib';
import { type Histogram, JsHistogram } from 'hdr-histogram-js';
import { bucketCount, bucketOf } from '../stress-client/bucket-layout.ts';
import { rangeOfBucket, type Buckets } from '../stress-client/buckets.ts';
import type { TimeName } from '../stress-client/results.ts';
import { compressedCookie, headBytes, plainCookie } from './histogram-encoding.ts';
import { StoredRunError } from './stored-run-error.ts';
import type { TallySummary } from './summary.ts';

/** Of an interval's histogram, uncompressed; larger ones take several pieces. zlib's own 16 KiB a piece are slow to make. */
const usualBytes = 2048;

/**
 * What `encodeBuckets` has encoded; the smallest and the largest sample are those of their buckets. Undefined without a
 * sample. Straight from the bytes: a long run has a million histograms of intervals, and the library makes a whole one
 * of 135 kB of each.
 */
export function decodeBuckets(encoded: string): Buckets | undefined {
  const compressed = Buffer.from(encoded, 'base64');
  const plain = inflateSync(compressed.subarray(8), { chunkSize: usualBytes });
  if (compressed.readInt32BE(0) !== compressedCookie || plain.readInt32BE(0) !== plainCookie) {
    throw new RangeError('expected a histogram in HdrHistogram’s V2 encoding');
  }
  const indexes: number[] = [];
  const counts: number[] = [];
  let [at, index, count] = [headBytes, 0, 0];
  while (at < plain.length) {
    // LEB128, without shifts: counts may be above 31 bits.
    let byte = plain[at++]!;
    let value = byte & 0x7f;
    for (let unit = 0x80; byte >= 0x80; unit *= 0x80) {
      byte = plain[at++]!;
      value += (byte & 0x7f) * unit;
    }
    // Zigzag: an even value is a count, an odd one a run of empty buckets.
    if (value % 2 === 1) index += (value + 1) / 2;
    else {
      if (value > 0) {
        indexes.push(index);
        counts.push(value / 2);
        count += value / 2;
      }
      index++;
    }
  }
  if (count === 0) return undefined;
  if (indexes.at(-1)! >= bucketCount) throw new RangeError('expected samples of at most an hour');
  const last = rangeOfBucket(indexes.at(-1)!);
  return {
    count,
    indexes: new Uint16Array(indexes),
    counts: new Float64Array(counts),
    minimumNs: rangeOfBucket(indexes[0]!).lowestNs,
    maximumNs: last.lowestNs + last.width - 1,
  };
}

/**
 * The samples of a stored time of a statement, or of an interval of it; undefined where it has none. Throws a
 * StoredRunError where they can't be decoded.
 */
export function storedBuckets(
  of: Pick<TallySummary, 'times'> & { readonly name: string; readonly interval?: number },
  time: TimeName,
): Buckets | undefined {
  const stored = of.times[time];
  if (stored === undefined) return undefined;
  const buckets = decodedOrUndefined(stored.histogram);
  if (buckets !== undefined) return buckets;
  const where = of.interval === undefined ? '' : ` in interval ${of.interval}`;
  throw new StoredRunError(`the histogram of ${time} times of ${of.name}${where} can’t be decoded`);
}

function decodedOrUndefined(encoded: string): Buckets | undefined {
  try {
    return decodeBuckets(encoded);
  } catch {
    return undefined;
  }
}

/** The buckets of a histogram of `histogramLayout`. */
export function bucketsOf(histogram: Histogram): Buckets | undefined {
  if (histogram.totalCount === 0) return undefined;
  if (!(histogram instanceof JsHistogram)) throw new TypeError('expected a histogram in JavaScript memory');
  const count = histogram.totalCount;
  const indexes: number[] = [];
  const counts: number[] = [];
  const isZeroAmong = histogram.getCountAtIndex(0) > 0;
  let seen = 0;
  // Thousands of empty buckets lie before the first time of most.
  const first = isZeroAmong ? 0 : bucketOf(histogram.minNonZeroValue);
  for (let index = first; seen < count && index < histogram.countsArrayLength; index++) {
    const inBucket = histogram.getCountAtIndex(index);
    if (inBucket === 0) continue;
    indexes.push(index);
    counts.push(inBucket);
    seen += inBucket;
  }
  const minimumNs = isZeroAmong ? 0 : histogram.minNonZeroValue;
  return {
    count,
    indexes: Uint16Array.from(indexes),
    counts: Float64Array.from(counts),
    minimumNs,
    maximumNs: histogram.maxValue,
  };
}
