import type { CqlMarker } from '../../../cql-plan.ts';
import type { BodyReader } from './body-reader.ts';
import { metadataFlags, resultKinds } from './protocol-constants.ts';
import { readType } from './read-type.ts';

/** What PREPARE answered: native_protocol_v4.spec, section 4.2.5.4. */
export interface PreparedStatement {
  readonly id: Buffer;
  readonly markers: readonly CqlMarker[];
  /** Markers of the partition key's columns, in the key's order; empty where not all of them are marked. */
  readonly partitionKey: readonly number[];
  /** Columns of the rows that it answers with; empty for writes. */
  readonly resultColumns: readonly CqlMarker[];
  /** Where the table of the markers is; undefined without markers. */
  readonly keyspace: string | undefined;
}

/** Rows of an answer, each value as the protocol serializes it. */
export interface ResultRows {
  readonly columns: readonly CqlMarker[];
  readonly rows: readonly (readonly (Buffer | null)[])[];
}

/** Reads the body of a RESULT of kind prepared. */
export function readPrepared(body: BodyReader): PreparedStatement | undefined {
  if (body.int() !== resultKinds.prepared) return undefined;
  const id = Buffer.from(body.shortBytes());
  const flags = body.int();
  const columnCount = body.int();
  const partitionKey = Array.from({ length: body.int() }, () => body.short());
  const { keyspace, columns: markers } = readColumns(body, flags, columnCount);
  return { id, markers, partitionKey, resultColumns: readMetadata(body).columns, keyspace };
}

/** Reads the body of any other RESULT; where it has no rows, there are none. */
export function readResult(body: BodyReader): ResultRows {
  if (body.int() !== resultKinds.rows) return { columns: [], rows: [] };
  const { columns, columnCount } = readMetadata(body);
  const row = (): (Buffer | null)[] => Array.from({ length: columnCount }, () => body.bytes());
  return { columns, rows: Array.from({ length: body.int() }, row) };
}

/** What stands in front of the rows. */
export interface RowsHead {
  readonly rowCount: number;
  /** Where the next page begins; undefined on the last. */
  readonly pagingState: Buffer | undefined;
}

/** Reads the body of a RESULT as far as its rows; one of another kind has none. */
export function readRowsHead(body: BodyReader): RowsHead {
  if (body.int() !== resultKinds.rows) return { rowCount: 0, pagingState: undefined };
  const { pagingState } = readMetadata(body);
  return { rowCount: body.int(), pagingState };
}

interface Metadata {
  readonly columns: readonly CqlMarker[];
  readonly columnCount: number;
  readonly pagingState: Buffer | undefined;
}

function readMetadata(body: BodyReader): Metadata {
  const flags = body.int();
  const columnCount = body.int();
  const pagingState = (flags & metadataFlags.hasMorePages) === 0 ? undefined : (body.bytes() ?? undefined);
  const without = (flags & metadataFlags.noMetadata) !== 0;
  return { columns: without ? [] : readColumns(body, flags, columnCount).columns, columnCount, pagingState };
}

function readColumns(
  body: BodyReader,
  flags: number,
  count: number,
): { readonly keyspace: string | undefined; readonly columns: readonly CqlMarker[] } {
  const global = (flags & metadataFlags.globalTable) !== 0;
  let keyspace: string | undefined;
  const readTable = (): void => {
    keyspace = body.string();
    body.string();
  };
  if (global && count > 0) readTable();
  const columns = Array.from({ length: count }, () => {
    if (!global) readTable();
    return { name: body.string(), type: readType(body) };
  });
  return { keyspace, columns };
}
