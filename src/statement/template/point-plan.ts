import { itemsOfOperation, type Operation } from '../../stress-client/plan.ts';
import { writePadded, writeWhole } from './bytes.ts';
import { lineCode, type BlockWriter } from './code/line-code.ts';
import { compositionText, type PartList } from './compose.ts';
import { firstPlace, type Place } from './place.ts';
import { Points, type PointParts } from './points.ts';

interface LineParts extends PointParts {
  /** Everything before the timestamp. */
  readonly line: PartList;
}

const timestampBytesAtMost = 21;
const lineEnd = 10;

/** Points of line protocol. */
export class PointPlan extends Points {
  readonly itemName = 'point';
  readonly operationBytesAtMost: number;
  readonly timeName = undefined;
  readonly #parts: LineParts;
  /** Written by `write`; everything else takes a place of its own. */
  readonly #place = firstPlace();
  /** Made with the first operation, so that a plan that is only looked at costs nothing; null where there is none. */
  #code: BlockWriter | null | undefined = undefined;

  constructor(parts: LineParts) {
    super(parts);
    this.#parts = parts;
    this.operationBytesAtMost = parts.batchSize * (parts.line.bytesAtMost + timestampBytesAtMost);
  }

  write(of: Operation, items: number, staging: Uint8Array, offset: number): number {
    const first = of.operation * this.batchSize;
    const end = first + itemsOfOperation(of.operation, items, this.batchSize);
    if (end <= first) return offset;
    const { places } = this;
    if (places.population === undefined) return this.#run(first, end, of.intendedNs, staging, offset);
    let at = offset;
    let index = places.indexOf(first);
    for (let item = first; item < end;) {
      if (item !== first) staging[at++] = lineEnd;
      let run = 1;
      let next = 0;
      while (item + run < end && (next = places.indexOf(item + run)) === index + run) run++;
      at = this.#run(index, index + run, of.intendedNs, staging, at);
      item += run;
      index = next;
    }
    return at;
  }

  /** Writes lines of indexes that follow each other. */
  #run(first: number, end: number, intendedNs: number, staging: Uint8Array, offset: number): number {
    if (this.#code === undefined) this.#code = this.#makeCode();
    // The code's random numbers are those of one block of 2^32 indexes.
    const isOneBlock = Math.floor(first / 4294967296) === Math.floor((end - 1) / 4294967296);
    if (this.#code !== null && isOneBlock) return this.#code(first, end, intendedNs, staging, offset);
    const place = this.#place;
    place.intendedNs = intendedNs;
    let at = offset;
    for (let index = first; index < end; index++) {
      if (index !== first) staging[at++] = lineEnd;
      at = this.#line(index, place, staging, at);
    }
    return at;
  }

  item(index: number): string {
    const staging = Buffer.allocUnsafe(this.operationBytesAtMost / this.batchSize);
    const end = this.#line(this.places.indexOf(index), firstPlace(), staging, 0);
    return staging.toString('utf8', 0, end);
  }

  measurementOf(index: number): string {
    return compositionText(this.#parts.measurement, this.places.at(index));
  }

  averageItemBytes(sampleSize: number): number {
    const staging = Buffer.allocUnsafe(this.operationBytesAtMost / this.batchSize);
    const place = firstPlace();
    const items = this.places.sampleOf(this.#parts.items, sampleSize);
    const bytesOf = (item: number): number => this.#line(this.places.indexOf(item), place, staging, 0) + 1;
    return items.reduce((sum, item) => sum + bytesOf(item), 0) / items.length;
  }

  /** Times before 1970 are left to the plain writer. */
  #makeCode(): BlockWriter | null {
    const { places, line, digits } = this.#parts;
    if (places.timeline.startMs < 1000) return null;
    return lineCode(line.parts, places, digits) ?? null;
  }

  /** What items of an index are; the code must write the same. */
  #line(index: number, place: Place, staging: Uint8Array, offset: number): number {
    const { places, line, digits } = this.#parts;
    places.setIndex(place, index);
    return writeTime(place, digits, staging, line.write(place, staging, offset));
  }
}

/** The place's time in units of 10^-digits seconds. */
function writeTime(place: Place, digits: number, staging: Uint8Array, offset: number): number {
  const { seconds } = place;
  if (digits === 0) return writeWhole(seconds, staging, offset);
  const scale = 10 ** digits;
  const part = Math.floor(place.nanoseconds / 10 ** (9 - digits));
  if (seconds > 0) return writePadded(part, digits, staging, writeWhole(seconds, staging, offset));
  if (seconds === 0) return writeWhole(part, staging, offset);
  // Before 1970 the parts have opposite signs: -1 s and 250 ms are -750 ms.
  const whole = part === 0 ? -seconds : -seconds - 1;
  const rest = part === 0 ? 0 : scale - part;
  if (whole === 0) return writeWhole(-rest, staging, offset);
  staging[offset] = 45;
  return writePadded(rest, digits, staging, writeWhole(whole, staging, offset + 1));
}
