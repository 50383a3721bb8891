import type { MachineFacts } from '../src/reporting/machine.ts';
import type { Column, Outcome } from './comparison.ts';
import type { ComparisonResult, ContestantResult } from './run-bench.ts';

export interface BenchFacts {
  readonly machine: MachineFacts;
  readonly versions: Readonly<Record<string, string>>;
  readonly command: string;
  readonly startedMs: number;
  readonly loadAverage: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly operations: number;
}

const rough =
  '**Rough figures**: fewer than 5 rounds of 30 s, or a machine that did other work at the same time.';

/** RESULTS.md: medians over the rounds with their range, ratios to the first contestant, and every command. */
export function resultsText(facts: BenchFacts, results: readonly ComparisonResult[]): string {
  const { machine, versions, rounds, seconds, operations, loadAverage } = facts;
  const versionText = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const bounded = operations < 1e9 ? `, at most ${operations.toLocaleString('en')} operations` : '';
  return [
    '# Results',
    `Made by \`${facts.command}\` on ${new Date(facts.startedMs).toISOString().slice(0, 10)}. Don't edit: run it again.`,
    [
      `- Machine: ${machine.processor}, ${machine.cores} cores, ${(machine.memoryBytes / 1e9).toFixed(1)} GB, ${machine.system}; servers and clients share it. Load average before the first round: ${loadAverage.toFixed(2)}.`,
      `- Versions: ${versionText.join(', ')}.`,
      `- ${rounds} rounds of ${seconds} s${bounded}; contestants take turns within a round. Each figure is the median of the rounds, its least and greatest behind it. A ratio is that of the first figure to the first row's.`,
      '- CPU is user and system time of the whole client process with all its threads, as the kernel tells it at its end, less that of a run of 100 operations, which stands for the start. `clientCpuNs` is what stressql says of itself in summary.json.',
    ].join('\n'),
    ...(rounds < 5 || seconds < 30 || loadAverage > 1 ? [rough] : []),
    ...results.map(comparisonText),
    '',
  ].join('\n\n');
}

function comparisonText({ comparison, contestants }: ComparisonResult): string {
  const { title, about, columns } = comparison;
  const present = contestants.filter((each) => 'outcomes' in each);
  const absent = contestants.flatMap((each) => {
    if ('missing' in each) return [`- missing: ${each.name}: ${each.missing}`];
    return 'failed' in each ? [`- failed: ${each.name}: ${each.failed}`] : [];
  });
  const [first] = columns as readonly [Column];
  const base = present[0] && median(valuesOf(present[0].outcomes, first));
  const shown = columns.filter((column) =>
    present.some(({ outcomes }) => valuesOf(outcomes, column).length > 0),
  );
  const counted = present.some(({ outcomes }) => outcomes.some(({ counts }) => counts !== undefined));
  const heads = [
    '',
    ...shown.map(({ title }) => title),
    'ratio',
    ...(counted ? ['acknowledged', 'stored'] : []),
  ];
  const rows = present.map(({ name, outcomes }) => [
    name,
    ...shown.map((column) => cellOf(valuesOf(outcomes, column), column)),
    ratioText(median(valuesOf(outcomes, first)), base),
    ...(counted ? [sumOf(outcomes, 'acknowledged'), sumOf(outcomes, 'stored')] : []),
  ]);
  const lines = [heads, heads.map((_, index) => (index === 0 ? '---' : '--:')), ...rows];
  return [
    `## ${title}`,
    about,
    ...(present.length === 0 ? [] : [lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')]),
    ...(absent.length === 0 ? [] : [absent.join('\n')]),
    ...notesOf(present),
    ...(present.length === 0
      ? []
      : [['```', ...present.map(({ outcomes }) => outcomes.at(-1)?.command ?? ''), '```'].join('\n')]),
  ].join('\n\n');
}

function notesOf(present: readonly Extract<ContestantResult, { outcomes: unknown }>[]): readonly string[] {
  const notes = present.flatMap(({ name, outcomes }) => {
    const marked = outcomes.filter(({ note }) => note !== undefined);
    if (marked.length === 0) return [];
    return [`- ${name}: ${marked.length} of ${outcomes.length} runs ${marked[0]!.note}`];
  });
  return notes.length === 0 ? [] : [notes.join('\n')];
}

function valuesOf(outcomes: readonly Outcome[], { key }: Column): readonly number[] {
  return outcomes.flatMap(({ figures }) => figures[key] ?? []);
}

/** Of an even number of values, the mean of the two in the middle; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  return sorted.length === 0 ? undefined : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function cellOf(values: readonly number[], { digits }: Column): string {
  const middle = median(values);
  if (middle === undefined) return '';
  const text = (value: number): string =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const range = `${text(Math.min(...values))} … ${text(Math.max(...values))}`;
  return values.length === 1 ? text(middle) : `${text(middle)} (${range})`;
}

function ratioText(value: number | undefined, base: number | undefined): string {
  return value === undefined || base === undefined || base <= 0 ? '' : `${(value / base).toFixed(2)}`;
}

function sumOf(outcomes: readonly Outcome[], key: 'acknowledged' | 'stored'): string {
  return outcomes.reduce((sum, { counts }) => sum + (counts?.[key] ?? 0), 0).toLocaleString('en');
}
