import type { Counts } from '../stress-client/results.ts';
import { formatBytes, formatCount, formatPerSecond, formatShare, pluralOf } from '../stress-client/units.ts';
import { countNames } from './count-names.ts';
import { exitCodes } from './exit-codes.ts';
import { figureText } from './figure-text.ts';
import { gotTextOf } from './got-text.ts';
import { remarksOf, shapeOf, writtenSentence } from './load-words.ts';
import { loadsOf, type LoadedStatement } from './loads-of.ts';
import { markdownTable, markdownText } from './markdown-table.ts';
import { measuredTimes, shownFigures } from './measured-times.ts';
import { eventRow } from './notable-events.ts';
import { overviewHeading, overviewRows } from './overview.ts';
import { runFacts, runTitle, runTotals, stateNames } from './run-facts.ts';
import { outcomeOf } from './step-outcome.ts';
import type { LoadStatement, LoadSummary, StatementSummary, Summary } from './summary.ts';
import { markOf, marksOfLoad, meaningOfMark } from './validity-mark.ts';

/** Promises the report for a pull request or a wiki: CommonMark with tables, of which no text of a script is a part. */
export function markdownReport(summary: Summary): string {
  const blocks = [
    ...head(summary),
    overview(summary),
    ...script(summary),
    ...events(summary),
    ...loadsOf(summary).flatMap((each) => [...section(summary, each)]),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function* head(summary: Summary): Iterable<string> {
  yield `## ${stateNames(summary)}: ${markdownText(runTitle(summary))}`;
  const { states, exitCodes: endings, warnings } = summary;
  yield bullets([
    ...states
      .filter(({ reason }) => reason !== '')
      .map(({ state, reason }) => `**${state}**: ${markdownText(reason)}`),
    ...Object.entries(meaningOfMark)
      .filter(([state]) => states.some((each) => each.state === state))
      .map(([, meaning]) => meaning),
    ...endings
      .filter(({ code }) => code !== 0)
      .map(
        ({ code, reason }) => `**Exit code ${code}**: ${markdownText(code === 5 ? exitCodes[5] : reason)}`,
      ),
    ...warnings.map((warning) => `Warning: ${markdownText(warning)}`),
  ]);
  yield markdownTable(['', ''], [...runFacts(summary), ...runTotals(summary)], 2);
}

/** One row an INSERT or QUERY: what is looked at first. */
function overview(summary: Summary): string {
  const rows = overviewRows(summary).map(
    ({ statement, throughput, acknowledged, unacknowledged, time, figures, checks }) => [
      statement.load.name,
      statement.kind.toUpperCase(),
      throughput,
      acknowledged,
      unacknowledged,
      time,
      ...figures,
      checks,
    ],
  );
  if (rows.length === 0) return '';
  return markdownTable(overviewHeading, rows, 2);
}

/** Every statement in script order, with how it came out. */
function* script({ statements }: Summary): Iterable<string> {
  if (statements.length === 0) return;
  yield '### Script';
  yield statements.map(step).join('\n');
}

function* events({ events: told = [] }: Summary): Iterable<string> {
  if (told.length === 0) return;
  yield '### Events, since the start';
  yield markdownTable(['', ''], told.map(eventRow), 2);
}

function step(each: StatementSummary): string {
  const line = (sign: string, what: string): string =>
    `${each.position}. ${sign}**${markdownText(each.text)}**${what === '' ? '' : `: ${markdownText(what)}`}`;
  if (isLoad(each)) {
    const { load, error } = each;
    if (load === undefined) return line(error === undefined ? '' : '✗ ', error ?? 'not run');
    return line('', `${formatPerSecond(load.throughput.itemsPerSecond)} ${pluralOf(load.itemName)}/s`);
  }
  const { kind, text, details } = outcomeOf(each);
  const sign = kind === 'ok' ? '✓ ' : kind === 'failed' ? '✗ ' : '';
  return [line(sign, text), ...details.map((detail) => `    - ${markdownText(detail.text)}`)].join('\n');
}

function* section(
  summary: Summary,
  { load, kind, background, place, error }: LoadedStatement,
): Iterable<string> {
  const from = place === '' ? '' : ` (${markdownText(place)})`;
  yield `### ${background ? 'GO ' : ''}${kind.toUpperCase()} ${markdownText(load.name)}${from}`;
  yield bullets([
    ...(error === undefined ? [] : [`**${markdownText(error)}**`]),
    ...marksOfLoad(summary, load).map(({ state, reason }) => `**${state}**: ${markdownText(reason)}`),
    ...(load.state === 'ended' || load.reason === error
      ? []
      : [`**${markdownText(load.reason === undefined ? load.state : `${load.state}: ${load.reason}`)}**`]),
  ]);
  const written = writtenSentence(load);
  if (written !== undefined) {
    yield markdownText(written);
    return;
  }
  yield markdownText(shapeOf(kind, load));
  yield* tables(load, markOf(summary, load), summary.rehearsal);
  yield bullets(remarksOf(load).map(markdownText));
}

function* tables(load: LoadSummary, mark: string, rehearsal: boolean): Iterable<string> {
  const measured = measuredTimes(load);
  if (measured.length > 0) {
    yield markdownTable(
      [rehearsal ? 'REHEARSAL' : 'Times', 'mean', ...shownFigures],
      measured.map(({ label, time }) => [
        label,
        ...(['mean', ...shownFigures] as const).map((figure) => figureText(time, figure, mark)),
      ]),
    );
  }
  const counts = (label: string, of: Counts): string[] => [
    label,
    ...countNames.map((name) => formatCount(of[name])),
  ];
  const items = pluralOf(load.itemName);
  yield markdownTable(
    ['Counts', ...countNames],
    [
      ...(load.itemName === 'query' ? [] : [counts('Requests', load.operations)]),
      counts(items[0]!.toUpperCase() + items.slice(1), load.items),
    ],
  );
  yield markdownTable(
    ['Throughput and volume', `${items}/s`, 'requests/s', 'retries', 'sent', 'received'],
    [
      [
        'Acknowledged',
        formatPerSecond(load.throughput.itemsPerSecond),
        formatPerSecond(load.throughput.operationsPerSecond),
        formatCount(load.retries),
        formatBytes(load.requestBytes),
        formatBytes(load.responseBytes),
      ],
    ],
  );
  if (load.checks.length > 0) {
    yield markdownTable(
      ['EXPECT', 'got', ''],
      load.checks.map((check) => [check.text, gotTextOf(check, mark), check.passed ? '✓ met' : '✗ missed']),
    );
  }
  if (load.errors.length > 0) {
    const { acknowledged, failed, unknown } = load.operations;
    const ended = acknowledged + failed + unknown;
    yield markdownTable(
      ['Error', 'requests', 'share', 'first message'],
      load.errors.map(({ errorClass, count, status, example }) => [
        errorClass,
        formatCount(count),
        ended === 0 ? '' : formatShare(count / ended),
        `${status === 0 ? '' : `${status} `}${example}`,
      ]),
    );
  }
  if (load.stages.length > 0) {
    yield markdownTable(
      ['Stage', `offered ${items}/s`, `achieved ${items}/s`, 'share'],
      load.stages.map(({ text, offered, achieved }) => [
        text,
        formatPerSecond(offered),
        formatPerSecond(achieved),
        offered === 0 ? '' : formatShare(achieved / offered),
      ]),
    );
  }
}

function bullets(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${sentence}`).join('\n');
}

function isLoad(each: StatementSummary): each is LoadStatement {
  return each.kind === 'insert' || each.kind === 'query';
}
