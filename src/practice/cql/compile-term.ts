import { randomBytes, randomUUID } from 'node:crypto';
import type { BoundValue } from './byte-reader.ts';
import { compareBy, timeOf } from './compare-values.ts';
import { beyondPractice, invalid } from './cql-refusal.ts';
import { fixedBytes, native, typeText } from './cql-type.ts';
import type { CqlType } from './cql-type.ts';
import { dateOfDays, encodeLiteral, long, takesLiteral, unsignedVint, uuid } from './encode-literal.ts';
import { collectionOf, tupleOf } from './nested-values.ts';
import type { Schema, Table } from './schema.ts';
import type { Term } from './statement.ts';

/** What a value is for: a column, or what PREPARE calls it otherwise, such as `[ttl]`. */
export interface Receiver {
  readonly name: string;
  readonly type: CqlType;
}

/** A bind marker as PREPARE tells it. */
export interface Marker extends Receiver {
  readonly table: Table;
  /** What it is for: a column of the table, unless PREPARE has another name for it. */
  readonly receiver: Receiver;
}

/** Where a statement's markers are gathered, in the order in which they are written. */
export interface TermContext {
  readonly schema: Schema;
  readonly table: Table;
  readonly markers: (Marker | undefined)[];
}

/** The bytes of a value, given those of the markers. */
export type ValueOf = (bound: readonly BoundValue[]) => BoundValue;

/** Compiles a term for what it is for; refuses one that is of another type. */
export function compileTerm(term: Term, receiver: Receiver, context: TermContext): ValueOf {
  const { type, name } = receiver;
  switch (term.kind) {
    case 'marker': {
      const { index } = term;
      context.markers[index] = { name: term.name ?? name, type, table: context.table, receiver };
      return (bound) => bound[index];
    }
    case 'null':
      return () => null;
    case 'literal': {
      if (type.kind !== 'native') throw invalid(mismatch(term.of, term.text, receiver));
      const bytes = encodeLiteral(type.name, term.of, term.text, name);
      return () => bytes;
    }
    case 'cast': {
      const cast = context.schema.type(term.type, context.table.keyspace);
      if (typeText(cast) !== typeText(type)) {
        throw invalid(`Cannot assign value of type ${typeText(cast)} to ${name} of type ${typeText(type)}`);
      }
      return compileTerm(term.term, receiver, context);
    }
    case 'call':
      return compileCall(term.name, term.values, receiver, context);
    case 'list':
      if (type.kind === 'vector') return compileVector(term.items, type, receiver, context);
      if (type.kind !== 'list') throw invalid(`Invalid list literal for ${name} of type ${typeText(type)}`);
      return compileItems(term.items, 'list', type.of, receiver, context, collectionOf);
    case 'set':
      if (term.items.length === 0 && type.kind === 'map') return () => collectionOf([]);
      if (term.items.length === 0 && type.kind === 'udt') return () => tupleOf([]);
      if (type.kind !== 'set') throw invalid(`Invalid set literal for ${name} of type ${typeText(type)}`);
      return compileItems(term.items, 'set', type.of, receiver, context, (items) =>
        collectionOf(sortedSet(items, type.of)),
      );
    case 'map':
      return compileMap(term.entries, receiver, context);
    case 'tuple':
      if (type.kind !== 'tuple') {
        if (term.items.length === 1) return compileTerm(term.items[0]!, receiver, context);
        throw invalid(`Invalid tuple type literal for ${name} of type ${typeText(type)}`);
      }
      return compileTuple(term.items, type, receiver, context);
    case 'udt':
      return compileUdt(term.fields, receiver, context);
  }
}

/** The items of a set, each once and in order. */
export function sortedSet(items: readonly Buffer[], of: CqlType): Buffer[] {
  const compare = compareBy(of);
  const sorted = items.toSorted(compare);
  return sorted.filter((item, index) => index === 0 || compare(item, sorted[index - 1]!) !== 0);
}

/** The entries of a map, keys and values in turn, each key once, with its last value, and in order. */
export function sortedMap(items: readonly Buffer[], key: CqlType): Buffer[] {
  const compare = compareBy(key);
  const entries: (readonly [Buffer, Buffer])[] = [];
  for (let index = 0; index < items.length; index += 2) entries.push([items[index]!, items[index + 1]!]);
  const sorted = entries.toSorted(([one], [other]) => compare(one, other));
  return sorted
    .filter(([one], index) => sorted[index + 1] === undefined || compare(one, sorted[index + 1]![0]) !== 0)
    .flat();
}

function compileItems(
  items: readonly Term[],
  kind: 'list' | 'set',
  of: CqlType,
  receiver: Receiver,
  context: TermContext,
  join: (items: readonly Buffer[]) => Buffer,
): ValueOf {
  for (const item of items) checkItem(item, kind, of, receiver);
  const inner = { name: `value(${receiver.name})`, type: of };
  const values = items.map((item) => compileTerm(item, inner, context));
  return (bound) => join(values.map((value) => present(value(bound), 'collection')));
}

function compileMap(
  entries: readonly (readonly [Term, Term])[],
  receiver: Receiver,
  context: TermContext,
): ValueOf {
  const { type, name } = receiver;
  if (type.kind !== 'map') throw invalid(`Invalid map literal for ${name} of type ${typeText(type)}`);
  const values = entries.flatMap(([key, value]) => {
    checkItem(key, 'map', type.key, receiver);
    checkItem(value, 'map', type.value, receiver);
    return [
      compileTerm(key, { name: `key(${name})`, type: type.key }, context),
      compileTerm(value, { name: `value(${name})`, type: type.value }, context),
    ];
  });
  return (bound) =>
    collectionOf(
      sortedMap(
        values.map((value) => present(value(bound), 'collection')),
        type.key,
      ),
      2,
    );
}

function checkItem(item: Term, kind: string, of: CqlType, receiver: Receiver): void {
  if (item.kind === 'marker') {
    throw invalid(
      `Invalid ${kind} literal for ${receiver.name}: bind variables are not supported inside collection literals`,
    );
  }
  if (item.kind !== 'literal') return;
  if (of.kind === 'native' && takesLiteral(of.name, item.of)) return;
  const said = item.of === 'string' ? `'${item.text}'` : item.text;
  const what = kind === 'map' ? 'key or value' : 'value';
  throw invalid(
    `Invalid ${kind} literal for ${receiver.name}: ${what} ${said} is not of type ${typeText(of)}`,
  );
}

function compileVector(
  items: readonly Term[],
  type: CqlType & { kind: 'vector' },
  receiver: Receiver,
  context: TermContext,
): ValueOf {
  if (items.length !== type.size) {
    throw invalid(
      `Invalid vector literal for ${receiver.name} of type ${typeText(type)}; expected ${type.size} elements, but given ${items.length}`,
    );
  }
  const inner = { name: `value(${receiver.name})`, type: type.of };
  const values = items.map((item) => compileTerm(item, inner, context));
  const varies = fixedBytes(type.of) === undefined;
  return (bound) =>
    Buffer.concat(
      values.flatMap((value) => {
        const item = present(value(bound), 'vector');
        return varies ? [unsignedVint(BigInt(item.length)), item] : [item];
      }),
    );
}

function compileTuple(
  items: readonly Term[],
  type: CqlType & { kind: 'tuple' },
  receiver: Receiver,
  context: TermContext,
): ValueOf {
  if (items.length > type.of.length) {
    throw invalid(
      `Invalid tuple literal for ${receiver.name}: too many elements. Type ${typeText(type)} expects ${type.of.length} but got ${items.length}`,
    );
  }
  const values = items.map((item, index) =>
    compileTerm(item, { name: `${receiver.name}[${index}]`, type: type.of[index]! }, context),
  );
  return (bound) => tupleOf(values.map((value) => value(bound) ?? null));
}

function compileUdt(
  fields: readonly (readonly [string, Term])[],
  receiver: Receiver,
  context: TermContext,
): ValueOf {
  const { type, name } = receiver;
  if (type.kind !== 'udt') {
    throw invalid(`Invalid user type literal for ${name} of type ${typeText(type)}`);
  }
  const byName = new Map(fields);
  const { udt } = type;
  for (const field of byName.keys()) {
    if (udt.fields.some((known) => known.name === field)) continue;
    throw invalid(`Unknown field '${field}' in value of user defined type ${udt.name}`);
  }
  const values = udt.fields.map((field): ValueOf => {
    const term = byName.get(field.name);
    if (term === undefined) return () => null;
    return compileTerm(term, { name: `${name}.${field.name}`, type: field.type }, context);
  });
  return (bound) => tupleOf(values.map((value) => value(bound) ?? null));
}

const msToNs = 1_000_000n;
const uuidEpochMs = 12_219_292_800_000n;
const msPerDay = 86_400_000n;

/** What a function's name is without the underscores that Cassandra 5 gave some. */
function foldedName(name: string): string {
  return name.replaceAll('_', '');
}

const functionTypes: Readonly<Record<string, CqlType>> = {
  now: native('timeuuid'),
  currenttimeuuid: native('timeuuid'),
  mintimeuuid: native('timeuuid'),
  maxtimeuuid: native('timeuuid'),
  uuid: native('uuid'),
  currenttimestamp: native('timestamp'),
  totimestamp: native('timestamp'),
  dateof: native('timestamp'),
  currentdate: native('date'),
  todate: native('date'),
  currenttime: native('time'),
  tounixtimestamp: native('bigint'),
  unixtimestampof: native('bigint'),
};

/** What a function of CQL gives, or undefined for one that the practice server lacks. */
export function functionType(name: string): CqlType | undefined {
  return Object.hasOwn(functionTypes, foldedName(name)) ? functionTypes[foldedName(name)] : undefined;
}

function compileCall(
  written: string,
  values: readonly Term[],
  receiver: Receiver,
  context: TermContext,
): ValueOf {
  const name = foldedName(written);
  const gives = functionType(name);
  if (gives === undefined) {
    if (/asblob$|^blobas|^token$|^(system)$/.test(name)) throw beyondPractice(`has no function ${written}`);
    throw invalid(`Unknown function ${written} called`);
  }
  if (!assignable(gives, receiver.type)) {
    throw invalid(
      `Type error: cannot assign result of function system.${written} (type ${typeText(gives)}) to ${receiver.name} (type ${typeText(receiver.type)})`,
    );
  }
  switch (name) {
    case 'now':
    case 'currenttimeuuid':
      return () => timeUuid(nowMs());
    case 'uuid':
      return () => uuid(randomUUID());
    case 'currenttimestamp':
      return () => long(nowMs());
    case 'currentdate':
      return () => dateOfDays(Number(nowMs() / msPerDay));
    case 'currenttime':
      return () => long((nowMs() % msPerDay) * msToNs);
    default:
  }
  if (values.length !== 1) throw invalid(`Invalid number of arguments in call to function system.${written}`);
  if (name === 'mintimeuuid' || name === 'maxtimeuuid') {
    const of = compileTerm(
      values[0]!,
      { name: `arg0(system.${written})`, type: native('timestamp') },
      context,
    );
    return (bound) => timeUuid(present(of(bound), 'argument').readBigInt64BE(), name.slice(0, 3));
  }
  const [from, ms] = compileInstant(values[0]!, `arg0(system.${written})`, context);
  return (bound) => {
    const value = from(bound);
    if (value === null || value === undefined) return null;
    return name === 'todate' ? dateOfDays(Number(ms(value) / msPerDay)) : long(ms(value));
  };
}

/** A time UUID, timestamp or date, and how many ms since the epoch it is. */
function compileInstant(
  term: Term,
  name: string,
  context: TermContext,
): readonly [ValueOf, (value: Buffer) => bigint] {
  const given = term.kind === 'call' ? functionType(term.name) : undefined;
  const type = given ?? native('timeuuid');
  const of = compileTerm(term, { name, type }, context);
  if (type.kind === 'native' && type.name === 'date') {
    return [of, (value) => BigInt(value.readUInt32BE() - 2 ** 31) * msPerDay];
  }
  if (type.kind === 'native' && type.name === 'timestamp') return [of, (value) => value.readBigInt64BE()];
  return [of, (value) => timeOf(value) / 10_000n - uuidEpochMs];
}

function nowMs(): bigint {
  return BigInt(Date.now());
}

/** A version 1 UUID of an instant; `min` and `max` are the first and last in order of that millisecond. */
function timeUuid(ms: bigint, end?: string): Buffer {
  const bytes = end === undefined ? randomBytes(16) : Buffer.alloc(16, end === 'min' ? 0x80 : 0x7f);
  const time = (ms + uuidEpochMs) * 10_000n + (end === 'max' ? 9999n : end === 'min' ? 0n : nextTick());
  bytes.writeUInt32BE(Number(time & 0xffff_ffffn), 0);
  bytes.writeUInt16BE(Number((time >> 32n) & 0xffffn), 4);
  bytes.writeUInt16BE(0x1000 | Number(time >> 48n), 6);
  if (end === undefined) bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes;
}

let tick = 0n;
function nextTick(): bigint {
  tick = (tick + 1n) % 10_000n;
  return tick;
}

function assignable(from: CqlType, to: CqlType): boolean {
  const [given, wanted] = [typeText(from), typeText(to)];
  return given === wanted || (given === 'timeuuid' && wanted === 'uuid');
}

function present(value: BoundValue, where: string): Buffer {
  if (value === null || value === undefined) throw invalid(`null is not supported inside ${where}s`);
  return value;
}

function mismatch(kind: string, text: string, { name, type }: Receiver): string {
  return `Invalid ${kind.toUpperCase()} constant (${text}) for "${name}" of type ${typeText(type)}`;
}

/** The term that a value of JSON is, for a column of a type. */
export function termOfJson(value: unknown, type: CqlType): Term {
  if (value === null || value === undefined) return { kind: 'null' };
  if (Array.isArray(value)) {
    if (type.kind === 'set') return { kind: 'set', items: value.map((item) => termOfJson(item, type.of)) };
    if (type.kind === 'tuple')
      return { kind: 'tuple', items: value.map((item, index) => termOfJson(item, type.of[index] ?? type)) };
    const of = type.kind === 'list' || type.kind === 'vector' ? type.of : type;
    return { kind: 'list', items: value.map((item) => termOfJson(item, of)) };
  }
  if (value instanceof JsonNumber) {
    if (/^-?\d+$/.test(value.source)) return { kind: 'literal', of: 'integer', text: value.source };
    return { kind: 'literal', of: 'float', text: String(Number(value.source)) };
  }
  if (typeof value === 'boolean') return { kind: 'literal', of: 'boolean', text: String(value) };
  if (typeof value === 'object') {
    const entries = Object.entries(value);
    if (type.kind === 'map') {
      return {
        kind: 'map',
        entries: entries.map(([key, item]) => [termOfJson(key, type.key), termOfJson(item, type.value)]),
      };
    }
    const fieldType = (name: string): CqlType =>
      type.kind === 'udt' ? (type.udt.fields.find((field) => field.name === name)?.type ?? type) : type;
    return {
      kind: 'udt',
      fields: entries.map(([name, item]) => [name, termOfJson(item, fieldType(name))]),
    };
  }
  return termOfText(String(value), type);
}

/** A string of JSON may stand for a number, a UUID or a blob, too. */
function termOfText(text: string, type: CqlType): Term {
  if (type.kind !== 'native' || takesLiteral(type.name, 'string'))
    return { kind: 'literal', of: 'string', text };
  const kinds = {
    blob: 'hex',
    uuid: 'uuid',
    timeuuid: 'uuid',
    boolean: 'boolean',
    duration: 'duration',
  } as const;
  const special: Partial<Record<string, (typeof kinds)[keyof typeof kinds]>> = kinds;
  return {
    kind: 'literal',
    of: special[type.name] ?? (/^-?\d+$/.test(text) ? 'integer' : 'float'),
    text,
  };
}

/** A number of JSON with its digits: a double would lose those of a bigint. */
export class JsonNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}
