import { cqlNativeCodes, type CqlNativeName } from '../../../stress-client/cql-type.ts';
import { slotTypes, type SlotTypeDefinition } from '../matrix.ts';

/** Columns that take a kind of value, and as what. */
interface Fits {
  /** What a value of the kind is called. */
  readonly noun: string;
  /** Types of slots that make such values; empty for choices, which have none. */
  readonly types: readonly SlotTypeDefinition[];
  /** Column types, and what the value is there. */
  readonly columns: Readonly<Partial<Record<CqlNativeName, string>>>;
}

const asItIs = 'as it is';
const inRange = 'as it is; no value may be outside of what the type holds';
const nearest = 'as the nearest that the type has';
const texts = { text: 'as written', ascii: 'as written' } as const;
const knownTexts = Object.fromEntries(
  Object.keys(cqlNativeCodes).map((name) => [name, 'as what its texts say, where all are known']),
);

/**
 * Which columns the values of a slot fit. Collections fit collections of the same kind, element by element; a
 * vector needs the column's size. What the server has beyond these types takes blobs only.
 */
export const columnFits = {
  whole: {
    noun: 'a whole number',
    types: [
      slotTypes.int,
      slotTypes.bigint,
      slotTypes.smallint,
      slotTypes.tinyint,
      slotTypes.varint,
      slotTypes.counter,
    ],
    columns: {
      tinyint: inRange,
      smallint: inRange,
      int: inRange,
      bigint: inRange,
      counter: inRange,
      varint: asItIs,
      decimal: asItIs,
      float: nearest,
      double: nearest,
      timestamp: 'as milliseconds since 1970',
      time: 'as nanoseconds since midnight; no value may be outside of a day',
      ...texts,
    },
  },
  real: {
    noun: 'a real number',
    types: [slotTypes.float, slotTypes.double, slotTypes.decimal],
    columns: { float: nearest, double: asItIs, decimal: asItIs, ...texts },
  },
  text: {
    noun: 'a text',
    types: [slotTypes.str],
    columns: { ...knownTexts, text: asItIs, ascii: 'as it is; no value may have other characters' },
  },
  choice: { noun: 'a choice of texts', types: [], columns: knownTexts },
  boolean: { noun: 'true or false', types: [slotTypes.bool], columns: { boolean: asItIs, ...texts } },
  uuid: { noun: 'a UUID', types: [slotTypes.uuid], columns: { uuid: asItIs, ...texts } },
  timeuuid: {
    noun: 'a UUID of a time',
    types: [slotTypes.timeuuid],
    columns: { timeuuid: asItIs, uuid: asItIs, ...texts },
  },
  blob: { noun: 'bytes', types: [slotTypes.blob], columns: { blob: asItIs, ...texts } },
  timestamp: {
    noun: 'a time',
    types: [slotTypes.timestamp],
    columns: { timestamp: asItIs, bigint: 'as milliseconds since 1970', ...texts },
  },
  date: {
    noun: 'a date',
    types: [slotTypes.date],
    columns: { date: asItIs, timestamp: 'as its midnight in UTC', ...texts },
  },
  time: { noun: 'a time of day', types: [slotTypes.time], columns: { time: asItIs, ...texts } },
  duration: {
    noun: 'a duration',
    types: [slotTypes.duration],
    columns: { duration: 'as it is: its weeks and days as days, the rest as nanoseconds', ...texts },
  },
  inet: { noun: 'an IP address', types: [slotTypes.inet], columns: { inet: asItIs, ...texts } },
} as const satisfies Record<string, Fits>;
export type ValueKind = keyof typeof columnFits;

const kinds = new Map<SlotTypeDefinition, ValueKind>();
for (const [kind, { types }] of Object.entries<Fits>(columnFits))
  for (const type of types) kinds.set(type, kind as ValueKind);

/** The kind of a slot's values; undefined for a collection. */
export function valueKind(type: SlotTypeDefinition | undefined): ValueKind | undefined {
  return type === undefined ? 'choice' : kinds.get(type);
}

export function fitsColumn(kind: ValueKind, column: CqlNativeName): boolean {
  return Object.hasOwn(columnFits[kind].columns, column);
}

/** What a column takes, in words: `whole numbers, …`. */
export function takenBy(column: CqlNativeName): string {
  const nouns = Object.entries<Fits>(columnFits)
    .filter(([kind, { columns }]) => kind !== 'text' && kind !== 'choice' && Object.hasOwn(columns, column))
    .map(([, { noun }]) => noun);
  return [...nouns, 'texts that are all known and read as one'].join(', ');
}
