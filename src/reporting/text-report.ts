import { styleText } from 'node:util';
import type { Counts } from '../stress-client/results.ts';
import { errorSentence } from '../stress-client/target/error-sentence.ts';
import type { FigureName } from '../stress-client/time-figures.ts';
import {
  formatCount,
  formatDuration,
  formatItems,
  formatPerSecond,
  formatShare,
  pluralOf,
} from '../stress-client/units.ts';
import { alignColumns, type Row } from './columns.ts';
import { exitCodes } from './exit-codes.ts';
import { figureText } from './figure-text.ts';
import { gotTextOf } from './got-text.ts';
import { inert } from './inert.ts';
import { remarksOf, shapeOf, writtenSentence } from './load-words.ts';
import { eventRow } from './notable-events.ts';
import { measuredTimes, shownFigures } from './measured-times.ts';
import { runFacts, runTitle, runTotals, stateNames } from './run-facts.ts';
import type { LoadStatement, LoadSummary, StatementSummary, Summary, TimeSummary } from './summary.ts';
import { wrap } from './wrap.ts';
import { markOf, marksOfLoad, meaningOfMark } from './validity-mark.ts';

export interface TextReportOptions {
  readonly color: boolean;
  /** Columns of the terminal; long sentences are wrapped to it, tables are as wide as they are. */
  readonly width: number;
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
  readonly #lines: string[] = [];
  /** What follows every time of the statement at hand: `!` where it is marked invalid. */
  #mark = '';

  constructor(summary: Summary, options: TextReportOptions) {
    this.#summary = summary;
    this.#options = options;
  }

  render(): string {
    this.#head();
    let afterBlock = true;
    for (const statement of this.#summary.statements) {
      const block = 'load' in statement;
      if (block || afterBlock) this.#line('');
      this.#statement(statement);
      afterBlock = block;
    }
    this.#line('');
    this.#events();
    this.#foot();
    return `${this.#lines.map((line) => line.trimEnd()).join('\n')}\n`;
  }

  #head(): void {
    const { states, warnings } = this.#summary;
    const names = stateNames(this.#summary);
    const title = runTitle(this.#summary);
    const valid = names === 'VALID';
    this.#line(`${this.#style(valid ? 'green' : 'red', names, true)}  ${this.#style('bold', inert(title))}`);
    for (const { state, reason } of states) {
      if (reason !== '') this.#sentence(`${state}: ${reason}`, 2, state === 'REHEARSAL' ? 'yellow' : 'red');
    }
    for (const [state, meaning] of Object.entries(meaningOfMark)) {
      if (states.some((each) => each.state === state)) this.#sentence(meaning, 2);
    }
    this.#line('');
    this.#facts();
    for (const warning of warnings) this.#sentence(`Warning: ${warning}`, 2, 'yellow');
  }

  #facts(): void {
    const rows = runFacts(this.#summary).map(([name, value]): Row => [`  ${name}`, value]);
    for (const line of alignColumns(rows, new Set([0, 1]))) this.#line(inert(line));
  }

  #statement(statement: StatementSummary): void {
    if (!statement.ran) {
      this.#line(this.#style('dim', `[-] '${inert(statement.text)}' not run (${inert(statement.place)})`));
      return;
    }
    switch (statement.kind) {
      case 'insert':
      case 'query':
        return this.#load(statement);
      case 'set':
        return this.#line(`SET ${inert(statement.name)} = '${inert(statement.value)}'`);
      case 'wait':
        return this.#line(`${inert(statement.text)} -> ${formatDuration(statement.durationNs)}`);
      case 'pass-through': {
        if (statement.outcome === 'skipped') {
          const why = statement.reason === undefined ? '' : `: ${statement.reason}`;
          return this.#line(this.#style('dim', inert(`[-] '${statement.text}' skipped${why}`)));
        }
        const rows =
          statement.rows === undefined || statement.rows === 0
            ? ''
            : `, ${formatItems(statement.rows, 'row')}`;
        this.#outcome(
          statement.outcome === 'ok',
          statement.text,
          `${formatDuration(statement.durationNs)}${rows}`,
        );
        if (statement.error !== undefined) {
          this.#sentence(`${statement.error.errorClass}: ${errorSentence(statement.error)}`, 4, 'red');
        }
        return;
      }
      case 'exec': {
        if (statement.outcome === 'refused') {
          const why = statement.reason === undefined ? '' : `: ${statement.reason}`;
          return this.#line(this.#style('red', inert(`[X] '${statement.text}' refused${why}`)));
        }
        const code = statement.exitCode === undefined ? '' : `, exit code ${statement.exitCode}`;
        this.#outcome(
          statement.outcome === 'ok',
          statement.text,
          `${formatDuration(statement.durationNs)}${code}`,
        );
        if (statement.reason !== undefined) this.#sentence(statement.reason, 4, 'red');
        for (const line of statement.lastLines) this.#line(this.#style('dim', `    | ${inert(line)}`));
      }
    }
  }

  #outcome(ok: boolean, text: string, what: string): void {
    const box = ok ? this.#style('green', '[√]') : this.#style('red', '[X]');
    this.#line(`${box} '${inert(text)}' -> ${what}`);
  }

  #load(statement: LoadStatement): void {
    const { load, kind, background } = statement;
    const title = `${background ? 'Go ' : ''}${kind === 'insert' ? 'Write' : 'Query'} Statement:`;
    const name = load?.name ?? statement.text;
    const place = statement.place === '' ? '' : this.#style('dim', `  (${inert(statement.place)})`);
    this.#line(`${title.padEnd(valueColumn)}${this.#style('bold', inert(name))}${place}`);
    if (load !== undefined && load.written === undefined) this.#sentence(shapeOf(kind, load), 2, 'dim');
    if (statement.error !== undefined) this.#sentence(statement.error, 2, 'red');
    if (load === undefined) return;
    const marks = marksOfLoad(this.#summary, load);
    this.#mark = markOf(this.#summary, load);
    for (const { state, reason } of marks) this.#sentence(`${state}: ${reason}`, 2, 'red');
    if (load.state !== 'ended' && (load.reason === undefined || load.reason !== statement.error)) {
      this.#sentence(load.reason === undefined ? load.state : `${load.state}: ${load.reason}`, 2, 'red');
    }
    const written = writtenSentence(load);
    if (written !== undefined) return this.#sentence(written, 2);
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
    for (const [label, value] of rows) this.#line(`  ${label!.padEnd(valueColumn - 2)}${value}`);
  }

  #times(load: LoadSummary): void {
    const measured = measuredTimes(load);
    if (measured.length === 0) return;
    this.#line('');
    const heading = this.#summary.rehearsal ? 'REHEARSAL' : '';
    this.#table([
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
    const names: readonly (keyof Counts)[] = ['asked', 'sent', 'acknowledged', 'failed', 'unknown', 'unsent'];
    const row = (label: string, counts: Counts): Row => [
      label,
      ...names.map((name) => formatCount(counts[name])),
    ];
    const items = pluralOf(load.itemName);
    this.#line('');
    this.#table([
      ['', ...names],
      ...(load.itemName === 'query' ? [] : [row('Requests', load.operations)]),
      row(items[0]!.toUpperCase() + items.slice(1), load.items),
    ]);
  }

  #errors({ errors, operations }: LoadSummary): void {
    if (errors.length === 0) return;
    const ended = operations.acknowledged + operations.failed + operations.unknown;
    this.#section('Errors');
    const rows = errors.map(({ errorClass, count }) => [
      errorClass,
      formatCount(count),
      ended === 0 ? '' : formatShare(count / ended),
    ]);
    for (const [index, line] of alignColumns(rows).entries()) {
      const { status, example } = errors[index]!;
      this.#sentence(`${line}  ${status === 0 ? '' : `${status} `}${example}`, 4, 'red');
    }
  }

  #stages({ stages, itemName }: LoadSummary): void {
    if (stages.length === 0) return;
    const items = pluralOf(itemName);
    this.#section('Stages');
    this.#table(
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
    this.#section('EXPECT');
    const lines = alignColumns(
      checks.map((check) => [check.text, `got ${gotTextOf(check, this.#mark)}`]),
      new Set([0, 1]),
    );
    for (const [index, { passed }] of checks.entries()) {
      this.#line(`    ${passed ? this.#style('green', '✓') : this.#style('red', '✗')} ${lines[index]}`);
    }
  }

  #remarks(load: LoadSummary): void {
    const remarks = remarksOf(load);
    if (remarks.length > 0) this.#line('');
    for (const remark of remarks) this.#sentence(remark, 2);
  }

  #events(): void {
    const { events = [] } = this.#summary;
    if (events.length === 0) return;
    this.#line('Events, since the start');
    for (const line of alignColumns(events.map(eventRow), new Set([0, 1]))) this.#sentence(line, 2, 'yellow');
    this.#line('');
  }

  #foot(): void {
    const { exitCodes: endings, rehearsal } = this.#summary;
    const rows: Row[] = [...runTotals(this.#summary)];
    if (this.#options.folder !== undefined) rows.push(['Run folder', this.#options.folder]);
    for (const line of alignColumns(rows, new Set([0, 1]))) this.#line(inert(line));
    if (rehearsal)
      this.#sentence('REHEARSAL: no database was contacted; of EXPECT only counts decide.', 0, 'yellow');
    for (const { code, reason } of endings) {
      // The reasons of an invalid run stand on top, one for each statement.
      const told = code === 5 ? exitCodes[code] : reason;
      if (code !== 0) this.#sentence(`Exit code ${code}: ${told}`, 0, 'red');
    }
  }

  #section(title: string): void {
    this.#line('');
    this.#line(`  ${title}`);
  }

  /** Rows of which the first is a heading. */
  #table(rows: readonly Row[], indent = 2): void {
    for (const [index, line] of alignColumns(rows).entries()) {
      const text = ' '.repeat(indent) + inert(line);
      this.#line(index === 0 ? this.#style('dim', text) : text);
    }
  }

  #sentence(text: string, indent: number, style?: Style): void {
    const first = ' '.repeat(indent);
    for (const [index, line] of wrap(inert(text), this.#options.width - indent - 2).entries()) {
      const whole = `${index === 0 ? first : `${first}  `}${line}`;
      this.#line(style === undefined ? whole : this.#style(style, whole));
    }
  }

  #style(style: Style, text: string, inverse = false): string {
    if (!this.#options.color) return text;
    return styleText(inverse ? [style, 'bold'] : style, text, { validateStream: false });
  }

  #line(text: string): void {
    this.#lines.push(text);
  }
}

type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

function averageOf(sum: number, count: number): string {
  return count === 0 ? '-' : formatCount(Math.round(sum / count));
}
