import type { FieldType } from './line-protocol.ts';
import { LineProtocolReader } from './line-protocol.ts';
import { SeriesCount } from './series-count.ts';

const measurementsAtMost = 10_000;
const fieldsAtMost = 10_000;
const conflictWithin = 'field type conflict';

/** Of a measurement, only what its answers need. */
export interface PracticeMeasurement {
  readonly fields: Map<string, FieldType>;
  points: number;
}

/** What became of one write. */
export interface WriteOutcome {
  readonly taken: number;
  readonly refused: number;
  /** As InfluxDB says it; undefined where every point was taken. */
  readonly error: string | undefined;
}

/** Names, types and counts of what was written; bounded, whatever is written. */
export class PracticeDatabase {
  readonly measurements = new Map<string, PracticeMeasurement>();
  #series = new SeriesCount();
  #fieldCount = 0;

  /** Different series written so far. */
  get seriesCardinality(): number {
    return this.#series.value;
  }

  drop(measurement?: string): void {
    if (measurement === undefined) this.measurements.clear();
    else this.measurements.delete(measurement);
    if (this.measurements.size === 0) this.#series = new SeriesCount();
  }

  /** Checks a body line by line and takes what is good, as InfluxDB does. */
  write(body: Buffer): WriteOutcome {
    const reader = new LineProtocolReader(body);
    const unparsable: string[] = [];
    const learnt = new Set<string>();
    let conflict: string | undefined;
    let taken = 0;
    let refused = 0;
    let dropped = 0;
    while (reader.next()) {
      if (reader.error !== undefined) {
        refused++;
        if (unparsable.length < 10) unparsable.push(`unable to parse '${reader.line}': ${reader.error}`);
        continue;
      }
      const found = this.#take(reader, learnt);
      if (found === undefined) {
        taken++;
      } else {
        if (conflict === undefined || found === conflictWithin) conflict = found;
        dropped++;
      }
    }
    refused += dropped;
    // InfluxDB refuses a body that is at odds with itself as a whole.
    if (conflict === conflictWithin) return { taken: 0, refused: taken + refused, error: conflict };
    const counts = { taken, refused };
    if (conflict !== undefined) return { ...counts, error: `partial write: ${conflict} dropped=${dropped}` };
    if (unparsable.length === 0) return { ...counts, error: undefined };
    const reasons = unparsable.join('\n');
    return { ...counts, error: taken === 0 ? reasons : `partial write: ${reasons} dropped=0` };
  }

  /** Takes the reader's point; or says which field has another type than before. `learnt`: the body's new fields. */
  #take(reader: LineProtocolReader, learnt: Set<string>): string | undefined {
    let measurement = this.measurements.get(reader.measurement);
    if (measurement === undefined) {
      measurement = { fields: new Map(), points: 0 };
      if (this.measurements.size < measurementsAtMost) this.measurements.set(reader.measurement, measurement);
    }
    for (let at = 0; at < reader.fieldNames.length; at++) {
      const name = reader.fieldNames[at]!;
      const type = reader.fieldTypes[at]!;
      const known = measurement.fields.get(name);
      if (known === undefined) {
        if (this.#fieldCount < fieldsAtMost) {
          measurement.fields.set(name, type);
          learnt.add(`${reader.measurement} ${name}`);
          this.#fieldCount++;
        }
      } else if (known !== type) {
        if (learnt.has(`${reader.measurement} ${name}`)) return conflictWithin;
        return (
          `field type conflict: input field "${name}" on measurement "${reader.measurement}" ` +
          `is type ${type}, already exists as type ${known}`
        );
      }
    }
    measurement.points++;
    this.#series.add(reader.seriesHigh, reader.seriesLow);
    return undefined;
  }
}
