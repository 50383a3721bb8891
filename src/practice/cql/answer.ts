import type { ByteWriter } from './byte-writer.ts';
import { writeType } from './cql-type.ts';
import type { Marker, Receiver } from './compile-term.ts';
import type { Table } from './schema.ts';

export interface SchemaChange {
  readonly kind: 'schema change';
  readonly change: 'CREATED' | 'UPDATED' | 'DROPPED';
  readonly target: 'KEYSPACE' | 'TABLE' | 'TYPE';
  readonly keyspace: string;
  /** Empty for a keyspace. */
  readonly name: string;
}

export interface RowsAnswer {
  readonly kind: 'rows';
  readonly table: Table;
  readonly columns: readonly Receiver[];
  readonly rows: readonly (readonly (Buffer | null)[])[];
  /** Where the next page begins, if there is one. */
  readonly pagingState: Buffer | undefined;
}

/** What a statement ends with: a RESULT. */
export type Answer =
  | { readonly kind: 'void' }
  | { readonly kind: 'keyspace'; readonly name: string }
  | SchemaChange
  | RowsAnswer;

export const voidAnswer: Answer = { kind: 'void' };

const globalTable = 0x01;
const hasMorePages = 0x02;
const noMetadata = 0x04;

/** Writes the body of a RESULT: native_protocol_v4.spec, section 4.2.5. */
export function writeAnswer(writer: ByteWriter, answer: Answer, skipMetadata: boolean): void {
  switch (answer.kind) {
    case 'void':
      writer.int(1);
      break;
    case 'rows':
      writer.int(2);
      writeColumns(writer, answer.table, answer.columns, answer.pagingState, skipMetadata);
      writer.int(answer.rows.length);
      for (const row of answer.rows) for (const value of row) writer.bytes(value);
      break;
    case 'keyspace':
      writer.int(3);
      writer.string(answer.name);
      break;
    case 'schema change':
      writer.int(5);
      writeSchemaChange(writer, answer);
  }
}

/** As RESULT and EVENT both tell it. */
export function writeSchemaChange(
  writer: ByteWriter,
  { change, target, keyspace, name }: SchemaChange,
): void {
  writer.string(change);
  writer.string(target);
  writer.string(keyspace);
  if (target !== 'KEYSPACE') writer.string(name);
}

export interface PreparedMetadata {
  readonly table: Table | undefined;
  readonly markers: readonly Marker[];
  /** Which markers are the partition key, in its order; none where not all of it is bound. */
  readonly partitionKeyIndexes: readonly number[];
  /** Of a SELECT. */
  readonly columns: readonly Receiver[] | undefined;
}

export function writePrepared(writer: ByteWriter, id: Uint8Array, metadata: PreparedMetadata): void {
  const { table, markers, partitionKeyIndexes, columns } = metadata;
  writer.int(4);
  writer.shortBytes(id);
  const first = markers[0]?.table;
  const oneTable = first !== undefined && markers.every((marker) => marker.table === first);
  writer.int(oneTable ? globalTable : 0);
  writer.int(markers.length);
  writer.int(partitionKeyIndexes.length);
  for (const index of partitionKeyIndexes) writer.short(index);
  if (oneTable) writeTable(writer, first);
  for (const marker of markers) {
    if (!oneTable) writeTable(writer, marker.table);
    writer.string(marker.name);
    writeType(writer, marker.type);
  }
  if (columns !== undefined && table !== undefined) writeColumns(writer, table, columns, undefined, false);
  else {
    writer.int(noMetadata);
    writer.int(0);
  }
}

function writeColumns(
  writer: ByteWriter,
  table: Table,
  columns: readonly Receiver[],
  pagingState: Buffer | undefined,
  skipMetadata: boolean,
): void {
  const more = pagingState === undefined ? 0 : hasMorePages;
  // Cassandra says that they would be of one table also where it leaves them out.
  writer.int(more | globalTable | (skipMetadata ? noMetadata : 0));
  writer.int(columns.length);
  if (pagingState !== undefined) writer.bytes(pagingState);
  if (skipMetadata) return;
  writeTable(writer, table);
  for (const { name, type } of columns) {
    writer.string(name);
    writeType(writer, type);
  }
}

function writeTable(writer: ByteWriter, { keyspace, name }: Table): void {
  writer.string(keyspace);
  writer.string(name);
}
