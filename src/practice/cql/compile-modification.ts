import type { Answer } from './answer.ts';
import type { BoundValue } from './byte-reader.ts';
import { integerOf } from './compare-values.ts';
import { JsonNumber, compileTerm, sortedMap, sortedSet, termOfJson } from './compile-term.ts';
import type { Receiver, TermContext, ValueOf } from './compile-term.ts';
import { beyondPractice, invalid } from './cql-refusal.ts';
import { isMultiCell, native } from './cql-type.ts';
import type { CqlType } from './cql-type.ts';
import { long } from './encode-literal.ts';
import { collectionItems, collectionOf, tupleItems, tupleOf } from './nested-values.ts';
import { columnOf } from './schema.ts';
import type { Column, Table } from './schema.ts';
import type { Assignment, Modification, Relation, Term, Using } from './statement.ts';
import { partitionKeyBytes } from './table-rows.ts';
import type { Partition, Row } from './table-rows.ts';
import { checkValue } from './check-value.ts';
import { compileRestriction, valueOf } from './where.ts';
import type { Restriction } from './where.ts';

/** An INSERT, UPDATE or DELETE, compiled. */
export interface CompiledModification {
  readonly table: Table;
  readonly isConditional: boolean;
  /** Does it, and tells how many rows it touched. */
  apply(bound: readonly BoundValue[]): number;
  /** What stands against its IF; undefined when it holds. In a batch it tells the row's key, too. */
  refused(bound: readonly BoundValue[], inBatch: boolean): Answer | undefined;
}

/** The column that says whether an IF held. */
export const appliedColumn: Receiver = { name: '[applied]', type: native('boolean') };

/** `[applied]`, with what was there instead. */
export function appliedAnswer(
  table: Table,
  applied: boolean,
  columns: readonly Receiver[] = [],
  values: readonly (Buffer | null)[] = [],
): Answer {
  return {
    kind: 'rows',
    table,
    columns: [appliedColumn, ...columns],
    rows: [[Buffer.from([applied ? 1 : 0]), ...values]],
    pagingState: undefined,
  };
}

/** Compiles a statement that writes. */
export function compileModification(statement: Modification, context: TermContext): CompiledModification {
  checkUsing(statement);
  switch (statement.kind) {
    case 'insert':
      return compileInsert(statement, context);
    case 'update':
      return compileUpdate(statement, context);
    case 'delete':
      return compileDelete(statement, context);
  }
}

/** A change of one column's value. */
interface CellChange {
  readonly column: Column;
  /** The new value from the old; undefined leaves it. */
  changed(old: Buffer | null, bound: readonly BoundValue[]): BoundValue;
}

function compileInsert(
  statement: Modification & { kind: 'insert' },
  context: TermContext,
): CompiledModification {
  const { table } = context;
  if (table.isCounter) {
    throw invalid('INSERT statements are not allowed on counter tables, use UPDATE instead');
  }
  const { columns: names, values: terms, using } = statement;
  const whole = statement.json === undefined ? undefined : compileJson(statement, statement.json, context);
  if (whole === undefined && names.length !== terms.length) throw invalid('Unmatched column names/values');
  const columns = names.map((name) => columnOf(table, name));
  const values = columns.map((column, index) => {
    if (names.indexOf(column.name) !== index) {
      throw invalid(`The column names contains duplicates`);
    }
    return compileTerm(terms[index]!, column, context);
  });
  compileUsing(using, context);
  if (whole !== undefined) {
    return {
      table,
      isConditional: statement.condition !== undefined,
      apply: (bound) => whole(bound).apply([]),
      refused: (bound, inBatch) => whole(bound).refused([], inBatch),
    };
  }
  const at = (column: Column): number => columns.indexOf(column);
  const staticOnly = columns.every(({ kind }) => kind === 'partition_key' || kind === 'static');
  const noRow = staticOnly && columns.some(({ kind }) => kind === 'static') && table.clusteringKey.length > 0;
  checkKeyParts(table.partitionKey, at, 'Some partition key parts are missing');
  if (!noRow) checkKeyParts(table.clusteringKey, at, 'Some clustering keys are missing');
  const keyOf = table.partitionKey.map((column) => ({ column, value: values[at(column)]! }));
  const clusteringOf = noRow
    ? undefined
    : table.clusteringKey.map((column) => ({ column, value: values[at(column)]! }));
  const changes = columns.flatMap((column, index): CellChange[] =>
    column.kind === 'partition_key' || column.kind === 'clustering'
      ? []
      : [{ column, changed: (_, bound) => values[index]!(bound) }],
  );
  return {
    table,
    isConditional: statement.condition !== undefined,
    apply(bound) {
      const key = keyValues(keyOf, bound);
      const clustering = clusteringOf === undefined ? undefined : keyValues(clusteringOf, bound);
      const partition = table.rows.partitionOrNew(key);
      const row = clustering === undefined ? undefined : partition.rowOrNew(clustering);
      change(partition, row, changes, bound, true);
      return 1;
    },
    refused(bound) {
      const partition = table.rows.partition(partitionKeyBytes(keyValues(keyOf, bound)));
      const row = clusteringOf === undefined ? undefined : partition?.row(keyValues(clusteringOf, bound));
      const there = clusteringOf === undefined && partition?.hasStatics ? partition.staticRow() : row;
      if (statement.condition === undefined || there === undefined) return undefined;
      return appliedAnswer(
        table,
        false,
        table.columns,
        table.columns.map((column) => valueOf(there, column)),
      );
    },
  };
}

/** INSERT … JSON: what a text says is known when it comes, so that it is compiled then. */
function compileJson(
  statement: Modification & { kind: 'insert' },
  json: Term,
  context: TermContext,
): (bound: readonly BoundValue[]) => CompiledModification {
  const { table } = context;
  const text = compileTerm(json, { name: '[json]', type: native('text') }, context);
  return (bound) => {
    const said = parseJson(text(bound)?.toString() ?? '');
    const byName = new Map(
      Object.entries(said).map(([name, value]) => [
        /^".*"$/.test(name) ? name.slice(1, -1) : name.toLowerCase(),
        value,
      ]),
    );
    for (const name of byName.keys()) {
      if (!table.byName.has(name)) {
        throw invalid(`JSON values map contains unrecognized column: ${name}`);
      }
    }
    const given = table.columns.filter(
      (column) =>
        byName.has(column.name) ||
        (!statement.jsonLeavesUnset && (column.kind === 'regular' || column.kind === 'static')),
    );
    const columns = given.map((column) => column.name);
    const values = given.map((column) => termOfJson(byName.get(column.name), column.type));
    return compileInsert({ ...statement, json: undefined, columns, values }, { ...context, markers: [] });
  };
}

function parseJson(text: string): object {
  const exactly = (_: string, value: unknown, { source }: { source?: string }): unknown =>
    typeof value === 'number' && source !== undefined ? new JsonNumber(source) : value;
  try {
    const parsed: unknown = JSON.parse(text, exactly as (key: string, value: unknown) => unknown);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // Told below, as what is no object is.
  }
  throw invalid(`Could not decode JSON string as a map: ${text}`);
}

function compileUpdate(
  statement: Modification & { kind: 'update' },
  context: TermContext,
): CompiledModification {
  const { table } = context;
  compileUsing(statement.using, context);
  const changes = statement.assignments.map((assignment) => {
    const column = columnOf(table, assignment.column);
    if (column.kind === 'partition_key' || column.kind === 'clustering') {
      throw invalid(`PRIMARY KEY part ${column.name} found in SET part`);
    }
    return compileAssignment(assignment, column, context);
  });
  const restrictions = compileWhere(statement.where, context, 'UPDATE');
  const staticOnly = changes.every(({ column }) => column.kind === 'static');
  const conditions = compileConditions(statement.condition, context);
  const reach = compileReach(table, restrictions, staticOnly ? 'partition' : 'rows');
  return {
    table,
    isConditional: statement.condition !== undefined,
    apply(bound) {
      let touched = 0;
      for (const { key, clustering } of reach(bound)) {
        const partition = table.rows.partitionOrNew(key);
        change(
          partition,
          clustering === undefined ? undefined : partition.rowOrNew(clustering),
          changes,
          bound,
        );
        touched++;
      }
      return touched;
    },
    refused: (bound, inBatch) =>
      refusedBy(statement.condition, conditions, table, reach(bound), bound, inBatch),
  };
}

function compileDelete(
  statement: Modification & { kind: 'delete' },
  context: TermContext,
): CompiledModification {
  const { table } = context;
  const changes = statement.targets.map(({ column: name, key, field }): CellChange => {
    const column = columnOf(table, name);
    if (column.kind === 'partition_key' || column.kind === 'clustering') {
      throw invalid(`Invalid identifier ${name} for deletion (should not be a PRIMARY KEY part)`);
    }
    if (field !== undefined) {
      return compileAssignment(
        { column: name, set: 'field', field, value: { kind: 'null' }, text: `${name}.${field}` },
        column,
        context,
      );
    }
    if (key !== undefined) {
      return compileAssignment(
        { column: name, set: 'element', key, value: { kind: 'null' } },
        column,
        context,
      );
    }
    return { column, changed: () => null };
  });
  compileUsing(statement.using, context);
  const restrictions = compileWhere(statement.where, context, 'DELETE');
  const conditions = compileConditions(statement.condition, context);
  const base = {
    table,
    isConditional: statement.condition !== undefined,
  };
  const staticOnly = changes.length > 0 && changes.every(({ column }) => column.kind === 'static');
  const exact = table.clusteringKey.every((column) =>
    restrictions.some((each) => each.columns[0] === column && ['=', 'IN'].includes(each.comparison)),
  );
  if (changes.length > 0 && !staticOnly && !exact) {
    throw invalid('Range deletions are not supported for specific columns');
  }
  const reach = compileReach(table, restrictions, exact && !staticOnly ? 'rows' : 'partition');
  const ofRows = restrictions.filter(({ columns }) => columns[0]!.kind === 'clustering');
  const refused: CompiledModification['refused'] = (bound, inBatch) =>
    refusedBy(statement.condition, conditions, table, reach(bound), bound, inBatch);
  return {
    ...base,
    refused,
    apply(bound) {
      let touched = 0;
      const tests = ofRows.map((each) => [each, each.values(bound)] as const);
      for (const { key, clustering } of reach(bound)) {
        touched++;
        const partition = table.rows.partition(partitionKeyBytes(key));
        if (partition === undefined) continue;
        if (changes.length > 0) {
          const row = clustering === undefined ? undefined : partition.row(clustering);
          if (row !== undefined || clustering === undefined) change(partition, row, changes, bound);
          continue;
        }
        if (tests.length === 0) {
          partition.clear();
          table.rows.removePartition(partition);
          continue;
        }
        const candidates =
          clustering === undefined
            ? [...partition.rows.items]
            : [partition.row(clustering)].filter((row) => row !== undefined);
        for (const row of candidates) {
          if (tests.every(([restriction, values]) => restriction.fits(row, values, bound)))
            partition.remove(row);
        }
      }
      return touched;
    },
  };
}

/** Which rows a WHERE of UPDATE or DELETE names; without `clustering` it is about the partition. */
type Reach = (
  bound: readonly BoundValue[],
) => readonly { readonly key: readonly Buffer[]; readonly clustering: readonly Buffer[] | undefined }[];

function compileReach(table: Table, restrictions: readonly Restriction[], what: 'rows' | 'partition'): Reach {
  const on = (column: Column): Restriction | undefined =>
    restrictions.find((each) => each.columns[0] === column && ['=', 'IN'].includes(each.comparison));
  const keyed = table.partitionKey.map((column) => ({ column, restriction: on(column)! }));
  const clustered = table.clusteringKey.map((column) => ({ column, restriction: on(column) }));
  if (what === 'rows') {
    const missing = clustered.filter(({ restriction }) => restriction === undefined);
    if (missing.length > 0) {
      throw invalid(
        `Some clustering keys are missing: ${missing.map(({ column }) => column.name).join(', ')}`,
      );
    }
  }
  const product = (
    parts: readonly { readonly column: Column; readonly restriction: Restriction | undefined }[],
    bound: readonly BoundValue[],
  ): readonly (readonly Buffer[])[] => {
    let keys: readonly (readonly Buffer[])[] = [[]];
    for (const { column, restriction } of parts) {
      const values = restriction!.values(bound).map((value) => checkedKey(value, column));
      keys = keys.flatMap((key) => values.map((value) => [...key, value]));
    }
    return keys;
  };
  return (bound) => {
    const keys = product(keyed, bound);
    if (what === 'partition') return keys.map((key) => ({ key, clustering: undefined }));
    const rows = product(clustered, bound);
    return keys.flatMap((key) => rows.map((clustering) => ({ key, clustering })));
  };
}

function compileWhere(
  where: readonly Relation[],
  context: TermContext,
  verb: 'UPDATE' | 'DELETE',
): readonly Restriction[] {
  const restrictions = where.map((relation) => compileRestriction(relation, context));
  const { partitionKey } = context.table;
  for (const { columns, comparison, of } of restrictions) {
    const column = columns[0]!;
    if (of === 'tuple') throw beyondPractice(`compares tuples in SELECT only, not in ${verb}`);
    if (column.kind === 'partition_key' && comparison !== '=' && comparison !== 'IN') {
      throw invalid(
        `Only EQ and IN relation are supported on the partition key (unless you use the token() function) for ${verb} statements`,
      );
    }
  }
  const missing = partitionKey.filter((column) => !restrictions.some(({ columns }) => columns[0] === column));
  if (missing.length > 0) {
    throw invalid(`Some partition key parts are missing: ${missing.map((column) => column.name).join(', ')}`);
  }
  for (const { columns } of restrictions) {
    const [column] = columns;
    if (column!.kind !== 'regular' && column!.kind !== 'static') continue;
    throw invalid(`Non PRIMARY KEY columns found in where clause: ${column!.name} `);
  }
  return restrictions;
}

function compileConditions(
  condition: Modification['condition'],
  context: TermContext,
): readonly Restriction[] {
  if (condition === undefined || typeof condition === 'string') return [];
  return condition.map((relation) => {
    const restriction = compileRestriction(relation, context, true);
    const [column] = restriction.columns;
    if (column!.kind === 'partition_key' || column!.kind === 'clustering') {
      throw invalid(`PRIMARY KEY column '${column!.name}' cannot have IF conditions`);
    }
    return restriction;
  });
}

function refusedBy(
  condition: Modification['condition'],
  conditions: readonly Restriction[],
  table: Table,
  reach: ReturnType<Reach>,
  bound: readonly BoundValue[],
  inBatch: boolean,
): Answer | undefined {
  if (condition === undefined) return undefined;
  if (reach.length !== 1) throw invalid(`IN on the partition key is not supported with conditional updates`);
  const { key, clustering } = reach[0]!;
  const partition = table.rows.partition(partitionKeyBytes(key));
  const row = clustering === undefined ? partition?.staticRow() : partition?.row(clustering);
  if (condition === 'exists') return row === undefined ? appliedAnswer(table, false) : undefined;
  const missing = row ?? missingRow(table, key, clustering);
  if (conditions.every((each) => each.fits(missing, each.values(bound), bound))) return undefined;
  const keys = inBatch ? [...table.partitionKey, ...table.clusteringKey] : [];
  const columns = [...keys, ...new Set(conditions.flatMap((each) => each.columns))];
  if (row === undefined) return appliedAnswer(table, false);
  return appliedAnswer(
    table,
    false,
    columns,
    columns.map((column) => valueOf(row, column)),
  );
}

function missingRow(table: Table, key: readonly Buffer[], clustering: readonly Buffer[] = []): Row {
  const partition = table.rows.detached(key);
  return { partition, clustering, cells: [], inserted: false, bytes: 0 };
}

function compileAssignment(assignment: Assignment, column: Column, context: TermContext): CellChange {
  const { type, name } = column;
  switch (assignment.set) {
    case 'value': {
      if (context.table.isCounter) {
        throw invalid(
          `Cannot set the value of counter column ${name} (counters can only be incremented/decremented, not set)`,
        );
      }
      const value = compileTerm(assignment.value, column, context);
      return { column, changed: (_, bound) => value(bound) };
    }
    case 'element':
      return compileElement(column, assignment.key, assignment.value, context);
    case 'field': {
      const fields = type.kind === 'udt' ? type.udt.fields : [];
      const index = fields.findIndex((field) => field.name === assignment.field);
      if (index < 0 || !isMultiCell(type)) {
        throw invalid(`Invalid operation (${assignment.text}) for frozen UDT column ${name}`);
      }
      const receiver = { name: `${name}.${assignment.field}`, type: fields[index]!.type };
      const value = compileTerm(assignment.value, receiver, context);
      return {
        column,
        changed(old, bound) {
          const items: (Buffer | null)[] = tupleItems(old ?? Buffer.alloc(0));
          while (items.length < fields.length) items.push(null);
          const given = value(bound);
          if (given !== undefined) items[index] = given;
          return items.every((item) => item === null) ? null : tupleOf(items);
        },
      };
    }
    default:
      return compileAddition(assignment, column, context);
  }
}

/** `m[?] = ?`, `l[?] = ?`. */
function compileElement(column: Column, keyTerm: Term, valueTerm: Term, context: TermContext): CellChange {
  const { type, name } = column;
  if (type.kind === 'set' && valueTerm.kind === 'null' && isMultiCell(type)) {
    const item = compileTerm(keyTerm, { name: `value(${name})`, type: type.of }, context);
    return {
      column,
      changed(old, bound) {
        const removed = item(bound);
        return nonEmpty(collectionItems(old ?? Buffer.alloc(0)).filter((each) => !removed?.equals(each)));
      },
    };
  }
  if ((type.kind !== 'map' && type.kind !== 'list') || !isMultiCell(type)) {
    throw invalid(`Invalid operation (${name}[...] = ...) for column ${name}`);
  }
  const [keyReceiver, of] =
    type.kind === 'map'
      ? [{ name: `key(${name})`, type: type.key }, type.value]
      : [{ name: `idx(${name})`, type: native('int') }, type.of];
  const key = compileTerm(keyTerm, keyReceiver, context);
  const value = compileTerm(valueTerm, { name: `value(${name})`, type: of }, context);
  return {
    column,
    changed(old, bound) {
      const at = key(bound);
      const given = value(bound);
      if (at === null || at === undefined) throw invalid(`Invalid null ${type.kind} key`);
      if (given === undefined) return undefined;
      if (type.kind === 'map') {
        const items = without(collectionItems(old ?? Buffer.alloc(0), 2), [at]);
        return nonEmpty(sortedMap(given === null ? items : [...items, at, given], type.key), 2);
      }
      const items = collectionItems(old ?? Buffer.alloc(0));
      const index = at.readInt32BE();
      if (index < 0 || index >= items.length) {
        throw invalid(`List index ${index} out of bound, list has size ${items.length}`);
      }
      if (given === null) items.splice(index, 1);
      else items[index] = given;
      return nonEmpty(items);
    },
  };
}

/** `c = c + ?` of counters and collections, and what is like it. */
function compileAddition(
  assignment: Assignment & { set: 'add' | 'prepend' | 'subtract' },
  column: Column,
  context: TermContext,
): CellChange {
  const { type, name } = column;
  const { set } = assignment;
  if (type.kind === 'native' && type.name === 'counter') {
    const value = compileTerm(assignment.value, column, context);
    return {
      column,
      changed(old, bound) {
        const by = value(bound);
        if (by === null) throw invalid('Invalid null value for counter increment');
        if (by === undefined) return undefined;
        const before = old === null ? 0n : old.readBigInt64BE();
        return long(set === 'subtract' ? before - by.readBigInt64BE() : before + by.readBigInt64BE());
      },
    };
  }
  if (type.kind === 'native') {
    throw invalid(`Invalid operation (${assignment.text}) for non counter column ${name}`);
  }
  if ((type.kind !== 'list' && type.kind !== 'set' && type.kind !== 'map') || !isMultiCell(type)) {
    throw invalid(`Invalid operation (${assignment.text}) for frozen collection column ${name}`);
  }
  // From a map its keys are taken, which make a set.
  const given: CqlType =
    type.kind === 'map' && set === 'subtract' ? { kind: 'set', of: type.key, frozen: false } : type;
  const value = compileTerm(assignment.value, { name, type: given }, context);
  const perEntry = type.kind === 'map' ? 2 : 1;
  return {
    column,
    changed(old, bound) {
      const by = value(bound);
      if (by === null || by === undefined) return undefined;
      const items = collectionItems(old ?? Buffer.alloc(0), perEntry);
      const others = collectionItems(by, given.kind === 'map' ? 2 : 1);
      if (set === 'subtract') {
        const left =
          type.kind === 'map'
            ? without(items, others)
            : items.filter((item) => !others.some((other) => other.equals(item)));
        return nonEmpty(left, perEntry);
      }
      switch (type.kind) {
        case 'list':
          return nonEmpty(set === 'add' ? [...items, ...others] : [...others, ...items]);
        case 'set':
          return nonEmpty(sortedSet([...items, ...others], type.of));
        case 'map':
          return nonEmpty(sortedMap([...items, ...others], type.key), 2);
      }
    },
  };
}

/** The entries of a map without those of some keys. */
function without(items: readonly Buffer[], keys: readonly Buffer[]): Buffer[] {
  return items.filter((_, index) => !keys.some((key) => key.equals(items[index - (index % 2)]!)));
}

function nonEmpty(items: readonly Buffer[], perEntry = 1): Buffer | null {
  return items.length === 0 ? null : collectionOf(items, perEntry);
}

/** Changes a row, or the static values of a partition: all of it, or with a value that is none nothing. */
function change(
  partition: Partition,
  row: Row | undefined,
  changes: readonly CellChange[],
  bound: readonly BoundValue[],
  inserts = false,
): void {
  const statics = changes.some(({ column }) => column.kind === 'static')
    ? partition.staticsOrNew()
    : undefined;
  try {
    // Each change sees those before it, and the row only all of them.
    const cells = row?.cells.slice() ?? [];
    const staticCells = statics?.cells.slice() ?? [];
    for (const { column, changed } of changes) {
      const into = column.kind === 'static' ? staticCells : cells;
      const value = changed(into[column.cell] ?? null, bound);
      if (value === undefined) continue;
      if (value !== null) checkValue(value, column.type);
      into[column.cell] = value !== null && isEmptyCollection(value, column.type) ? null : value;
    }
    // A copy is as long as it must be, which an array that grew is not.
    if (statics !== undefined) statics.cells = staticCells.slice();
    if (row !== undefined) {
      row.cells = cells.slice();
      row.inserted ||= inserts;
    }
  } finally {
    // What was made for this, and got nothing, goes again.
    if (statics !== undefined) partition.settle(statics);
    if (row !== undefined) partition.settle(row);
  }
}

/** A collection of cells without any is not there. */
function isEmptyCollection(value: Buffer, type: CqlType): boolean {
  return isMultiCell(type) && type.kind !== 'udt' && integerOf(value.subarray(0, 4)) === 0n;
}

function keyValues(
  parts: readonly { readonly column: Column; readonly value: ValueOf }[],
  bound: readonly BoundValue[],
): readonly Buffer[] {
  return parts.map(({ column, value }) => {
    const bytes = value(bound);
    if (bytes === undefined) throw invalid(`Invalid unset value for column ${column.name}`);
    if (bytes === null) throw invalid(`Invalid null value in condition for column ${column.name}`);
    return checkedKey(bytes, column);
  });
}

function checkedKey(bytes: Buffer, column: Column): Buffer {
  if (bytes.length === 0 && column.kind === 'partition_key') throw invalid('Key may not be empty');
  checkValue(bytes, column.type);
  return bytes;
}

function checkKeyParts(key: readonly Column[], at: (column: Column) => number, message: string): void {
  const missing = key.filter((column) => at(column) < 0).map((column) => column.name);
  if (missing.length > 0) throw invalid(`${message}: ${missing.join(', ')}`);
}

function checkUsing({ using, condition }: Modification): void {
  if (using.timestamp !== undefined && condition !== undefined) {
    throw invalid('Cannot provide custom timestamp for conditional updates');
  }
}

/** TTL and TIMESTAMP are taken; what is written stays, and the last to come wins. */
export function compileUsing({ ttl, timestamp }: Using, context: TermContext): void {
  if (ttl !== undefined) compileTerm(ttl, { name: '[ttl]', type: native('int') }, context);
  if (timestamp !== undefined) {
    compileTerm(timestamp, { name: '[timestamp]', type: native('bigint') }, context);
  }
}
