import { rangeOfBucket, type Buckets } from '../../stress-client/buckets.ts';

/** Points for each halving of what is above a percentile: 27 a nine. */
const pointsAHalving = 8;

/**
 * The values of the percentiles 1 - 2^(-i/8), i = 0, 1, …, up to the last that the number of samples bears, and the
 * maximum: upper ends of buckets in whole nanoseconds.
 */
export function spectrumOf({ count, indexes, counts }: Buckets): readonly number[] {
  const valuesNs: number[] = [];
  const points = Math.floor(Math.log2(count) * pointsAHalving) + 1;
  let [at, seen] = [0, counts[0]!];
  for (let point = 0; point <= points; point++) {
    const share = point === points ? 1 : 1 - 2 ** (-point / pointsAHalving);
    const rank = Math.max(1, Math.ceil(share * count));
    while (seen < rank) seen += counts[++at]!;
    const { lowestNs, width } = rangeOfBucket(indexes[at]!);
    valuesNs.push(lowestNs + width - 1);
  }
  return valuesNs;
}

/** Where points of a spectrum stand: in nines, that is 1 at 90 %, 2 at 99 %. The last one is the maximum's. */
export function ninesOf(points: number, count: number): readonly number[] {
  const nines = Array.from({ length: points - 1 }, (_, point) => (point / pointsAHalving) * Math.log10(2));
  return [...nines, Math.log10(count)];
}
