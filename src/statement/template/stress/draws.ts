import type { Distribution } from './distribution.ts';
import { JavaRandom } from './java-random.ts';
import { normalQuantile } from './normal-quantile.ts';

/** Values of a distribution, one after another, decided by a seed. */
export interface Draws {
  /** Signed halves of 64 bits. */
  setSeed(high: number, low: number): void;
  next(): number;
}

/**
 * The values that cassandra-stress draws from a distribution after it was given a seed, one by one. Where parts of
 * equal chance are asked for (`QEXTREME`) it draws within a part without a seed, and so do we.
 */
export function drawsOf(distribution: Distribution): Draws {
  switch (distribution.kind) {
    case 'fixed':
      return { setSeed: () => {}, next: () => distribution.value };
    case 'uniform': {
      const { minimum, maximum } = distribution;
      const above = maximum + 1;
      return seeded((random) => {
        const unit = random.nextDouble();
        return bound(Math.trunc(unit * above + (1 - unit) * minimum), minimum, maximum);
      });
    }
    case 'gaussian': {
      const { minimum, maximum, mean, deviation } = distribution;
      return seeded((random) =>
        bound(Math.trunc(deviation * random.nextGaussian() + mean), minimum, maximum),
      );
    }
    case 'exponential': {
      const { minimum, maximum, mean } = distribution;
      return seeded((random) => offset(mean * exponentialDeviate(random), minimum, maximum));
    }
    case 'extreme': {
      const draws = extreme(distribution);
      return distribution.quanta === undefined ? draws : quantised(draws, distribution, distribution.quanta);
    }
    case 'sequence':
      return sequence(distribution.minimum, distribution.maximum);
    case 'inverse': {
      const draws = drawsOf(distribution.of);
      const ends = endsOf(distribution.of);
      return { setSeed: (high, low) => draws.setSeed(high, low), next: () => ends - draws.next() };
    }
  }
}

/** The value that this share of all values, from 0 to 1, does not exceed. */
export function valueOfShare(distribution: Distribution, share: number): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.value;
    case 'uniform': {
      const { minimum, maximum } = distribution;
      return bound(Math.trunc(share * (maximum + 1 - minimum) + minimum), minimum, maximum);
    }
    case 'gaussian': {
      const { minimum, maximum, mean, deviation } = distribution;
      return bound(Math.trunc(mean + deviation * normalQuantile(share)), minimum, maximum);
    }
    case 'exponential':
      return offset(-distribution.mean * Math.log(1 - share), distribution.minimum, distribution.maximum);
    case 'extreme': {
      const value = extremeValue(distribution, share);
      return distribution.quanta === undefined
        ? value
        : valueInPart(distribution, distribution.quanta, value, share);
    }
    case 'sequence': {
      const { minimum, maximum } = distribution;
      return minimum + Math.trunc((maximum - minimum) * share);
    }
    case 'inverse':
      // So its values fall as the share rises, as in the real tool.
      return endsOf(distribution.of) - valueOfShare(distribution.of, share);
  }
}

function endsOf(distribution: Distribution): number {
  return valueOfShare(distribution, 0) + valueOfShare(distribution, 1);
}

function seeded(draw: (random: JavaRandom) => number): Draws {
  const random = new JavaRandom();
  return { setSeed: (high, low) => random.setSeed(high, low), next: () => draw(random) };
}

function bound(value: number, minimum: number, maximum: number): number {
  return value < minimum ? minimum : value > maximum ? maximum : value;
}

/** Values of a distribution that begins at 0. */
function offset(value: number, minimum: number, maximum: number): number {
  return minimum + bound(Math.trunc(value), 0, maximum - minimum);
}

type Extreme = Distribution & { readonly kind: 'extreme' };

function extreme(distribution: Extreme): Draws {
  return seeded((random) => extremeValue(distribution, random.nextDouble()));
}

function extremeValue({ minimum, maximum, shape, scale }: Extreme, share: number): number {
  if (share === 1) return maximum;
  return offset(scale * (-Math.log1p(-share)) ** (1 / shape), minimum, maximum);
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

function quantised(draws: Draws, distribution: Extreme, quanta: number): Draws {
  const parts = partsOf(distribution, quanta);
  return {
    setSeed: (high, low) => draws.setSeed(high, low),
    next: () => {
      const part = Math.max(0, partOf(parts, draws.next()));
      return parts[part]! + Math.floor(Math.random() * (parts[part + 1]! - parts[part]!));
    },
  };
}

function valueInPart(distribution: Extreme, quanta: number, value: number, share: number): number {
  const parts = partsOf(distribution, quanta);
  const part = partOf(parts, value);
  if (part < 0) return parts[0]!;
  if (part >= quanta) return parts[quanta]! - 1;
  const within = (share - part / quanta) * quanta;
  return parts[part]! + Math.trunc(within * (parts[part + 1]! - parts[part]!));
}

/** Its seed is where it begins. */
function sequence(minimum: number, maximum: number): Draws {
  const count = maximum - minimum + 1;
  let next = 0;
  return {
    setSeed: (high, low) => {
      next = high * 0x1_0000_0000 + (low >>> 0);
    },
    next: () => minimum + (next++ % count),
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
