import type { Operation } from '../../../plan.ts';
import type { OperationRows } from '../../../cql-plan.ts';
import { itemsOfOperation } from '../../../plan.ts';
import type { PreparedWork } from '../cql-transport.ts';
import {
  batchKinds,
  bodyBytesAtMost,
  consistencyCodes,
  headerBytes,
  opcodes,
  queryFlags,
  requestVersion,
} from '../protocol/protocol-constants.ts';
import type { PreparedStatement } from '../protocol/result.ts';

/** What goes in front of and behind the values of one text. */
interface TextFrame {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** Of a query: goes in front of the values where a page is asked for that is not the first. */
  readonly beforeWithPage: Uint8Array;
  /** Goes in front of the values in a batch. */
  readonly inBatch: Uint8Array;
}

const executedById = 1;

/** Writes the requests of a statement: an EXECUTE each, or a BATCH of them; streams are left to others. */
export class OperationFrames {
  /** No request is longer, the paging state apart. */
  readonly bytesAtMost: number;
  /** Where the values of the first item of the request that was written last begin, and which text it was. */
  valuesStart = 0;
  text = 0;
  /** How many rows it has, where an operation has as many as its data. */
  rows = 0;

  readonly #work: PreparedWork;
  readonly #texts: readonly TextFrame[];
  readonly #batchTail: Uint8Array;
  /** Of a batch, its rows apart, and of each of its rows. */
  readonly #batchBytes: number;
  readonly #rowBytes: number;

  constructor(work: PreparedWork, prepared: readonly PreparedStatement[]) {
    this.#work = work;
    const { settings, plan } = work.work;
    const consistency = short(consistencyCodes[settings.Consistency]);
    const serial = short(consistencyCodes[settings.SerialConsistency]);
    this.#texts = prepared.map(({ id, markers }) => {
      const idBytes = [...short(id.length), ...id];
      const count = short(markers.length);
      const inBatch = Uint8Array.of(executedById, ...idBytes, ...count);
      const { values, skipMetadata, pageSize, pagingState, serialConsistency } = queryFlags;
      let flags = serialConsistency;
      if (markers.length > 0) flags |= values;
      if (plan.kind === 'query') flags |= skipMetadata | pageSize;
      const before = (withFlags: number): Uint8Array =>
        Uint8Array.of(...idBytes, ...consistency, withFlags, ...(markers.length > 0 ? count : []));
      const page = plan.kind === 'query' ? int(settings.PageSize) : [];
      return {
        before: before(flags),
        after: Uint8Array.of(...page, ...serial),
        beforeWithPage: before(flags | pagingState),
        inBatch,
      };
    });
    this.#batchTail = Uint8Array.of(...consistency, queryFlags.serialConsistency, ...serial);
    const longest = Math.max(...this.#texts.map(({ before, after }) => before.length + after.length));
    const { itemBytesAtMost, rows } = work.values;
    this.#batchBytes = headerBytes + 3 + this.#batchTail.length;
    this.#rowBytes = longest + itemBytesAtMost;
    this.bytesAtMost = Math.min(
      rows === undefined ? Infinity : bodyBytesAtMost,
      this.#batchBytes + (rows?.atMost ?? plan.batchSize) * this.#rowBytes,
    );
  }

  /** The request of an operation is no longer. */
  bytesFor({ operation }: Operation): number {
    const { rows } = this.#work.values;
    return rows === undefined
      ? this.bytesAtMost
      : this.#batchBytes + rows.countOf(operation) * this.#rowBytes;
  }

  /** Writes the request of an operation at `offset` and returns its end. */
  write(of: Operation, buffer: Uint8Array, offset: number): number {
    const { work, values, batch } = this.#work;
    const { operation, pick, intendedNs } = of;
    if (values.rows !== undefined) return this.#writeRows(values.rows, of, buffer, offset);
    const first = operation * work.plan.batchSize;
    if (batch === 'none') {
      const text = values.textOf(first, pick);
      const { before, after } = this.#texts[text]!;
      const valuesStart = put(before, buffer, offset + headerBytes);
      this.text = text;
      this.valuesStart = valuesStart;
      const end = put(after, buffer, values.write(first, pick, intendedNs, buffer, valuesStart));
      return putHeader(opcodes.execute, buffer, offset, end);
    }
    const count = itemsOfOperation(operation, work.items, work.plan.batchSize);
    let end = offset + headerBytes;
    buffer[end++] = batchKinds[batch];
    buffer[end++] = count >> 8;
    buffer[end++] = count;
    for (let index = first; index < first + count; index++) {
      const text = values.textOf(index, pick);
      const start = put(this.#texts[text]!.inBatch, buffer, end);
      if (index === first) {
        this.text = text;
        this.valuesStart = start;
      }
      end = values.write(index, pick, intendedNs, buffer, start);
    }
    return putHeader(opcodes.batch, buffer, offset, put(this.#batchTail, buffer, end));
  }

  #writeRows(rows: OperationRows, of: Operation, buffer: Uint8Array, offset: number): number {
    const { operation, intendedNs } = of;
    const { batch } = this.#work;
    const { before, after, inBatch } = this.#texts[0]!;
    const count = rows.countOf(operation);
    this.rows = count;
    this.text = 0;
    if (count === 1 || batch === 'none') {
      this.valuesStart = put(before, buffer, offset + headerBytes);
      const end = put(after, buffer, rows.write(operation, 0, intendedNs, buffer, this.valuesStart));
      return putHeader(opcodes.execute, buffer, offset, end);
    }
    let end = offset + headerBytes;
    buffer[end++] = batchKinds[batch];
    buffer[end++] = count >> 8;
    buffer[end++] = count;
    for (let row = 0; row < count; row++) {
      end = put(inBatch, buffer, end);
      if (row === 0) this.valuesStart = end;
      end = rows.write(operation, row, intendedNs, buffer, end);
    }
    return putHeader(opcodes.batch, buffer, offset, put(this.#batchTail, buffer, end));
  }

  /** Writes the request for another page of a query's answer at `offset` and returns its end. */
  writePage(of: Operation, pagingState: Uint8Array, buffer: Uint8Array, offset: number): number {
    const { values } = this.#work;
    const { operation, pick, intendedNs } = of;
    const { beforeWithPage, after } = this.#texts[values.textOf(operation, pick)]!;
    let end = put(beforeWithPage, buffer, offset + headerBytes);
    end = values.write(operation, pick, intendedNs, buffer, end);
    const pageBytes = 4;
    end = put(after.subarray(0, pageBytes), buffer, end);
    end = put(Uint8Array.from(int(pagingState.length)), buffer, end);
    buffer.set(pagingState, end);
    end = put(after.subarray(pageBytes), buffer, end + pagingState.length);
    return putHeader(opcodes.execute, buffer, offset, end);
  }
}

function short(value: number): readonly number[] {
  return [value >> 8, value & 0xff];
}

function int(value: number): readonly number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

/** Copies a few bytes, for which a loop is cheaper than a call out of JavaScript; returns their end. */
function put(bytes: Uint8Array, buffer: Uint8Array, offset: number): number {
  for (let at = 0; at < bytes.length; at++) buffer[offset + at] = bytes[at]!;
  return offset + bytes.length;
}

/** Writes the header of the request that lies behind it up to `end`, and returns that. */
function putHeader(opcode: number, buffer: Uint8Array, offset: number, end: number): number {
  const length = end - offset - headerBytes;
  buffer[offset] = requestVersion;
  buffer[offset + 1] = 0;
  buffer[offset + 2] = 0;
  buffer[offset + 3] = 0;
  buffer[offset + 4] = opcode;
  buffer[offset + 5] = length >>> 24;
  buffer[offset + 6] = length >>> 16;
  buffer[offset + 7] = length >>> 8;
  buffer[offset + 8] = length;
  return end;
}
