import type { RowsAnswer } from './answer.ts';
import type { BoundValue } from './byte-reader.ts';
import { compareBy, integerOf } from './compare-values.ts';
import { compileTerm, functionType } from './compile-term.ts';
import type { Receiver, TermContext } from './compile-term.ts';
import { beyondPractice, invalid } from './cql-refusal.ts';
import { native, typeText } from './cql-type.ts';
import type { CqlType } from './cql-type.ts';
import { double, long, varint } from './encode-literal.ts';
import { tokenValue } from './murmur3.ts';
import { collectionItems, tupleItems, tupleOf } from './nested-values.ts';
import { columnOf, tokenType } from './schema.ts';
import type { Column, Table } from './schema.ts';
import type { Selector, SelectStatement, Term } from './statement.ts';
import { comparePartitions, partitionKeyBytes } from './table-rows.ts';
import type { Partition, Row, TableRows } from './table-rows.ts';
import { compileRestriction, valueOf } from './where.ts';
import type { Restriction } from './where.ts';

/** How many rows a request wants at once, and where it goes on. */
export interface Paging {
  /** 0 for all. */
  readonly size: number;
  readonly state: Buffer | undefined;
}

export interface CompiledSelect {
  readonly columns: readonly Receiver[];
  run(rows: TableRows, bound: readonly BoundValue[], paging: Paging): RowsAnswer;
}

const needsFiltering =
  'Cannot execute this query as it might involve data filtering and thus may have unpredictable performance. If you want to execute this query despite the performance unpredictability, use ALLOW FILTERING';

/** Compiles a SELECT. */
export function compileSelect(statement: SelectStatement, context: TermContext): CompiledSelect {
  const { table } = context;
  if (statement.json) throw beyondPractice('has no SELECT JSON');
  if (statement.groupBy.length > 0) throw beyondPractice('has no GROUP BY');
  const selected = statement.selected.map(({ selector, alias }) => {
    const { name, ...output } = compileSelector(selector, context);
    return { ...output, name: alias ?? name };
  });
  const outputs: readonly Output[] =
    selected.length > 0
      ? selected
      : table.columns.map((column) => ({ ...columnReceiver(column), read: (row) => valueOf(row, column) }));
  const columns = outputs.map(({ name, type }) => ({ name, type }));
  const aggregates = outputs.some((output) => output.aggregate !== undefined);
  const restrictions = statement.where.map((relation) => compileRestriction(relation, context));
  checkEachColumn(restrictions);
  checkRestrictions(table, restrictions, statement);
  const reversed = isReversed(table, restrictions, statement);
  const perPartition = compileLimit(statement.perPartitionLimit, '[per_partition_limit]', context);
  const limit = compileLimit(statement.limit, '[limit]', context);
  const walk = compileWalk(table, restrictions, reversed, statement.distinct);

  return {
    columns,
    run(rows, bound, paging) {
      const most = limit(bound);
      const position = paging.state === undefined ? undefined : readPosition(paging.state);
      const answer = (taken: readonly (readonly (Buffer | null)[])[], pagingState?: Buffer): RowsAnswer => ({
        kind: 'rows',
        table,
        columns,
        rows: taken,
        pagingState,
      });
      if (aggregates) {
        const states = outputs.map((output) => output.aggregate?.() ?? firstOf(output.read));
        walk(rows, bound, undefined, perPartition(bound), (row) => {
          for (const state of states) state.add(row);
          return true;
        });
        return answer([states.map((state) => state.value())]);
      }
      const left = most - (position?.taken ?? 0);
      const taken: (Buffer | null)[][] = [];
      let last: Row | undefined;
      let more = false;
      walk(rows, bound, position, perPartition(bound), (row) => {
        if (taken.length >= left) return false;
        if (paging.size > 0 && taken.length === paging.size) {
          more = true;
          return false;
        }
        taken.push(outputs.map((output) => output.read(row, bound)));
        last = row;
        return true;
      });
      if (!more) return answer(taken);
      return answer(taken, writePosition(last!, taken.length + (position?.taken ?? 0)));
    },
  };
}

interface Output extends Receiver {
  read(row: Row, bound: readonly BoundValue[]): Buffer | null;
  readonly aggregate?: () => Aggregate;
}

interface Aggregate {
  add(row: Row): void;
  value(): Buffer | null;
}

function columnReceiver({ name, type }: Column): Receiver {
  return { name, type };
}

function compileSelector(selector: Selector, context: TermContext): Output {
  const { table } = context;
  switch (selector.kind) {
    case 'column': {
      const column = columnOf(table, selector.column);
      return { ...columnReceiver(column), read: (row) => valueOf(row, column) };
    }
    case 'field': {
      const column = columnOf(table, selector.column);
      const fields = column.type.kind === 'udt' ? column.type.udt.fields : [];
      const index = fields.findIndex((field) => field.name === selector.field);
      if (index < 0) throw invalid(`Undefined field name ${selector.field} for column ${column.name}`);
      return {
        name: `${column.name}.${selector.field}`,
        type: fields[index]!.type,
        read: (row) => tupleItems(valueOf(row, column) ?? Buffer.alloc(0))[index] ?? null,
      };
    }
    case 'element': {
      const column = columnOf(table, selector.column);
      if (column.type.kind !== 'map') throw beyondPractice('selects elements of maps only');
      const key = compileTerm(selector.key, { name: `key(${column.name})`, type: column.type.key }, context);
      return {
        name: selector.text,
        type: column.type.value,
        read(row, bound) {
          const wanted = key(bound);
          const items = collectionItems(valueOf(row, column) ?? Buffer.alloc(0), 2);
          const at = items.findIndex((item, index) => index % 2 === 0 && wanted?.equals(item));
          return at < 0 ? null : items[at + 1]!;
        },
      };
    }
    case 'count':
      return { name: 'count', type: native('bigint'), read: () => null, aggregate: counting(() => true) };
    case 'call':
      return compileFunction(selector.name, selector.of, context);
    case 'term':
      throw beyondPractice('selects columns and functions only');
  }
}

function compileFunction(name: string, of: readonly Selector[], context: TermContext): Output {
  const { table } = context;
  const inner = of.map((each) => compileSelector(each, context));
  const label = `system.${name}(${inner.map((each) => each.name).join(', ')})`;
  const [first] = inner;
  const term = inner.length === 0 || of[0]!.kind === 'call' ? termOf({ kind: 'call', name, of }) : undefined;
  const gives = functionType(name);
  if (gives !== undefined && term !== undefined) {
    const value = compileTerm(term, { name, type: gives }, context);
    return { name: label, type: gives, read: () => value([]) ?? null };
  }
  if (name === 'token') {
    const given = inner.map((each) => each.name).join();
    if (given !== table.partitionKey.map((column) => column.name).join()) {
      throw invalid('The token function arguments must be in the partition key order');
    }
    return { name: label, type: tokenType, read: (row) => long(tokenValue(row.partition.token)) };
  }
  if (name === 'writetime' || name === 'ttl' || name === 'maxwritetime') {
    throw beyondPractice(`keeps no ${name} of a value`);
  }
  if (first === undefined && gives === undefined) throw invalid(`Unknown function '${name}'`);
  if (first === undefined || inner.length > 1) throw beyondPractice(`has no function ${name}`);
  const { read, type } = first;
  const readRow = (row: Row): Buffer | null => read(row, []);
  switch (name) {
    case 'count':
      return {
        name: `system.count(${first.name})`,
        type: native('bigint'),
        read,
        aggregate: counting((row) => readRow(row) !== null),
      };
    case 'min':
    case 'max':
      return { name: label, type, read, aggregate: extreme(readRow, type, name === 'min' ? -1 : 1) };
    case 'sum':
    case 'avg':
      return { name: label, type, read, aggregate: summing(readRow, type, name === 'avg') };
    default:
      throw beyondPractice(`has no function ${name} in SELECT`);
  }
}

/** Functions of nothing but functions, such as `toTimestamp(now())`. */
function termOf(selector: Selector): Term | undefined {
  if (selector.kind === 'term') return selector.term;
  if (selector.kind !== 'call') return undefined;
  const values: Term[] = [];
  for (const each of selector.of) {
    const value = termOf(each);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return { kind: 'call', name: selector.name, values };
}

function counting(counts: (row: Row) => boolean): () => Aggregate {
  return () => {
    let count = 0n;
    return {
      add: (row) => {
        if (counts(row)) count++;
      },
      value: () => long(count),
    };
  };
}

function extreme(read: (row: Row) => Buffer | null, type: CqlType, sign: number): () => Aggregate {
  const compare = compareBy(type);
  return () => {
    let best: Buffer | null = null;
    return {
      add(row) {
        const value = read(row);
        if (value !== null && (best === null || compare(value, best) * sign > 0)) best = value;
      },
      value: () => best,
    };
  };
}

function summing(read: (row: Row) => Buffer | null, type: CqlType, average: boolean): () => Aggregate {
  const name = type.kind === 'native' ? type.name : '';
  if (name === 'float' || name === 'double') {
    return () => {
      let [sum, count] = [0, 0];
      return {
        add(row) {
          const value = read(row);
          if (value === null) return;
          sum += name === 'float' ? value.readFloatBE() : value.readDoubleBE();
          count++;
        },
        value() {
          const result = average ? (count === 0 ? 0 : sum / count) : sum;
          if (name === 'double') return double(result);
          const bytes = Buffer.alloc(4);
          bytes.writeFloatBE(result);
          return bytes;
        },
      };
    };
  }
  if (!['tinyint', 'smallint', 'int', 'bigint', 'counter', 'varint'].includes(name)) {
    throw beyondPractice(`has no ${average ? 'avg' : 'sum'} of ${typeText(type)}`);
  }
  return () => {
    let [sum, count, bytes] = [0n, 0n, 1];
    return {
      add(row) {
        const value = read(row);
        if (value === null) return;
        sum += integerOf(value);
        count++;
        bytes = value.length;
      },
      value() {
        const result = average ? (count === 0n ? 0n : sum / count) : sum;
        return name === 'varint' ? varint(result) : long(result).subarray(-bytes);
      },
    };
  };
}

/** A column beside an aggregate is that of the first row. */
function firstOf(read: Output['read']): Aggregate {
  let first: Buffer | null | undefined;
  return {
    add(row) {
      first = first === undefined ? read(row, []) : first;
    },
    value: () => first ?? null,
  };
}

function compileLimit(
  term: SelectStatement['limit'],
  name: string,
  context: TermContext,
): (bound: readonly BoundValue[]) => number {
  if (term === undefined) return () => Infinity;
  const value = compileTerm(term, { name, type: native('int') }, context);
  const what = name === '[limit]' ? 'LIMIT' : 'PER PARTITION LIMIT';
  const checked = (bytes: BoundValue): number => {
    if (bytes === undefined) return Infinity;
    if (bytes === null) throw invalid(`Invalid null value of ${what}`);
    const limit = bytes.readInt32BE();
    if (limit <= 0) throw invalid(`${what} must be strictly positive`);
    return limit;
  };
  if (term.kind !== 'marker') checked(value([]));
  return (bound) => checked(value(bound));
}

/** Refuses more than one `=`, and more than one bound of a kind, on a column. */
function checkEachColumn(restrictions: readonly Restriction[]): void {
  const comparisons = new Map<string, string[]>();
  for (const { of, columns, comparison } of restrictions) {
    if (of !== 'column') continue;
    const { name } = columns[0]!;
    const others = comparisons.get(name) ?? [];
    if (others.length > 0 && (comparison === '=' || others.includes('='))) {
      throw invalid(`${name} cannot be restricted by more than one relation if it includes an Equal`);
    }
    for (const [sign, bound] of [
      ['>', 'start'],
      ['<', 'end'],
    ] as const) {
      if (comparison.startsWith(sign) && others.some((other) => other.startsWith(sign))) {
        throw invalid(`More than one restriction was found for the ${bound} bound on ${name}`);
      }
    }
    comparisons.set(name, [...others, comparison]);
  }
}

/** Refuses what Cassandra wants ALLOW FILTERING for, and what it can't do at all. */
function checkRestrictions(
  table: Table,
  restrictions: readonly Restriction[],
  { allowFiltering }: SelectStatement,
): void {
  if (allowFiltering || restrictions.length === 0) return;
  const onKey = (column: Column): Restriction | undefined =>
    restrictions.find((each) => each.of !== 'token' && each.columns.includes(column));
  const indexed = restrictions.some(({ columns: [column] }) =>
    [...table.indexes.values()].some((index) => index.column === column!.name),
  );
  if (indexed) return;
  const byToken = restrictions.some((each) => each.of === 'token');
  const wholeKey = table.partitionKey.every((column) => {
    const comparison = onKey(column)?.comparison;
    return comparison === '=' || comparison === 'IN';
  });
  const anyKey = table.partitionKey.some((column) => onKey(column) !== undefined);
  const others = restrictions.some((each) =>
    each.columns.some(({ kind }) => kind === 'regular' || kind === 'static'),
  );
  const onClustering = table.clusteringKey.map(onKey);
  if (others || (anyKey && !wholeKey)) throw invalid(needsFiltering);
  if (!wholeKey && !byToken && onClustering.some((each) => each !== undefined)) throw invalid(needsFiltering);
  for (const [index, restriction] of onClustering.entries()) {
    if (restriction === undefined || index === 0) continue;
    const column = table.clusteringKey[index]!.name;
    const before = onClustering[index - 1];
    const previous = table.clusteringKey[index - 1]!.name;
    if (before === undefined) {
      throw invalid(
        `PRIMARY KEY column "${column}" cannot be restricted as preceding column "${previous}" is not restricted`,
      );
    }
    if (before !== restriction && before.comparison !== '=' && before.comparison !== 'IN') {
      throw invalid(
        `Clustering column "${column}" cannot be restricted (preceding column "${previous}" is restricted by a non-EQ relation)`,
      );
    }
  }
}

/** Whether ORDER BY asks for the order opposite to the table's. */
function isReversed(
  table: Table,
  restrictions: readonly Restriction[],
  { orderBy }: SelectStatement,
): boolean {
  if (orderBy.length === 0) return false;
  const keyGiven = table.partitionKey.every((column) =>
    restrictions.some(
      (each) => each.columns.includes(column) && (each.comparison === '=' || each.comparison === 'IN'),
    ),
  );
  if (!keyGiven)
    throw invalid('ORDER BY is only supported when the partition key is restricted by an EQ or an IN.');
  const turned = orderBy.map(({ column: name, descending }, index) => {
    const column = columnOf(table, name);
    if (column.kind !== 'clustering') {
      throw invalid(
        `Order by is currently only supported on the clustered columns of the PRIMARY KEY, got ${name}`,
      );
    }
    const expected = table.clusteringKey[index]!;
    const skippable = restrictions.some((each) => each.columns.includes(expected) && each.comparison === '=');
    if (column !== expected && !skippable) {
      throw invalid(
        `Order by currently only supports the ordering of columns following their declared order in the PRIMARY KEY`,
      );
    }
    return descending !== column.descending;
  });
  if (new Set(turned).size > 1) throw invalid('Unsupported order by relation');
  return turned[0]!;
}

/** Where a page ended: the last row, and how many rows were taken so far. */
interface Position {
  readonly taken: number;
  readonly key: readonly Buffer[];
  /** Undefined where the last row was nothing but static values. */
  readonly clustering: readonly Buffer[];
}

function writePosition(row: Row, taken: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeInt32BE(taken);
  return tupleOf([count, tupleOf(row.partition.key), tupleOf(row.clustering)]);
}

function readPosition(state: Buffer): Position {
  const [count, key, clustering] = tupleItems(state);
  if (count?.length !== 4 || key === undefined || key === null)
    throw invalid('Invalid value for the paging state');
  const present = (items: readonly (Buffer | null)[]): Buffer[] => items.filter((item) => item !== null);
  return {
    taken: count.readInt32BE(),
    key: present(tupleItems(key)),
    clustering: present(tupleItems(clustering ?? Buffer.alloc(0))),
  };
}

/** Goes through the rows that fit, in order, from behind `position`, until `take` says that it has enough. */
type Walk = (
  rows: TableRows,
  bound: readonly BoundValue[],
  position: Position | undefined,
  perPartition: number,
  take: (row: Row) => boolean,
) => void;

function compileWalk(
  table: Table,
  restrictions: readonly Restriction[],
  reversed: boolean,
  distinct: boolean,
): Walk {
  const keyRestrictions = table.partitionKey.map((column) =>
    restrictions.find(
      (each) =>
        each.of === 'column' &&
        each.columns[0] === column &&
        (each.comparison === '=' || each.comparison === 'IN'),
    ),
  );
  const wholeKey = keyRestrictions.every((each) => each !== undefined) ? keyRestrictions : undefined;
  const ofPartitions = restrictions.filter(
    (each) => each.of === 'token' || each.columns.every(({ kind }) => kind === 'partition_key'),
  );
  const ofRows = restrictions.filter((each) => !ofPartitions.includes(each));
  // With static values only, a partition is a row unless a row is asked for.
  const asksForRows = ofRows.some((each) => each.columns.some(({ kind }) => kind !== 'static'));
  const clusteringEquals: Restriction[] = [];
  for (const column of table.clusteringKey) {
    const equal = ofRows.find(
      (each) => each.of === 'column' && each.columns[0] === column && each.comparison === '=',
    );
    if (equal === undefined) break;
    clusteringEquals.push(equal);
  }

  return (rows, bound, position, perPartition, take) => {
    const valuesOf = (of: readonly Restriction[]): (readonly [Restriction, readonly Buffer[]])[] =>
      of.map((each) => [each, each.values(bound)]);
    const partitionTests = valuesOf(ofPartitions);
    const rowTests = valuesOf(ofRows);
    const prefix = clusteringEquals.map((each) => rowTests.find(([of]) => of === each)![1][0]!);
    const fits = (row: Row, tests: typeof rowTests): boolean =>
      tests.every(([restriction, values]) => restriction.fits(row, values, bound));

    const inPartition = (partition: Partition, from: Position | undefined): boolean => {
      if (distinct || (partition.size === 0 && partition.hasStatics && !asksForRows)) {
        if (from !== undefined) return true;
        const row = partition.staticRow();
        return !fits(row, rowTests) || take(row);
      }
      if (prefix.length === table.clusteringKey.length && from === undefined) {
        const row = partition.row(prefix);
        return row === undefined || !fits(row, rowTests) || take(row);
      }
      const { items } = partition.rows;
      const compare = (row: Row, to: readonly Buffer[]): number => rows.compareClustering(row.clustering, to);
      let taken = 0;
      const each = (row: Row): boolean => {
        if (!fits(row, rowTests)) return true;
        if (taken++ >= perPartition) return true;
        return take(row);
      };
      if (reversed) {
        let index = partition.rows.firstAt((row) => (compare(row, prefix) <= 0 ? -1 : 1)) - 1;
        if (from !== undefined) index = partition.rows.firstAt((row) => compare(row, from.clustering)) - 1;
        for (; index >= 0 && compare(items[index]!, prefix) === 0; index--)
          if (!each(items[index]!)) return false;
        return true;
      }
      let index = partition.rows.firstAt((row) => compare(row, prefix));
      if (from !== undefined) {
        index = partition.rows.firstAt((row) => (compare(row, from.clustering) <= 0 ? -1 : 1));
        // What the page before took of this partition counts, too.
        taken =
          perPartition === Infinity ? 0 : items.slice(0, index).filter((row) => fits(row, rowTests)).length;
      }
      for (; index < items.length && compare(items[index]!, prefix) === 0; index++) {
        if (!each(items[index]!)) return false;
      }
      return true;
    };

    const partitions =
      wholeKey === undefined ? rows.partitions.items : named(rows, table, wholeKey, partitionTests);
    const start = position === undefined ? undefined : rows.partition(partitionKeyBytes(position.key));
    let index = 0;
    if (position !== undefined) {
      // The partition may be gone by now; its place in the order is not.
      const at = start ?? rows.detached(position.key);
      const compare = wholeKey === undefined ? comparePartitions : compareKeys(table);
      while (index < partitions.length && compare(partitions[index]!, at) < 0) index++;
    }
    for (; index < partitions.length; index++) {
      const partition = partitions[index]!;
      if (!fits(partition.staticRow(), partitionTests)) continue;
      if (!inPartition(partition, partition === start ? position : undefined)) return;
    }
  };
}

/** How partitions that are named are in order: by the values of their keys, not by their tokens. */
function compareKeys(table: Table): (one: Partition, other: Partition) => number {
  const compares = table.partitionKey.map(({ type }) => compareBy(type));
  return (one, other) => {
    for (const [index, compare] of compares.entries()) {
      const order = compare(one.key[index]!, other.key[index]!);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** The partitions whose keys a WHERE names. */
function named(
  rows: TableRows,
  table: Table,
  keyRestrictions: readonly (Restriction | undefined)[],
  tests: readonly (readonly [Restriction, readonly Buffer[]])[],
): readonly Partition[] {
  let keys: readonly (readonly Buffer[])[] = [[]];
  for (const restriction of keyRestrictions) {
    const [, values] = tests.find(([of]) => of === restriction)!;
    keys = keys.flatMap((key) => values.map((value) => [...key, value]));
  }
  const partitions = new Set<Partition>();
  for (const key of keys) {
    const partition = rows.partition(partitionKeyBytes(key));
    if (partition !== undefined) partitions.add(partition);
  }
  return partitions.size < 2 ? [...partitions] : [...partitions].sort(compareKeys(table));
}
