import { styleText } from 'node:util';
import type { Counts, TimeName } from '../stress-client/results.ts';
import { errorSentence } from '../stress-client/target/error-sentence.ts';
import { figureNs, type FigureName } from '../stress-client/time-figures.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatItems,
  formatPerSecond,
  formatShare,
  pluralOf,
} from '../stress-client/units.ts';
import { alignColumns, type Row } from './columns.ts';
import { exitCodes } from './exit-codes.ts';
import { inert } from './inert.ts';
import type { LoadStatement, LoadSummary, StatementSummary, Summary, TimeSummary } from './summary.ts';

export interface TextReportOptions {
  readonly color: boolean;
  /** Columns of the terminal; long sentences are wrapped to it, tables are as wide as they are. */
  readonly width: number;
  /** Where the run folder is; the last line names it. */
  readonly folder?: string | undefined;
}

/** Figures of the times' table. */
const figures: readonly FigureName[] = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'];

/** Where the values of v2's lines stand. */
const valueColumn = 39;

/** What the `!` behind a time says, by the state that puts it there. */
const meaningOfMark: Readonly<Record<string, string>> = {
  INVALID_CLIENT: 'Times that end in ! hold the client’s own delays: they are not the target’s alone.',
  INVALID_RATE: 'Times that end in ! were taken at a lower rate than the script asks for.',
};

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
    this.#foot();
    return `${this.#lines.map((line) => line.trimEnd()).join('\n')}\n`;
  }

  #head(): void {
    const { states, testName, testId, warnings } = this.#summary;
    const names = [...new Set(states.map(({ state }) => state))].join(', ');
    const title = [testName, `test ${testId}`].filter((part) => part !== '').join(', ');
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
    const { target, servers, startedMs, durationNs, scriptSha256, seed, machine, version } = this.#summary;
    const products = servers.map(({ product, address }) => `${product} at ${address}`).join(', ');
    const started = new Date(startedMs).toISOString().replace('T', ' ').slice(0, 19);
    const processor = `${machine.processor}, ${formatCount(machine.cores)} ${machine.cores === 1 ? 'core' : 'cores'}`;
    const rows: Row[] = [
      ['  Target', products === '' ? target : `${target}: ${products}`],
      ['  Started', `${started} UTC, took ${formatDuration(durationNs)}`],
      ['  Script', `sha256 ${scriptSha256.slice(0, 12)}, seed ${seed}`],
      ['  Client', `${processor}, ${formatBytes(machine.memoryBytes)}, ${machine.system}`],
      ['  Versions', `stressql ${version}, Node ${machine.node}`],
    ];
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
    const marks = load.marks.filter(({ state }) => !(this.#summary.rehearsal && state in meaningOfMark));
    this.#mark = marks.some(({ state }) => state in meaningOfMark) ? '!' : '';
    for (const { state, reason } of marks) this.#sentence(`${state}: ${reason}`, 2, 'red');
    if (load.state !== 'ended' && (load.reason === undefined || load.reason !== statement.error)) {
      this.#sentence(load.reason === undefined ? load.state : `${load.state}: ${load.reason}`, 2, 'red');
    }
    if (load.written !== undefined) {
      const items = formatItems(load.written, load.itemName);
      this.#sentence(`WRITTEN: nothing sent; ${items} of an earlier run count as acknowledged`, 2);
      return;
    }
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
    const open = load.model === 'open';
    const rows: readonly (readonly [label: string, name: TimeName])[] = open
      ? [
          ['Response time', 'response'],
          ['Service time', 'service'],
          ['Lateness', 'lateness'],
          ['Slot wait', 'slotWait'],
        ]
      : [['Service time (closed model)', 'service']];
    const measured = [...rows, ['Failed requests', 'failed'] as const].filter(([, name]) => load.times[name]);
    if (measured.length === 0) return;
    this.#line('');
    const heading = this.#summary.rehearsal ? 'REHEARSAL' : '';
    this.#table([
      [heading, ...figures],
      ...measured.map(([label, name]) =>
        [label as string].concat(figures.map((figure) => this.#figure(load.times[name], figure))),
      ),
    ]);
  }

  #figure(time: TimeSummary | undefined, figure: FigureName): string {
    if (time === undefined) return '-';
    const bound = time.atLeast.includes(figure) ? '>= ' : '';
    return `${bound}${formatDuration(figureNs(time, figure))}${this.#mark}`;
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
      checks.map(({ text, gotText }) => [text, `got ${gotText}`]),
      new Set([0, 1]),
    );
    for (const [index, { passed }] of checks.entries()) {
      this.#line(`    ${passed ? this.#style('green', '✓') : this.#style('red', '✗')} ${lines[index]}`);
    }
  }

  /** What is true of few statements, a line each. */
  #remarks(load: LoadSummary): void {
    const remarks: string[] = [];
    const { warmup, lateAnswers, reprepared, clamped, rows, tags, times, warnings = [] } = load;
    if (load.itemName === 'query' && rows > 0) remarks.push(`Rows returned: ${formatCount(rows)}`);
    if (warmup.operations.sent > 0) {
      const { sent, acknowledged } = warmup.items;
      const lost = sent === acknowledged ? '' : `, ${formatCount(acknowledged)} acknowledged`;
      remarks.push(`Warm-up: ${formatItems(sent, load.itemName)} sent before, in no figure above${lost}`);
    }
    const censored = Math.max(times.service?.censored ?? 0, times.response?.censored ?? 0);
    if (censored > 0) {
      remarks.push(
        `Censored: ${formatItems(censored, 'request')} without an answer; times that they reach say >=`,
      );
    }
    if (lateAnswers > 0) remarks.push(`Late answers: ${formatCount(lateAnswers)} came after their timeout`);
    if (reprepared > 0)
      remarks.push(
        `Prepared again: ${formatItems(reprepared, 'request')} whose statement the target had forgotten`,
      );
    if (clamped > 0)
      remarks.push(`Out of range: ${formatItems(clamped, 'sample')} above an hour, counted as an hour`);
    for (const warning of warnings) remarks.push(`Warning: ${warning}`);
    const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
    if (pairs.length > 0) remarks.push(`TAG ${pairs.join(', ')}`);
    if (remarks.length > 0) this.#line('');
    for (const remark of remarks) this.#sentence(remark, 2);
  }

  #foot(): void {
    const { totals, durationNs, clientCpuNs, exitCodes: endings, rehearsal } = this.#summary;
    const { operations, items, requestBytes, responseBytes } = totals;
    const rows: Row[] = [];
    if (operations.asked > 0) {
      const done = Object.entries(items).map(([name, counts]) => formatItems(counts.acknowledged, name));
      const { sent, acknowledged, failed, unknown, unsent } = operations;
      rows.push(
        ['Total', `${done.join(' and ')} acknowledged in ${formatDuration(durationNs)}`],
        [
          'Requests',
          `${formatCount(sent)} sent: ${formatCount(acknowledged)} acknowledged, ${formatCount(failed)} failed, ` +
            `${formatCount(unknown)} unknown; ${formatCount(unsent)} unsent`,
        ],
        ['Bytes', `${formatBytes(requestBytes)} sent, ${formatBytes(responseBytes)} received`],
      );
      if (clientCpuNs !== undefined && sent > 0) {
        const each = formatDuration(clientCpuNs / sent);
        rows.push(['Client CPU', `${formatDuration(clientCpuNs)}, ${each} a request`]);
      }
    }
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

/** What the load was, as far as it is known. */
function shapeOf(kind: 'insert' | 'query', load: LoadSummary): string {
  const parts = [`${load.model} model`, `ran ${formatDuration(load.endedNs - load.startedNs)}`];
  const slots = load.settings[kind === 'insert' ? 'WriteConcurrency' : 'QueryConcurrency'];
  if (slots !== undefined) parts.push(`slots ${slots}`);
  if (kind === 'insert') {
    const { batchSize, seriesCardinality, fieldCount } = load;
    if (batchSize !== undefined) parts.push(`batch ${formatItems(batchSize, load.itemName)}`);
    if (seriesCardinality !== undefined) {
      parts.push(`series ${formatCount(seriesCardinality === null ? Infinity : seriesCardinality)}`);
    }
    if (fieldCount !== undefined) parts.push(`fields ${formatCount(fieldCount)}`);
  }
  return parts.join(', ');
}

function averageOf(sum: number, count: number): string {
  return count === 0 ? '-' : formatCount(Math.round(sum / count));
}

/** Words on lines of at most `width` characters, where no single word is longer. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
