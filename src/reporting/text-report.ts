import type { Counts } from '../stress-client/results.ts';
import type { FigureName } from '../stress-client/time-figures.ts';
import {
  formatCount,
  formatDuration,
  formatPerSecond,
  formatShare,
  pluralOf,
} from '../stress-client/units.ts';
import { alignColumns, type Row } from './columns.ts';
import { countNames } from './count-names.ts';
import { exitCodes } from './exit-codes.ts';
import { figureText } from './figure-text.ts';
import { gotTextOf } from './got-text.ts';
import { inert } from './inert.ts';
import { remarksOf, shapeOf, writtenSentence } from './load-words.ts';
import { eventRow } from './notable-events.ts';
import { measuredTimes, shownFigures } from './measured-times.ts';
import { runFacts, runTitle, runTotals, stateNames } from './run-facts.ts';
import { outcomeOf, type StepOutcome } from './step-outcome.ts';
import type { LoadStatement, LoadSummary, StatementSummary, Summary, TimeSummary } from './summary.ts';
import { StyledLines, type StyledLinesOptions } from './styled-lines.ts';
import { markOf, marksOfLoad, meaningOfMark } from './validity-mark.ts';

export interface TextReportOptions extends StyledLinesOptions {
  /** Where the run folder is; the last line names it. */
  readonly folder?: string | undefined;
}

/** Where the values of v2's lines stand. */
const valueColumn = 39;

/** Promises the same text for the same summary and options, whoever made the summary. Ends with a line end. */
export function renderTextReport(summary: Summary, options: TextReportOptions): string {
  return new TextReport(summary, options).render();
}

class TextReport {
  readonly #summary: Summary;
  readonly #options: TextReportOptions;
  readonly #page: StyledLines;
  /** What follows every time of the statement at hand: `!` where it is marked invalid. */
  #mark = '';

  constructor(summary: Summary, options: TextReportOptions) {
    this.#summary = summary;
    this.#options = options;
    this.#page = new StyledLines(options);
  }

  render(): string {
    this.#head();
    let afterBlock = true;
    for (const statement of this.#summary.statements) {
      const block = 'load' in statement;
      if (block || afterBlock) this.#page.line('');
      this.#statement(statement);
      afterBlock = block;
    }
    this.#page.line('');
    this.#events();
    this.#foot();
    return this.#page.text;
  }

  #head(): void {
    const { states, warnings } = this.#summary;
    const names = stateNames(this.#summary);
    const title = runTitle(this.#summary);
    const valid = names === 'VALID';
    this.#page.line(
      `${this.#page.style([valid ? 'green' : 'red', 'bold'], names)}  ${this.#page.style('bold', inert(title))}`,
    );
    for (const { state, reason } of states) {
      if (reason !== '')
        this.#page.sentence(`${state}: ${reason}`, 2, state === 'REHEARSAL' ? 'yellow' : 'red');
    }
    for (const [state, meaning] of Object.entries(meaningOfMark)) {
      if (states.some((each) => each.state === state)) this.#page.sentence(meaning, 2);
    }
    this.#page.line('');
    this.#facts();
    for (const warning of warnings) this.#page.sentence(`Warning: ${warning}`, 2, 'yellow');
  }

  #facts(): void {
    const rows = runFacts(this.#summary).map(([name, value]): Row => [`  ${name}`, value]);
    for (const line of alignColumns(rows, new Set([0, 1]))) this.#page.line(inert(line));
  }

  #statement(statement: StatementSummary): void {
    if (!statement.ran) {
      this.#page.line(
        this.#page.style('dim', `[-] '${inert(statement.text)}' not run (${inert(statement.place)})`),
      );
      return;
    }
    switch (statement.kind) {
      case 'insert':
      case 'query':
        return this.#load(statement);
      case 'set':
        return this.#page.line(`SET ${inert(statement.name)} = '${inert(statement.value)}'`);
      case 'wait':
        return this.#page.line(`${inert(statement.text)} -> ${formatDuration(statement.durationNs)}`);
      case 'pass-through':
      case 'exec':
        return this.#step(statement.text, outcomeOf(statement));
    }
  }

  #step(statement: string, { kind, ran, text, details }: StepOutcome): void {
    const box = kind === 'ok' ? '[√]' : kind === 'failed' ? '[X]' : '[-]';
    const style = kind === 'ok' ? 'green' : kind === 'failed' ? 'red' : 'dim';
    this.#page.line(
      ran
        ? `${this.#page.style(style, box)} '${inert(statement)}' -> ${text}`
        : this.#page.style(style, inert(`${box} '${statement}' ${text}`)),
    );
    for (const detail of details) {
      if (detail.written) this.#page.line(this.#page.style('dim', `    ${inert(detail.text)}`));
      else this.#page.sentence(detail.text, 4, 'red');
    }
  }

  #load(statement: LoadStatement): void {
    const { load, kind, background } = statement;
    const title = `${background ? 'Go ' : ''}${kind === 'insert' ? 'Write' : 'Query'} Statement:`;
    const name = load?.name ?? statement.text;
    const place = statement.place === '' ? '' : this.#page.style('dim', `  (${inert(statement.place)})`);
    this.#page.line(`${title.padEnd(valueColumn)}${this.#page.style('bold', inert(name))}${place}`);
    if (load !== undefined && load.written === undefined) this.#page.sentence(shapeOf(kind, load), 2, 'dim');
    if (statement.error !== undefined) this.#page.sentence(statement.error, 2, 'red');
    if (load === undefined) return;
    const marks = marksOfLoad(this.#summary, load);
    this.#mark = markOf(this.#summary, load);
    for (const { state, reason } of marks) this.#page.sentence(`${state}: ${reason}`, 2, 'red');
    if (load.state !== 'ended' && (load.reason === undefined || load.reason !== statement.error)) {
      this.#page.sentence(load.reason === undefined ? load.state : `${load.state}: ${load.reason}`, 2, 'red');
    }
    const written = writtenSentence(load);
    if (written !== undefined) return this.#page.sentence(written, 2);
    this.#v2Lines(kind, load);
    this.#times(load);
    this.#counts(load);
    this.#errors(load);
    this.#stages(load);
    this.#checks(load);
    this.#remarks(load);
  }

  #v2Lines(kind: 'insert' | 'query', load: LoadSummary): void {
    const time = load.times.response ?? load.times.service;
    const requests = load.operations.acknowledged;
    const insert = kind === 'insert';
    const rate = `${load.itemName === 'query' ? 'Queries' : load.itemName === 'row' ? 'Rows' : 'Points'}/Sec:`;
    const rows: Row[] = [
      [rate, formatPerSecond(load.throughput.itemsPerSecond)],
      ['Resp Time Average:', this.#figure(time, 'mean')],
      [
        'Resp Time Standard Deviation:',
        time === undefined ? '-' : `${formatDuration(time.stdevNs)}${this.#mark}`,
      ],
      [`95th Percentile ${insert ? 'Write' : 'Read'} Response:`, this.#figure(time, 'p95')],
      insert
        ? ['Average Request Bytes:', averageOf(load.requestBytes, load.operations.sent + load.retries)]
        : [
            'Query Resp Bytes Average:',
            requests === 0 ? '-' : `${averageOf(load.responseBytes, requests)} bytes`,
          ],
      [insert ? 'Successful Write Reqs:' : 'Successful Queries:', formatCount(requests)],
      ['Retries:', formatCount(load.retries)],
    ];
    for (const [label, value] of rows) this.#page.line(`  ${label!.padEnd(valueColumn - 2)}${value}`);
  }

  #times(load: LoadSummary): void {
    const measured = measuredTimes(load);
    if (measured.length === 0) return;
    this.#page.line('');
    const heading = this.#summary.rehearsal ? 'REHEARSAL' : '';
    this.#page.table([
      [heading, ...shownFigures],
      ...measured.map(({ label, time }) =>
        [label].concat(shownFigures.map((figure) => this.#figure(time, figure))),
      ),
    ]);
  }

  #figure(time: TimeSummary | undefined, figure: FigureName): string {
    return figureText(time, figure, this.#mark);
  }

  #counts(load: LoadSummary): void {
    const row = (label: string, counts: Counts): Row => [
      label,
      ...countNames.map((name) => formatCount(counts[name])),
    ];
    const items = pluralOf(load.itemName);
    this.#page.line('');
    this.#page.table([
      ['', ...countNames],
      ...(load.itemName === 'query' ? [] : [row('Requests', load.operations)]),
      row(items[0]!.toUpperCase() + items.slice(1), load.items),
    ]);
  }

  #errors({ errors, operations }: LoadSummary): void {
    if (errors.length === 0) return;
    const ended = operations.acknowledged + operations.failed + operations.unknown;
    this.#page.section('Errors');
    const rows = errors.map(({ errorClass, count }) => [
      errorClass,
      formatCount(count),
      ended === 0 ? '' : formatShare(count / ended),
    ]);
    for (const [index, line] of alignColumns(rows).entries()) {
      const { status, example } = errors[index]!;
      this.#page.sentence(`${line}  ${status === 0 ? '' : `${status} `}${example}`, 4, 'red');
    }
  }

  #stages({ stages, itemName }: LoadSummary): void {
    if (stages.length === 0) return;
    const items = pluralOf(itemName);
    this.#page.section('Stages');
    this.#page.table(
      [
        ['', `offered ${items}/s`, `achieved ${items}/s`, ''],
        ...stages.map(({ text, offered, achieved }) => [
          text,
          formatPerSecond(offered),
          formatPerSecond(achieved),
          offered === 0 ? '' : formatShare(achieved / offered),
        ]),
      ],
      4,
    );
  }

  #checks({ checks }: LoadSummary): void {
    if (checks.length === 0) return;
    this.#page.section('EXPECT');
    const lines = alignColumns(
      checks.map((check) => [check.text, `got ${gotTextOf(check, this.#mark)}`]),
      new Set([0, 1]),
    );
    for (const [index, { passed }] of checks.entries()) {
      this.#page.line(
        `    ${passed ? this.#page.style('green', '✓') : this.#page.style('red', '✗')} ${lines[index]}`,
      );
    }
  }

  #remarks(load: LoadSummary): void {
    const remarks = remarksOf(load);
    if (remarks.length > 0) this.#page.line('');
    for (const remark of remarks) this.#page.sentence(remark, 2);
  }

  #events(): void {
    const { events = [] } = this.#summary;
    if (events.length === 0) return;
    this.#page.line('Events, since the start');
    for (const line of alignColumns(events.map(eventRow), new Set([0, 1])))
      this.#page.sentence(line, 2, 'yellow');
    this.#page.line('');
  }

  #foot(): void {
    const { exitCodes: endings, rehearsal } = this.#summary;
    const rows: Row[] = [...runTotals(this.#summary)];
    if (this.#options.folder !== undefined) rows.push(['Run folder', this.#options.folder]);
    for (const line of alignColumns(rows, new Set([0, 1]))) this.#page.line(inert(line));
    if (rehearsal)
      this.#page.sentence('REHEARSAL: no database was contacted; of EXPECT only counts decide.', 0, 'yellow');
    for (const { code, reason } of endings) {
      // The reasons of an invalid run stand on top, one for each statement.
      const told = code === 5 ? exitCodes[code] : reason;
      if (code !== 0) this.#page.sentence(`Exit code ${code}: ${told}`, 0, 'red');
    }
  }
}

function averageOf(sum: number, count: number): string {
  return count === 0 ? '-' : formatCount(Math.round(sum / count));
}
