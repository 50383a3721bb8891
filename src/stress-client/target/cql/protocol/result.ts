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
  const markers = readColumns(body, flags, columnCount);
  const result = readMetadata(body);
  return { id, markers, partitionKey, resultColumns: result.columns };
}

/** Reads the body of any other RESULT; where it has no rows, there are none. */
export function readResult(body: BodyReader): ResultRows {
  if (body.int() !== resultKinds.rows) return { columns: [], rows: [] };
  const { columns, columnCount } = readMetadata(body);
  const row = (): (Buffer | null)[] => Array.from({ length: columnCount }, () => body.bytes());
  return { columns, rows: Array.from({ length: body.int() }, row) };
}

function readMetadata(body: BodyReader): { columns: readonly CqlMarker[]; columnCount: number } {
  const flags = body.int();
  const columnCount = body.int();
  if ((flags & metadataFlags.hasMorePages) !== 0) body.bytes();
  const without = (flags & metadataFlags.noMetadata) !== 0;
  return { columns: without ? [] : readColumns(body, flags, columnCount), columnCount };
}

function readColumns(body: BodyReader, flags: number, count: number): CqlMarker[] {
  const global = (flags & metadataFlags.globalTable) !== 0;
  const skipTable = (): void => {
    body.string();
    body.string();
  };
  if (global && count > 0) skipTable();
  return Array.from({ length: count }, () => {
    if (!global) skipTable();
    return { name: body.string(), type: readType(body) };
  });
}
