import { emptyCounts } from '../../stress-client/load-deltas.ts';
import { timeNames, type Counts, type ErrorCount, type TimeName } from '../../stress-client/results.ts';
import { timeFiguresOf, type TimeFigures } from '../../stress-client/time-figures.ts';
import { decodeBuckets } from '../decode-histogram.ts';
import type { TallySummary, TimeSummary } from '../summary.ts';
import { counterNames, type CounterName } from '../tally-counters.ts';
import { integerField, longText, longTextFields, type Field } from './line-protocol.ts';
import { countNames } from '../count-names.ts';
import { counterFields, errorField, percentileFieldNames, timeFieldNames } from './schema.ts';

type PercentileName = keyof TimeFigures['percentilesNs'];

/** The fields of what a statement, or its share of an interval, came to. */
export function tallyFields(tally: TallySummary): Field[] {
  const fields: Field[] = [];
  for (const what of ['operations', 'items'] as const) {
    for (const count of countNames) fields.push(integerField(`${what}_${count}`, tally[what][count]));
  }
  for (const counter of counterNames) {
    fields.push(integerField(counterFields[counter].name, tally[counter] ?? 0));
  }
  fields.push(integerField('errors', tally.operations.failed + tally.operations.unknown));
  for (const { errorClass, count } of tally.errors) fields.push(integerField(errorField(errorClass), count));
  if (tally.errors.length > 0) fields.push(...longTextFields('error_examples', JSON.stringify(tally.errors)));
  for (const name of timeNames) {
    const time = tally.times[name];
    if (time !== undefined) fields.push(...timeFields(timeFieldNames[name], time));
  }
  return fields;
}

function* timeFields(name: string, time: TimeSummary): Iterable<Field> {
  yield integerField(`${name}_count`, time.count);
  yield integerField(`${name}_censored`, time.censored);
  yield integerField(`${name}_min_ns`, time.minNs);
  yield integerField(`${name}_mean_ns`, time.meanNs);
  yield integerField(`${name}_stdev_ns`, time.stdevNs);
  for (const [percentile, field] of Object.entries(percentileFieldNames)) {
    yield integerField(`${name}_${field}_ns`, time.percentilesNs[percentile as PercentileName]);
  }
  yield integerField(`${name}_max_ns`, time.maxNs);
  yield* longTextFields(`${name}_histogram`, time.histogram);
}

/** The same again, from a row that was read: times from their histograms. */
export function tallyOf(row: Readonly<Record<string, unknown>>): TallySummary {
  const count = (name: string): number => (typeof row[name] === 'number' ? row[name] : 0);
  const counts = (what: string): Counts => {
    const all = emptyCounts();
    for (const name of countNames) all[name] = count(`${what}_${name}`);
    return all;
  };
  const counters = {} as Record<CounterName, number>;
  for (const counter of counterNames) counters[counter] = count(counterFields[counter].name);
  const times: Partial<Record<TimeName, TimeSummary>> = {};
  for (const name of timeNames) {
    const field = timeFieldNames[name];
    const histogram = longText(`${field}_histogram`, row);
    if (histogram === undefined) continue;
    const figures = timeFiguresOf(decodeBuckets(histogram), count(`${field}_censored`));
    if (figures !== undefined) times[name] = { ...figures, histogram };
  }
  const errors = longText('error_examples', row);
  return {
    operations: counts('operations'),
    items: counts('items'),
    ...counters,
    errors: errors === undefined ? [] : (JSON.parse(errors) as ErrorCount[]),
    times,
  };
}
