import type { BoundValue } from './byte-reader.ts';
import { compareBy } from './compare-values.ts';
import { compileTerm } from './compile-term.ts';
import type { Receiver, TermContext, ValueOf } from './compile-term.ts';
import { beyondPractice, invalid } from './cql-refusal.ts';
import type { CqlType } from './cql-type.ts';
import { long } from './encode-literal.ts';
import { tokenOf, tokenValue } from './murmur3.ts';
import { collectionItems, tupleItems, tupleOf } from './nested-values.ts';
import { columnOf, tokenType } from './schema.ts';
import type { Column } from './schema.ts';
import type { Comparison, Relation, Term } from './statement.ts';
import { partitionKeyBytes } from './table-rows.ts';
import type { Row } from './table-rows.ts';

/** A comparison in WHERE or IF, compiled. */
export interface Restriction {
  readonly columns: readonly Column[];
  readonly of: Relation['of'];
  readonly comparison: Comparison;
  /** What the column, element, field or tuple is compared with: of IN each, otherwise one. */
  values(bound: readonly BoundValue[]): readonly Buffer[];
  /** Whether a row fits; `values` are those of this request. */
  fits(row: Row, values: readonly Buffer[], bound: readonly BoundValue[]): boolean;
}

/** The value of a column in a row; null where there is none. */
export function valueOf(row: Row, column: Column): Buffer | null {
  switch (column.kind) {
    case 'partition_key':
      return row.partition.key[column.position]!;
    case 'clustering':
      return row.clustering[column.position] ?? null;
    case 'static':
      return row.partition.statics[column.cell] ?? null;
    case 'regular':
      return row.cells[column.cell] ?? null;
  }
}

/** Compiles a comparison. In IF, null is a value like any other. */
export function compileRestriction(
  relation: Relation,
  context: TermContext,
  inCondition = false,
): Restriction {
  const { table } = context;
  const columns = relation.columns.map((name) => columnOf(table, name));
  const column = columns[0]!;
  const [receiver, read] = subject(relation, columns, context);
  const values = rightSide(relation, columns, receiver, context);
  const { comparison } = relation;
  const compare = compareBy(receiver.type);
  return {
    columns,
    of: relation.of,
    comparison,
    values: (bound) => values(bound, !inCondition),
    fits(row, wanted, bound) {
      const value = read(row, bound);
      if (inCondition && comparison === '=' && wanted.length === 0) return value === null;
      if (inCondition && comparison === '!=' && wanted.length === 0) return value !== null;
      if (value === null) return inCondition && comparison === '!=';
      const order = (index: number): number => compare(value, wanted[index]!);
      switch (comparison) {
        case '=':
          return order(0) === 0;
        case '!=':
          return order(0) !== 0;
        case '<':
          return order(0) < 0;
        case '<=':
          return order(0) <= 0;
        case '>':
          return order(0) > 0;
        case '>=':
          return order(0) >= 0;
        case 'IN':
          return wanted.some((_, index) => order(index) === 0);
        case 'CONTAINS':
        case 'CONTAINS KEY':
          return contents(value, column.type, comparison).some((item) => wanted[0]!.equals(item));
      }
    },
  };
}

/** What a comparison is about, and how it is read from a row. */
function subject(
  relation: Relation,
  columns: readonly Column[],
  context: TermContext,
): readonly [Receiver, (row: Row, bound: readonly BoundValue[]) => Buffer | null] {
  const column = columns[0]!;
  const { type, name } = column;
  switch (relation.of) {
    case 'column':
      return [column, (row) => valueOf(row, column)];
    case 'field': {
      const fields = type.kind === 'udt' ? type.udt.fields : [];
      const index = fields.findIndex((field) => field.name === relation.field);
      if (index < 0) throw invalid(`Undefined field name ${relation.field} for column ${name}`);
      const receiver = { name: `${name}.${relation.field}`, type: fields[index]!.type };
      return [receiver, (row) => tupleItems(valueOf(row, column) ?? Buffer.alloc(0))[index] ?? null];
    }
    case 'element': {
      if (type.kind !== 'map') throw beyondPractice('compares elements of maps only');
      const key = compileTerm(relation.key!, { name: `key(${name})`, type: type.key }, context);
      return [
        { name: `value(${name})`, type: type.value },
        (row, bound) => elementOf(valueOf(row, column), key(bound) ?? null),
      ];
    }
    case 'token':
      if (columns.some((each, index) => context.table.partitionKey[index] !== each)) {
        throw invalid('The token function arguments must be in the partition key order');
      }
      if (columns.length !== context.table.partitionKey.length) {
        throw invalid('The token() function must be applied to all partition key components or none of them');
      }
      return [
        { name: 'partition key token', type: tokenType },
        (row) => long(tokenValue(row.partition.token)),
      ];
    case 'tuple':
      return [
        {
          name: `(${relation.columns.join(',')})`,
          type: { kind: 'tuple', of: columns.map((each) => each.type) },
        },
        (row) => tupleOf(columns.map((each) => valueOf(row, each))),
      ];
  }
}

function elementOf(map: Buffer | null, key: Buffer | null): Buffer | null {
  if (map === null || key === null) return null;
  const items = collectionItems(map, 2);
  for (let index = 0; index < items.length; index += 2)
    if (items[index]!.equals(key)) return items[index + 1]!;
  return null;
}

/** The values that a request gives for the right side. */
function rightSide(
  relation: Relation,
  columns: readonly Column[],
  receiver: Receiver,
  context: TermContext,
): (bound: readonly BoundValue[], refuseNull: boolean) => readonly Buffer[] {
  const { comparison } = relation;
  const [name] = relation.columns;
  if (relation.inOneValue) {
    const inside = relation.of === 'tuple' ? receiver.name.slice(1, -1) : receiver.name;
    const list: Receiver = {
      name: `in(${inside})`,
      type: { kind: 'list', of: receiver.type, frozen: true },
    };
    const all = compileTerm(relation.values[0]!, list, context);
    return (bound) => {
      const value = all(bound);
      if (value === null || value === undefined) throw invalid(`Invalid null value for column ${name}`);
      return collectionItems(value);
    };
  }
  const given = comparison.startsWith('CONTAINS') ? contentReceiver(receiver, comparison) : receiver;
  const values = relation.values.map((term) => {
    if (relation.of === 'tuple' && term.kind === 'tuple') return compileItems(term.items, columns, context);
    if (relation.of === 'token' && term.kind === 'call' && term.name === 'token') {
      return compileToken(term.values, context);
    }
    return compileTerm(term, given, context);
  });
  return (bound, refuseNull) => {
    const present: Buffer[] = [];
    for (const value of values) {
      const bytes = value(bound);
      if (bytes !== null && bytes !== undefined) present.push(bytes);
      else if (bytes === undefined) throw invalid(`Invalid unset value for column ${name}`);
      else if (refuseNull) throw invalid(`Invalid null value in condition for column ${name}`);
    }
    return present;
  };
}

/** `(?, ?)` against `(c, d)`: each is named like its column. */
function compileItems(items: readonly Term[], columns: readonly Column[], context: TermContext): ValueOf {
  if (items.length !== columns.length) {
    throw invalid(`Expected ${columns.length} elements in value tuple, but got ${items.length}`);
  }
  const values = items.map((item, index) => compileTerm(item, columns[index]!, context));
  return (bound) => tupleOf(values.map((value) => value(bound) ?? null));
}

/** `token(?, ?)` on the right side. */
function compileToken(items: readonly Term[], context: TermContext): ValueOf {
  const { partitionKey } = context.table;
  if (items.length !== partitionKey.length) {
    throw invalid('Invalid number of arguments in call to function system.token');
  }
  const values = items.map((item, index) =>
    compileTerm(item, { name: `arg${index}(system.token)`, type: partitionKey[index]!.type }, context),
  );
  return (bound) => {
    const key = values.map((value) => value(bound) ?? Buffer.alloc(0));
    return long(tokenValue(tokenOf(partitionKeyBytes(key))));
  };
}

function contentReceiver({ name, type }: Receiver, comparison: Comparison): Receiver {
  if (comparison === 'CONTAINS KEY') {
    if (type.kind !== 'map') throw invalid(`Cannot use CONTAINS KEY on non-map column ${name}`);
    return { name: `key(${name})`, type: type.key };
  }
  if (type.kind === 'map') return { name: `value(${name})`, type: type.value };
  if (type.kind !== 'list' && type.kind !== 'set') {
    throw invalid(`Cannot use CONTAINS on non-collection column ${name}`);
  }
  return { name: `value(${name})`, type: type.of };
}

function contents(value: Buffer, type: CqlType, comparison: Comparison): readonly Buffer[] {
  if (type.kind !== 'map') return collectionItems(value);
  const wantsKeys = comparison === 'CONTAINS KEY';
  return collectionItems(value, 2).filter((_, index) => (index % 2 === 0) === wantsKeys);
}
