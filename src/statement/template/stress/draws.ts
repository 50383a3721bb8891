import type { Distribution } from './distribution.ts';
import { JavaRandom } from './java-random.ts';
import { normalQuantile } from './normal-quantile.ts';

/** Values of a distribution, one after another, decided by a seed. */
export interface Draws {
  /** Signed halves of 64 bits. */
  setSeed(high: number, low: number): void;
  next(): number;
  /** The next one before it is cut to a whole number, where the distribution is not of whole numbers. */
  nextReal(): number;
}

/**
 * The values that cassandra-stress draws from a distribution after it was given a seed, one by one. Where parts of
 * equal chance are asked for (`QEXTREME`) it draws within a part without a seed; here the seed decides that, too.
 */
export function drawsOf(distribution: Distribution): Draws {
  switch (distribution.kind) {
    case 'fixed':
      return { setSeed: () => {}, next: () => distribution.value, nextReal: () => distribution.value };
    case 'uniform': {
      const { minimum, maximum } = distribution;
      const above = maximum + 1;
      return seeded(minimum, maximum, 0, (random) => {
        const unit = random.nextDouble();
        return unit * above + (1 - unit) * minimum;
      });
    }
    case 'gaussian': {
      const { minimum, maximum, mean, deviation } = distribution;
      return seeded(minimum, maximum, 0, (random) => deviation * random.nextGaussian() + mean);
    }
    case 'exponential': {
      const { minimum, maximum, mean } = distribution;
      return seeded(minimum, maximum, minimum, (random) => mean * exponentialDeviate(random));
    }
    case 'extreme': {
      const { minimum, maximum, quanta } = distribution;
      return quanta === undefined
        ? seeded(minimum, maximum, minimum, (random) => extremeDeviate(distribution, random.nextDouble()))
        : quantised(distribution, quanta);
    }
    case 'sequence':
      return sequence(distribution.minimum, distribution.maximum);
    case 'inverse': {
      const draws = drawsOf(distribution.of);
      const ends = endsOf(distribution.of);
      return {
        setSeed: (high, low) => draws.setSeed(high, low),
        next: () => ends - draws.next(),
        nextReal: () => ends - draws.nextReal(),
      };
    }
  }
}

/** The value that this share of all values, from 0 to 1, does not exceed. */
export function valueOfShare(distribution: Distribution, share: number): number {
  return valuesOfShares(distribution)(share);
}

/** The same for one share after the other: a share that is drawn evenly makes a value of the distribution. */
export function valuesOfShares(distribution: Distribution): (share: number) => number {
  switch (distribution.kind) {
    case 'fixed':
      return () => distribution.value;
    case 'uniform': {
      const { minimum, maximum } = distribution;
      return (share) => bound(Math.trunc(share * (maximum + 1 - minimum) + minimum), minimum, maximum);
    }
    case 'gaussian': {
      const { minimum, maximum, mean, deviation } = distribution;
      return (share) => bound(Math.trunc(mean + deviation * normalQuantile(share)), minimum, maximum);
    }
    case 'exponential': {
      const { minimum, maximum, mean } = distribution;
      return (share) => offset(-mean * Math.log(1 - share), minimum, maximum);
    }
    case 'extreme': {
      const { quanta } = distribution;
      if (quanta === undefined) return (share) => extremeValue(distribution, share);
      const parts = partsOf(distribution, quanta);
      return (share) => valueInPart(parts, extremeValue(distribution, share), share);
    }
    case 'sequence': {
      const { minimum, maximum } = distribution;
      return (share) => minimum + Math.trunc((maximum - minimum) * share);
    }
    case 'inverse': {
      const { of } = distribution;
      const ends = endsOf(of);
      const inverted = valuesOfShares(of);
      // So its values fall as the share rises, as in the real tool.
      return (share) => ends - inverted(share);
    }
  }
}

function endsOf(distribution: Distribution): number {
  return valueOfShare(distribution, 0) + valueOfShare(distribution, 1);
}

/** Deviates that begin at `first` - cut to whole numbers before they are added to it - and are kept within the range. */
function seeded(
  minimum: number,
  maximum: number,
  first: number,
  deviate: (random: JavaRandom) => number,
): Draws {
  const random = new JavaRandom();
  return {
    setSeed: (high, low) => random.setSeed(high, low),
    next: () => bound(first + Math.trunc(deviate(random)), minimum, maximum),
    nextReal: () => bound(first + deviate(random), minimum, maximum),
  };
}

function bound(value: number, minimum: number, maximum: number): number {
  return value < minimum ? minimum : value > maximum ? maximum : value;
}

/** Values of a distribution that begins at 0. */
function offset(value: number, minimum: number, maximum: number): number {
  return minimum + bound(Math.trunc(value), 0, maximum - minimum);
}

type Extreme = Distribution & { readonly kind: 'extreme' };

function extremeDeviate({ shape, scale }: Extreme, share: number): number {
  return scale * (-Math.log1p(-share)) ** (1 / shape);
}

function extremeValue(distribution: Extreme, share: number): number {
  const { minimum, maximum } = distribution;
  if (share === 1) return maximum;
  return offset(extremeDeviate(distribution, share), minimum, maximum);
}

/** Where the parts begin, and one past the last value. */
function partsOf(distribution: Extreme, quanta: number): readonly number[] {
  const inner = Array.from({ length: quanta - 1 }, (_, part) =>
    extremeValue(distribution, (part + 1) / quanta),
  );
  return [distribution.minimum, ...inner, distribution.maximum + 1];
}

/** The part that a value belongs to: one that begins with it belongs to the part before. */
function partOf(parts: readonly number[], value: number): number {
  const next = parts.findIndex((each) => each >= value);
  return next - 1;
}

function quantised(distribution: Extreme, quanta: number): Draws {
  const parts = partsOf(distribution, quanta);
  const { minimum, maximum } = distribution;
  return seeded(minimum, maximum, 0, (random) => {
    const part = Math.max(0, partOf(parts, extremeValue(distribution, random.nextDouble())));
    return parts[part]! + Math.floor(random.nextDouble() * (parts[part + 1]! - parts[part]!));
  });
}

function valueInPart(parts: readonly number[], value: number, share: number): number {
  const quanta = parts.length - 1;
  const part = partOf(parts, value);
  if (part < 0) return parts[0]!;
  if (part >= quanta) return parts[quanta]! - 1;
  const within = (share - part / quanta) * quanta;
  return parts[part]! + Math.trunc(within * (parts[part + 1]! - parts[part]!));
}

/**
 * Its seed is where it begins: a value is the first one and a remainder of the seed, which has the sign of the seed as
 * in Java, so that half of the seeds make values below the range.
 */
function sequence(minimum: number, maximum: number): Draws {
  const count = maximum - minimum + 1;
  const wideCount = BigInt(count);
  let at = 0;
  /** Seeds beyond ±2^53. */
  let wide: bigint | undefined;
  const next = (): number => {
    if (wide === undefined) return minimum + (at++ % count);
    const value = minimum + Number(wide % wideCount);
    wide = BigInt.asIntN(64, wide + 1n);
    return value;
  };
  return {
    setSeed: (high, low) => {
      at = high * 0x1_0000_0000 + (low >>> 0);
      wide = Number.isSafeInteger(at) ? undefined : (BigInt(high) << 32n) | BigInt(low >>> 0);
    },
    next,
    nextReal: next,
  };
}

/** q(n) = the sum of ln(2)^k / k! for k from 1 to n, until it is 1. */
const exponentialParts: readonly number[] = (() => {
  const parts: number[] = [];
  let sum = 0;
  let term = 1;
  for (let power = 1; sum < 1; power++) {
    term *= Math.LN2 / power;
    sum += term;
    parts.push(sum);
  }
  return parts;
})();

/** Mean 1: J. Ahrens, U. Dieter, "Computer methods for sampling from the exponential and normal distributions" (1972), SA. */
function exponentialDeviate(random: JavaRandom): number {
  let whole = 0;
  let unit = random.nextDouble();
  while (unit < 0.5) {
    whole += exponentialParts[0]!;
    unit *= 2;
  }
  unit += unit - 1;
  if (unit <= exponentialParts[0]!) return whole + unit;
  let part = 0;
  let smallest = random.nextDouble();
  do {
    part++;
    smallest = Math.min(smallest, random.nextDouble());
  } while (unit > exponentialParts[part]!);
  return whole + smallest * exponentialParts[0]!;
}
