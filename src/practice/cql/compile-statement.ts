import { voidAnswer } from './answer.ts';
import type { Answer, PreparedMetadata } from './answer.ts';
import type { BoundValue } from './byte-reader.ts';
import { changeSchema } from './change-schema.ts';
import { appliedAnswer, compileModification, compileUsing } from './compile-modification.ts';
import type { CompiledModification } from './compile-modification.ts';
import { compileSelect } from './compile-select.ts';
import type { Paging } from './compile-select.ts';
import type { Marker, TermContext } from './compile-term.ts';
import type { CqlCounters } from './cql-counters.ts';
import { invalid } from './cql-refusal.ts';
import { parseStatement } from './parse-statement.ts';
import type { Schema, Table } from './schema.ts';
import type { BatchStatement } from './statement.ts';
import type { RowBound, TableRows } from './table-rows.ts';

/** What statements are run on: the nodes have one schema and one store. */
export interface StatementGround {
  readonly schema: Schema;
  readonly bound: RowBound;
  readonly counters: CqlCounters;
}

/** How a request wants its statement run. */
export interface RunOptions {
  readonly paging: Paging;
  /** The rows of a system table, as the node that was asked has them. */
  systemRows(table: Table): TableRows;
}

/** A statement that was read once and can be run many times. */
export interface CompiledStatement {
  readonly text: string;
  readonly metadata: PreparedMetadata;
  /** The names by which its markers can be given, too. */
  readonly names: readonly string[];
  /** What keeps the values: they must not be views into what is read next. */
  readonly keepsValues: boolean;
  /** Writes nothing but rows, without an IF: its answer is always the same. */
  readonly isPlainWrite: boolean;
  /** As a part of a batch. */
  readonly modifications: readonly CompiledModification[];
  readonly isCounter: boolean;
  run(bound: readonly BoundValue[], options: RunOptions): Answer;
}

/** Reads a statement in the keyspace of its connection. Throws a CqlRefusal. */
export function compileStatement(
  text: string,
  keyspace: string | undefined,
  ground: StatementGround,
): CompiledStatement {
  const { statement, markers } = parseStatement(text);
  const { schema, counters } = ground;
  const slots = Array<Marker | undefined>(markers).fill(undefined);
  const contextOf = (table: Table): TermContext => ({ schema, table, markers: slots });
  const ready = (
    table: Table | undefined,
    of: Partial<CompiledStatement> & Pick<CompiledStatement, 'run'>,
    columns?: PreparedMetadata['columns'],
  ): CompiledStatement => ({
    text,
    metadata: {
      table,
      markers: slots.filter((marker) => marker !== undefined),
      partitionKeyIndexes: partitionKeyIndexes(table, slots),
      columns,
    },
    names: slots.map((marker) => marker?.name ?? ''),
    keepsValues: false,
    isPlainWrite: false,
    modifications: [],
    isCounter: false,
    ...of,
  });

  switch (statement.kind) {
    case 'use':
      return ready(undefined, {
        run() {
          if (!schema.keyspaces.has(statement.keyspace)) {
            throw invalid(`Keyspace '${statement.keyspace}' does not exist`);
          }
          return { kind: 'keyspace', name: statement.keyspace };
        },
      });
    case 'truncate':
      return ready(undefined, {
        run() {
          schema.table(statement.table, keyspace).rows.clear();
          return voidAnswer;
        },
      });
    case 'select': {
      const table = schema.table(statement.table, keyspace);
      const isSystem = schema.keyspaces.get(table.keyspace)!.isSystem;
      const select = compileSelect(statement, contextOf(table));
      const compiled = ready(
        table,
        {
          run(bound, { paging, systemRows }) {
            const answer = select.run(isSystem ? systemRows(table) : table.rows, bound, paging);
            if (!isSystem) counters.rowsRead += answer.rows.length;
            return answer;
          },
        },
        select.columns,
      );
      return compiled;
    }
    case 'insert':
    case 'update':
    case 'delete': {
      const table = schema.table(statement.table, keyspace);
      const modification = compileModification(statement, contextOf(table));
      return ready(table, {
        keepsValues: true,
        isPlainWrite: !modification.isConditional,
        isCounter: table.isCounter,
        modifications: [modification],
        run: (bound) => modify([{ modification, bound }], counters, false),
      });
    }
    case 'batch': {
      const parts = statement.statements.map((part) => {
        const table = schema.table(part.table, keyspace);
        return { table, modification: compileModification(part, contextOf(table)) };
      });
      if (statement.using.timestamp !== undefined && parts[0] !== undefined) {
        compileUsing(statement.using, contextOf(parts[0].table));
      }
      const areCounters = parts.map(({ table }) => table.isCounter);
      if (areCounters.includes(true) && statement.using.timestamp !== undefined) {
        throw invalid('Cannot provide custom timestamp for a BATCH containing counters');
      }
      checkBatch(statement.type, areCounters);
      const modifications = parts.map(({ modification }) => modification);
      return ready(parts[0]?.table, {
        keepsValues: true,
        isPlainWrite: modifications.every((modification) => !modification.isConditional),
        isCounter: parts.some(({ table }) => table.isCounter),
        modifications,
        run: (bound) =>
          modify(
            modifications.map((modification) => ({ modification, bound })),
            counters,
            true,
          ),
      });
    }
    default:
      return ready(undefined, { run: () => changeSchema(statement, schema, keyspace, ground.bound) });
  }
}

/** Does what statements say, one after another; with an IF that doesn't hold none of them. */
export function modify(
  parts: readonly { readonly modification: CompiledModification; readonly bound: readonly BoundValue[] }[],
  counters: CqlCounters,
  inBatch: boolean,
): Answer {
  const conditional = parts.find(({ modification }) => modification.isConditional);
  if (conditional !== undefined) {
    for (const { modification, bound } of parts) {
      const refused = modification.refused(bound, inBatch);
      if (refused !== undefined) return refused;
    }
  }
  for (const { modification, bound } of parts) counters.rowsWritten += modification.apply(bound);
  return conditional === undefined ? voidAnswer : appliedAnswer(conditional.modification.table, true);
}

/** Refuses what Cassandra doesn't let into one batch. */
export function checkBatch(type: BatchStatement['type'], areCounters: readonly boolean[]): void {
  const [some, all] = [areCounters.includes(true), !areCounters.includes(false)];
  if (type === 'counter' && !all) throw invalid('Cannot include non-counter statement in a counter batch');
  if (type === 'logged' && some) throw invalid('Cannot include a counter statement in a logged batch');
  if (some && !all) throw invalid('Counter and non-counter mutations cannot exist in the same batch');
}

/**
 * Which markers are the partition key, in its order, the last where several are; none where a part of it is not
 * bound, or with a batch on several tables.
 */
function partitionKeyIndexes(
  table: Table | undefined,
  markers: readonly (Marker | undefined)[],
): readonly number[] {
  if (table === undefined || markers.some((marker) => marker?.table !== table)) return [];
  const indexes = table.partitionKey.map((column) =>
    markers.findLastIndex((marker) => marker?.receiver === column),
  );
  return indexes.includes(-1) ? [] : indexes;
}
