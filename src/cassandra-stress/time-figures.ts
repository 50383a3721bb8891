import { rangeOfBucket, type Buckets } from '../stress-client/buckets.ts';

/** Times in milliseconds, as HdrHistogram for Java gives them: the highest that the same bucket holds. */
export interface TimeFigures {
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly maximum: number;
}

const none: TimeFigures = { mean: 0, median: 0, p95: 0, p99: 0, p999: 0, maximum: 0 };
const nsOfMs = 1e6;

export function timeFigures(buckets: Buckets | undefined): TimeFigures {
  if (buckets === undefined) return none;
  return {
    mean: meanNs(buckets) / nsOfMs,
    median: atPercentile(buckets, 50) / nsOfMs,
    p95: atPercentile(buckets, 95) / nsOfMs,
    p99: atPercentile(buckets, 99) / nsOfMs,
    p999: atPercentile(buckets, 99.9) / nsOfMs,
    maximum: maximumNs(buckets) / nsOfMs,
  };
}

/** The highest value of the last bucket that holds any. */
export function maximumNs({ indexes }: Buckets): number {
  return highest(indexes.at(-1)!);
}

/** Every sample counts as the middle of its bucket. */
function meanNs({ indexes, counts, count }: Buckets): number {
  let sum = 0;
  for (const [at, index] of indexes.entries()) {
    const { lowestNs, width } = rangeOfBucket(index);
    sum += (lowestNs + Math.floor(width / 2)) * counts[at]!;
  }
  return sum / count;
}

function atPercentile({ indexes, counts, count }: Buckets, percentile: number): number {
  // A last bit less, so that a product that was rounded up takes no sample more.
  const wanted = Math.max(1, Math.ceil((percentile / 100) * (1 - Number.EPSILON) * count));
  let seen = 0;
  for (const [at, index] of indexes.entries()) {
    seen += counts[at]!;
    if (seen >= wanted) return highest(index);
  }
  return highest(indexes.at(-1)!);
}

function highest(index: number): number {
  const { lowestNs, width } = rangeOfBucket(index);
  return lowestNs + width - 1;
}
