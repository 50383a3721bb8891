/**
 * A distribution of whole numbers. `minimum` and `maximum` are the ends of its range: values beyond an end are that
 * end, so that a gaussian piles up there.
 */
export type Distribution =
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'uniform'; readonly minimum: number; readonly maximum: number }
  | {
      readonly kind: 'gaussian';
      readonly minimum: number;
      readonly maximum: number;
      readonly mean: number;
      readonly deviation: number;
    }
  | {
      readonly kind: 'exponential';
      readonly minimum: number;
      readonly maximum: number;
      readonly mean: number;
    }
  | {
      readonly kind: 'extreme';
      readonly minimum: number;
      readonly maximum: number;
      readonly shape: number;
      readonly scale: number;
      /** So many parts of equal chance, within which all values are equally likely. */
      readonly quanta?: number;
    }
  | { readonly kind: 'sequence'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'inverse'; readonly of: Distribution };

/** What can't be a distribution, with the reason in the words of cassandra-stress. */
export class DistributionError extends Error {
  override readonly name = 'DistributionError';
}

const full = /^(~?)([A-Z]+)\((.+)\)$/i;

/**
 * A distribution as it stands on a command line, such as `GAUSSIAN(1..1M,5)`, in any case; `~` before it inverts it.
 * Numbers take the suffixes k, m and b (10^3, 10^6, 10^9). Throws DistributionError.
 */
export function readDistribution(text: string): Distribution {
  const [, tilde, name, rest] = full.exec(text) ?? [];
  if (name === undefined) throw new DistributionError(`Illegal distribution specification: ${text}`);
  const reader = readers.get(name.toLowerCase());
  if (reader === undefined) throw new DistributionError(`Illegal distribution type: ${name}`);
  const parameters = rest!.split(',').filter((each) => each !== '');
  const distribution = reader.read(parameters);
  if (distribution === undefined) {
    const list = `[${parameters.join(', ')}]`;
    throw new DistributionError(`Invalid parameter list for ${reader.title} distribution: ${list}`);
  }
  return tilde === '' ? distribution : { kind: 'inverse', of: distribution };
}

/** Digits with a suffix k, m or b; undefined for what is none, or beyond 2^53. */
export function readNumber(text: string): number | undefined {
  const [, digits, suffix] = /^\s*([+-]?[0-9]+)([kmb]?)\s*$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits) * { '': 1, k: 1e3, m: 1e6, b: 1e9 }[suffix!.toLowerCase()]!;
  return Number.isSafeInteger(value) ? value : undefined;
}

export interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

/** What stands between the parentheses; undefined where it makes no such distribution. */
type Reader = (parameters: readonly string[]) => Distribution | undefined;

const readers: ReadonlyMap<string, { readonly title: string; readonly read: Reader }> = new Map(
  (
    [
      ['fixed', readFixed, 'fixed'],
      ['uniform', readUniform, 'uniform'],
      ['gaussian', readGaussian, 'gaussian', 'gauss', 'normal', 'norm'],
      ['exponential', readExponential, 'exp'],
      ['extreme (Weibull)', readExtreme, 'extreme', 'extr'],
      ['quantized extreme (Weibull)', readQuantizedExtreme, 'qextreme', 'qextr'],
      ['sequence', readSequence, 'seq'],
    ] as const
  ).flatMap(([title, read, ...names]) => names.map((name) => [name, { title, read }] as const)),
);

function readFixed(parameters: readonly string[]): Distribution | undefined {
  const value = parameters.length === 1 ? readNumber(parameters[0]!) : undefined;
  return value === undefined ? undefined : { kind: 'fixed', value };
}

function readUniform(parameters: readonly string[]): Distribution | undefined {
  const range = parameters.length === 1 ? readRange(parameters[0]!) : undefined;
  return range === undefined ? undefined : { kind: 'uniform', ...range };
}

function readGaussian(parameters: readonly string[]): Distribution | undefined {
  const range = parameters.length <= 3 ? readRange(parameters[0]) : undefined;
  if (range === undefined) return undefined;
  const numbers = parameters.slice(1).map(readReal);
  if (numbers.some((each) => each === undefined)) return undefined;
  const [first, second] = numbers as readonly number[];
  const mean = second === undefined ? (range.minimum + range.maximum) / 2 : first!;
  const deviation = second ?? (range.maximum - range.minimum) / 2 / (first ?? 3);
  return deviation > 0 ? { kind: 'gaussian', ...range, mean, deviation } : undefined;
}

function readExponential(parameters: readonly string[]): Distribution | undefined {
  const range = parameters.length === 1 ? readRange(parameters[0]) : undefined;
  if (range === undefined || range.minimum === range.maximum) return undefined;
  const width = range.maximum - range.minimum;
  return { kind: 'exponential', ...range, mean: width / -Math.log(1 - tailStart(width)) };
}

function readExtreme(parameters: readonly string[]): Distribution | undefined {
  const range = parameters.length === 2 ? readRange(parameters[0]) : undefined;
  const shape = readReal(parameters[1]);
  if (range === undefined || range.minimum === range.maximum || shape === undefined || shape <= 0) {
    return undefined;
  }
  const width = range.maximum - range.minimum;
  const scale = width / (-Math.log1p(-tailStart(width))) ** (1 / shape);
  return { kind: 'extreme', ...range, shape, scale };
}

function readQuantizedExtreme(parameters: readonly string[]): Distribution | undefined {
  const quanta = parameters.length === 3 && /^[0-9]+$/.test(parameters[2]!) ? Number(parameters[2]) : 0;
  const extreme = readExtreme(parameters.slice(0, 2));
  return extreme?.kind === 'extreme' && quanta > 0 ? { ...extreme, quanta } : undefined;
}

function readSequence(parameters: readonly string[]): Distribution | undefined {
  const range = parameters.length === 1 ? readRange(parameters[0]) : undefined;
  return range === undefined || range.minimum === range.maximum ? undefined : { kind: 'sequence', ...range };
}

/**
 * The share of values that fall inside the range of a distribution without an upper end: every value of the range
 * should come up, but with as many chances as values the smallest would be all there is, hence the root.
 */
function tailStart(width: number): number {
  return 1 - Math.sqrt(1 / width);
}

function readRange(text: string | undefined): Range | undefined {
  const [first, second] = (text ?? '').split(/\.\.+/);
  const minimum = readNumber(first!);
  const maximum = readNumber(second ?? '');
  if (minimum === undefined || maximum === undefined || minimum > maximum) return undefined;
  return { minimum, maximum };
}

function readReal(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The values at the ends of the range. */
export function rangeOf(distribution: Distribution): Range {
  switch (distribution.kind) {
    case 'fixed':
      return { minimum: distribution.value, maximum: distribution.value };
    case 'inverse':
      return rangeOf(distribution.of);
    default:
      return { minimum: distribution.minimum, maximum: distribution.maximum };
  }
}
