import { writeInt32 } from '../cql/serialization.ts';
import type { ColumnHash } from './column-hash.ts';
import { rangeOf, readDistribution, type Distribution } from './distribution.ts';
import { drawsOf, type Draws } from './draws.ts';
import { generatedNumber, type GeneratedNumber, type GeneratedNumberName } from './generated-numbers.ts';
import { saltOfText, type Salt } from './name-salt.ts';
import { writeBlob, writeCharacters } from './row-data.ts';

/** Types of single values that cassandra-stress generates. */
export type GeneratedTypeName = GeneratedNumberName | 'text' | 'blob';

/** A type of column that cassandra-stress generates; it knows neither maps nor tuples nor types of users. */
export interface GeneratedType {
  readonly kind: 'single' | 'list' | 'set';
  /** Of a collection: that of its elements. */
  readonly name: GeneratedTypeName;
}

/** How a profile says that a column is generated; what is absent is as cassandra-stress has it. */
export interface ColumnSpecification {
  readonly name: string;
  readonly type: GeneratedType;
  /** Bytes of a text or blob, elements of a collection and their bytes; uniform(4..8). */
  readonly size?: Distribution;
  /** Which different values there are; uniform(1..100b), of times the 50 years from 1970. */
  readonly population?: Distribution;
  /** How many values a partition has of a clustering column; fixed(1). */
  readonly cluster?: Distribution;
}

/** Numbers and what is one; bytes and texts with a character a byte; elements of a collection. */
export type GeneratedValue = number | string | readonly (number | string)[];

const defaultSize = readDistribution('uniform(4..8)');
const defaultPopulation = readDistribution('uniform(1..100b)');
const defaultCluster = readDistribution('fixed(1)');

/** Where bytes of texts and blobs are made. */
let bytes = Buffer.allocUnsafeSlow(1024);

/** Makes single values of a draw. */
interface Singles {
  readonly bytesAtMost: number;
  next(draws: Draws): number | string;
  write(value: number | string, staging: Uint8Array, offset: number): number;
  /** Writes the next value. */
  writeNext(draws: Draws, staging: Uint8Array, offset: number): number;
  /** Without quotes. */
  text(value: number | string): string;
  hash(value: number | string, hash: ColumnHash): void;
  /** What is sorted in place of the value. */
  order(value: number | string): number | string;
}

/**
 * The values of one column of a profile: a sequence of values for a seed of 64 bits, that of the partition or of the
 * columns before it. They are what cassandra-stress makes, byte for byte; only how many elements a collection
 * has, and how many values a partition has of a timeuuid, which it leaves to chance, follow from the seed, too.
 */
export class GeneratedColumn {
  readonly name: string;
  readonly type: GeneratedType;
  readonly bytesAtMost: number;
  /** How many values a partition has of it. */
  readonly cluster: Distribution;
  readonly #salt: Salt;
  readonly #singles: Singles;
  readonly #values: Draws;
  readonly #clusters: Draws;
  readonly #sizes: Draws;

  constructor({ name, type, size = defaultSize, population, cluster = defaultCluster }: ColumnSpecification) {
    this.name = name;
    this.type = type;
    this.cluster = cluster;
    this.#salt = saltOfText(`seed for stress${name}`);
    const kind = type.name === 'text' || type.name === 'blob' ? type.name : generatedNumber(type.name);
    this.#singles = typeof kind === 'string' ? bytesOf(kind, size) : numbersOf(kind, this.#salt);
    const usual = typeof kind === 'string' ? undefined : kind.population;
    this.#values = drawsOf(population ?? (usual === undefined ? defaultPopulation : readDistribution(usual)));
    this.#clusters = drawsOf(cluster);
    this.#sizes = drawsOf(size);
    const { bytesAtMost } = this.#singles;
    this.bytesAtMost =
      type.kind === 'single' ? bytesAtMost : 4 + Math.max(0, rangeOf(size).maximum) * (4 + bytesAtMost);
  }

  setSeed(high: number, low: number): void {
    const salt = this.#salt;
    if (this.type.kind === 'single') {
      this.#values.setSeed(high ^ salt.high, low ^ salt.low);
      return;
    }
    this.#sizes.setSeed(high ^ salt.high, low ^ salt.low);
    // Elements have the seed 31 times.
    const product = (low >>> 0) * 31;
    const upper = Math.imul(high, 31) + Math.floor(product / 0x1_0000_0000);
    this.#values.setSeed(upper ^ salt.high, product ^ salt.low);
  }

  next(): GeneratedValue {
    const { kind } = this.type;
    if (kind === 'single') return this.#singles.next(this.#values);
    const size = this.#sizes.next();
    const elements: (number | string)[] = [];
    for (let at = 0; at < size; at++) elements.push(this.#singles.next(this.#values));
    return kind === 'list' ? elements : [...new Set(elements)];
  }

  /** How many values of a clustering column the partition of a seed has; cassandra-stress fails on less than one. */
  clusterOf(high: number, low: number): number {
    const salt = this.#salt;
    this.#clusters.setSeed(high ^ ~salt.high, low ^ ~salt.low);
    return Math.max(1, this.#clusters.next());
  }

  /** Writes a value in the protocol's serialization and returns the end. */
  write(value: GeneratedValue, staging: Uint8Array, offset: number): number {
    if (typeof value !== 'object') return this.#singles.write(value, staging, offset);
    let end = writeInt32(value.length, staging, offset);
    for (const element of value) {
      const start = end + 4;
      end = this.#singles.write(element, staging, start);
      writeInt32(end - start, staging, start - 4);
    }
    return end;
  }

  /** Writes the first value of a seed: what `write` makes of `next`, without a text for its bytes. */
  writeOf(high: number, low: number, staging: Uint8Array, offset: number): number {
    this.setSeed(high, low);
    return this.type.kind === 'single'
      ? this.#singles.writeNext(this.#values, staging, offset)
      : this.write(this.next(), staging, offset);
  }

  /** A value, or the elements of a collection, as texts without quotes. */
  texts(value: GeneratedValue): readonly string[] {
    return (typeof value === 'object' ? value : [value]).map((each) => this.#singles.text(each));
  }

  /** In the natural order of what Java makes of the values; addresses and collections have none there. */
  sorted(values: readonly GeneratedValue[]): readonly GeneratedValue[] {
    const { kind, name } = this.type;
    if (kind !== 'single' || name === 'inet') return values;
    const orders = new Map(values.map((value) => [value, this.#singles.order(value as number | string)]));
    return values.toSorted((first, second) => (orders.get(first)! < orders.get(second)! ? -1 : 1));
  }

  hash(value: GeneratedValue, hash: ColumnHash): void {
    if (typeof value !== 'object') {
      this.#singles.hash(value, hash);
      return;
    }
    makeRoom(this.bytesAtMost);
    hash.addBytes(bytes, 0, this.write(value, bytes, 0));
  }
}

function makeRoom(size: number): void {
  if (bytes.length < size) bytes = Buffer.allocUnsafeSlow(size);
}

function bytesOf(kind: 'text' | 'blob', size: Distribution): Singles {
  const sizes = drawsOf(size);
  const bytesAtMost = Math.max(0, rangeOf(size).maximum);
  makeRoom(bytesAtMost);
  const writeDrawn = kind === 'text' ? writeCharacters : writeBlob;
  const writeNext = (draws: Draws, staging: Uint8Array, offset: number): number => {
    const draw = draws.next();
    const high = Math.floor(draw / 0x1_0000_0000) | 0;
    sizes.setSeed(high, draw | 0);
    return writeDrawn(high, draw | 0, staging, offset, Math.max(0, sizes.next()));
  };
  return {
    bytesAtMost,
    next: (draws) => bytes.toString('latin1', 0, writeNext(draws, bytes, 0)),
    writeNext,
    write: (value, staging, offset) => {
      const text = String(value);
      for (let at = 0; at < text.length; at++) staging[offset + at] = text.charCodeAt(at);
      return offset + text.length;
    },
    text: (value) =>
      kind === 'text' ? String(value) : `0x${Buffer.from(String(value), 'latin1').toString('hex')}`,
    hash: (value, hash) => {
      const text = String(value);
      if (kind === 'text') hash.addText(text);
      else hash.addSignedBytes(text);
    },
    order: (value) =>
      kind === 'text'
        ? value
        : String(value).replaceAll(/[^]/g, (byte) => String.fromCharCode(byte.charCodeAt(0) ^ 128)),
  };
}

function numbersOf(type: GeneratedNumber, salt: Salt): Singles {
  const scratch = new Uint8Array(type.bytesAtMost);
  const next: (draws: Draws) => number =
    type.real === true ? (draws) => type.of(draws.nextReal()) : (draws) => type.of(draws.next());
  return {
    bytesAtMost: type.bytesAtMost,
    next,
    writeNext: (draws, staging, offset) => type.write(next(draws), staging, offset, salt),
    write: (value, staging, offset) => type.write(Number(value), staging, offset, salt),
    text: (value) => type.text(Number(value), salt),
    hash: (value, hash) => {
      if (type.hash !== undefined) type.hash(Number(value), hash, salt);
      else hash.addBytes(scratch, 0, type.write(Number(value), scratch, 0, salt));
    },
    order: (value) => type.order?.(Number(value)) ?? value,
  };
}
