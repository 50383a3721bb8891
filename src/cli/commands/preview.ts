import { alignColumns } from '../../reporting/columns.ts';
import { loadStepsOf, type InsertStep, type QueryStep } from '../../statement/analyse.ts';
import type { AcknowledgedIndexes } from '../../stress-client/acknowledged.ts';
import { operationsOf } from '../../stress-client/plan.ts';
import {
  formatBytes,
  formatCount,
  formatItems,
  formatPerSecond,
  formatShare,
} from '../../stress-client/units.ts';
import { loadProfile } from '../load-profile.ts';
import { profileOptions } from '../profile-options.ts';
import type { ProfileFlags } from '../profile-options.ts';
import { printDiagnostics } from '../terminal.ts';

export interface PreviewOptions extends ProfileFlags {
  readonly points: number;
}

/** Items that sizes and distributions are judged by. */
const sampleSize = 10_000;
const shownPercentiles = [1, 5, 25, 50, 75, 95, 99] as const;

/** Shows what a profile would write and ask, from the plans that `run` would use. */
export function previewCommand(paths: readonly string[], options: PreviewOptions): number {
  const profile = loadProfile(paths, profileOptions(options));
  printDiagnostics(profile.diagnostics, profile.files.sources, options);
  if (profile.hasErrors) return 2;
  const parts = loadStepsOf(profile.analysis.steps).map((step) =>
    step.kind === 'insert' ? previewInsert(step, options.points) : previewQuery(step, options.points),
  );
  const text = parts.map((lines) => lines.join('\n')).join('\n\n');
  process.stdout.write(text === '' ? 'There is no INSERT or QUERY in this profile.\n' : `${text}\n`);
  return 0;
}

function previewInsert(step: InsertStep, points: number): string[] {
  const { plan, options } = step;
  const { items } = options;
  const shown = Math.min(points, items);
  const facts = [
    ...shareOf(step),
    ['items', items === Infinity ? 'until its time is over' : formatItems(items, plan.itemName)],
    ...populationOf(step),
    ['series', seriesOf(step)],
    ...sizes(step),
    ...timeSpan(step),
    ...offered(step),
  ];
  return [
    `${step.text}  (${step.place})`,
    ...alignColumns(facts, new Set([0, 1])).map(indent),
    '',
    ...Array.from({ length: shown }, (_, index) => indent(plan.item(index))),
    ...(items > shown ? [indent('…')] : []),
    ...distributionTable(step),
  ];
}

/** Of a member of a MIX: what follows is of all operations, of which these are its own. */
function shareOf({ mix }: InsertStep | QueryStep): string[][] {
  if (mix === undefined) return [];
  return [['share', `${formatShare(mix.share)} of the operations of MIX ${mix.name}; all of them are:`]];
}

function populationOf({ options: { population } }: InsertStep | QueryStep): string[][] {
  return population === undefined ? [] : [['population', population.text]];
}

function seriesOf({ plan, options: { items } }: InsertStep): string {
  const { seriesCardinality, odometer, itemName } = plan;
  if (seriesCardinality === plan.places.population?.size)
    return `${formatCount(seriesCardinality)} at most, one for each index of the population`;
  const places = odometer.map(({ place, count }) => `${place} ${formatCount(count)}`);
  // In lockstep, as influx stress v2 walked its tags, fewer come together than could.
  const isProduct = odometer.reduce((product, { count }) => product * count, 1) === seriesCardinality;
  const made = isProduct ? places.join(' × ') : `${places.join(', ')} in lockstep`;
  const reached =
    items < seriesCardinality && seriesCardinality < Infinity
      ? `, of which ${formatCount(items)} get a ${itemName}`
      : '';
  return `${formatCount(seriesCardinality)}${places.length === 0 ? '' : ` = ${made}`}${reached}`;
}

function sizes({ plan, options: { items } }: InsertStep): string[][] {
  const itemBytes = plan.averageItemBytes(sampleSize);
  const batch = Math.min(plan.batchSize, items);
  // What CQL carries are values in their columns' types, which only the schema tells.
  const about = (bytes: number): string =>
    `about ${formatBytes(bytes)}${plan.cql === undefined ? '' : ' as text'}`;
  const rows = [['batch', `${formatItems(batch, plan.itemName)}, ${about(itemBytes * batch)}`]];
  if (items === Infinity) return rows;
  const requests = operationsOf(items, plan.batchSize);
  return [...rows, ['in all', `${formatItems(requests, 'request')}, ${about(itemBytes * items)}`]];
}

function timeSpan({ plan, options: { items } }: InsertStep): string[][] {
  const first = plan.timestampNs(0);
  if (first === undefined) return [];
  if (items === Infinity) return [['from', instant(first)]];
  const { places } = plan;
  if (places.population?.ascends === false) return [];
  const last = plan.timestampNs(places.indexesOf(items) - 1)!;
  return [['time span', `${instant(first)} to ${instant(last)}`]];
}

/** With as many decimals of a second as there are. */
function instant(ns: bigint): string {
  const milliseconds = ns / 1_000_000n - (ns % 1_000_000n < 0n ? 1n : 0n);
  const rest = ns - milliseconds * 1_000_000n;
  const text = new Date(Number(milliseconds)).toISOString();
  const decimals = (text.slice(20, 23) + String(rest).padStart(6, '0')).replace(/0+$/, '');
  return `${text.slice(0, 19)}${decimals === '' ? '' : `.${decimals}`}Z`;
}

function offered(step: InsertStep | QueryStep): string[][] {
  const { plan, options } = step;
  return options.stages.map(({ text, rate, toRate }, index) => {
    const requests = [rate, ...(toRate === undefined ? [] : [toRate])].map((each) =>
      formatPerSecond(each / plan.batchSize),
    );
    return [
      index === 0 ? 'rate' : '',
      plan.batchSize === 1 || step.mix !== undefined
        ? text
        : `${text}  (${requests.join(' to ')} requests/s)`,
    ];
  });
}

function distributionTable({ plan, options: { items } }: InsertStep): string[] {
  const distributions = plan.distributions();
  if (distributions.length === 0) return [];
  const indexes = plan.places.sampleOf(items, sampleSize);
  const count = indexes.length;
  const rows = distributions.map(({ place, text, sample }) => {
    const values = Float64Array.from(indexes, sample).sort();
    const at = (percent: number): string =>
      shortNumber(values[Math.max(0, Math.ceil((percent / 100) * count) - 1)]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    return [
      `${place} ${text}`,
      shortNumber(values[0]!),
      ...shownPercentiles.map(at),
      shortNumber(values[count - 1]!),
      shortNumber(mean),
    ];
  });
  const head = [
    `values of ${formatCount(count)} ${plan.itemName}s`,
    'min',
    ...shownPercentiles.map((percent) => `p${percent}`),
    'max',
    'mean',
  ];
  return ['', ...alignColumns([head, ...rows]).map(indent)];
}

function shortNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  return String(Number(value.toPrecision(5)));
}

function previewQuery(step: QueryStep, points: number): string[] {
  const { plan, options, companion } = step;
  const { items } = options;
  const shown = Math.min(points, items);
  const facts = [
    ...shareOf(step),
    ['queries', items === Infinity ? 'until its time is over' : formatCount(items)],
    ...populationOf(step),
    ...(companion === undefined
      ? []
      : [['about', `${companion.plan.itemName}s of ${companion.text}, as if all were acknowledged`]]),
    ...offered(step),
  ];
  const written: AcknowledgedIndexes | undefined = companion && allWritten(companion);
  const queries = Array.from({ length: shown }, (_, index) => {
    const pick = written === undefined ? -1 : (plan.pick?.(index, written) ?? -1);
    const text = plan.item(index, pick).replaceAll('\n', ' ');
    return [text, ...(plan.answer === undefined ? [] : [`  returns ${plan.answer(index, pick)}`])].map(
      indent,
    );
  });
  return [
    `${step.text}  (${step.place})`,
    ...alignColumns(facts, new Set([0, 1])).map(indent),
    '',
    ...queries.flat(),
    ...(items > shown ? [indent('…')] : []),
  ];
}

function allWritten({ options: { items } }: InsertStep): AcknowledgedIndexes {
  const count = Math.min(items, 1_000_000);
  return { count, end: count, has: (index) => index < count };
}

function indent(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
