import type { ClientPlace } from './client-share.ts';

/** What became of an operation, by its number in `RequestColumns`. */
export const requestOutcomes = ['acknowledged', 'failed', 'unknown'] as const;

/** One row an operation, column by column: plain data. */
export interface RequestColumns {
  /** When its outcome was known; nanoseconds of the run's clock, strictly rising. */
  readonly doneNs: Float64Array;
  /** Response time; in a closed model service time. */
  readonly timeNs: Float64Array;
  /** What a write sent, or a query's answer had. */
  readonly bytes: Float64Array;
  /** HTTP status or CQL error code; 0 without an answer. */
  readonly status: Uint16Array;
  /** Index into `requestOutcomes`. */
  readonly outcome: Uint8Array;
  /** Operations that there was no room for. */
  readonly dropped: number;
}

const rowsAtFirst = 1024;
/** 29 bytes each. */
const rowsAtMost = 1 << 18;

/**
 * Keeps a row for every operation of one statement until they are taken: at most 262,144, further ones are
 * counted. Keeping one allocates nothing but, now and then, more room.
 */
export class RequestLog {
  #count = 0;
  #dropped = 0;
  readonly #place: ClientPlace;
  #lastNs = -Infinity;
  #doneNs = new Float64Array(rowsAtFirst);
  #timeNs = new Float64Array(rowsAtFirst);
  #bytes = new Float64Array(rowsAtFirst);
  #status = new Uint16Array(rowsAtFirst);
  #outcome = new Uint8Array(rowsAtFirst);

  constructor(place: ClientPlace) {
    this.#place = place;
  }

  add(
    doneNs: number,
    timeNs: number,
    bytes: number,
    status: number,
    outcome: (typeof requestOutcomes)[number],
  ): void {
    const at = this.#count;
    if (at === this.#doneNs.length && !this.#grow()) {
      this.#dropped++;
      return;
    }
    // A series holds one row a nanosecond: the second would overwrite the first. Each client has nanoseconds of its own.
    const { index, of } = this.#place;
    this.#lastNs = Math.max(this.#lastNs + of, doneNs - (doneNs % of) + index);
    this.#doneNs[at] = this.#lastNs;
    this.#timeNs[at] = timeNs;
    this.#bytes[at] = bytes;
    this.#status[at] = status;
    this.#outcome[at] = outcome === 'acknowledged' ? 0 : outcome === 'failed' ? 1 : 2;
    this.#count++;
  }

  /** Hands out what was kept since the last call, and forgets it; undefined when nothing was. */
  take(): RequestColumns | undefined {
    const count = this.#count;
    if (count === 0) return undefined;
    const columns = {
      doneNs: this.#doneNs.slice(0, count),
      timeNs: this.#timeNs.slice(0, count),
      bytes: this.#bytes.slice(0, count),
      status: this.#status.slice(0, count),
      outcome: this.#outcome.slice(0, count),
      dropped: this.#dropped,
    };
    this.#count = 0;
    this.#dropped = 0;
    return columns;
  }

  #grow(): boolean {
    const rows = this.#doneNs.length * 2;
    if (rows > rowsAtMost) return false;
    this.#doneNs = longer(this.#doneNs, new Float64Array(rows));
    this.#timeNs = longer(this.#timeNs, new Float64Array(rows));
    this.#bytes = longer(this.#bytes, new Float64Array(rows));
    this.#status = longer(this.#status, new Uint16Array(rows));
    this.#outcome = longer(this.#outcome, new Uint8Array(rows));
    return true;
  }
}

function longer<Column extends Float64Array | Uint16Array | Uint8Array>(
  column: Column,
  into: Column,
): Column {
  into.set(column);
  return into;
}
