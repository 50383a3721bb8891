import { styleText } from 'node:util';
import { alignColumns, type Row } from '../reporting/columns.ts';
import { inert } from '../reporting/inert.ts';
import { wrap } from '../reporting/wrap.ts';
import { formatDuration } from '../stress-client/units.ts';
import type {
  Comparison,
  FigureComparison,
  NamedDifference,
  RunComparison,
  StatementComparison,
  Verdict,
} from './comparison.ts';
import {
  formatChange,
  formatInterval,
  formatValue,
  formatVerdict,
  nameOfFigure,
  shortVerdict,
} from './format-figure.ts';
import { explanations, footnotes, scriptTitle, settingsOfItsOwn, titleOf } from './comparison-words.ts';

export interface TextComparisonOptions {
  readonly color: boolean;
  /** Columns of the terminal; sentences are wrapped to it. */
  readonly width: number;
}

/** Promises the same text for the same comparison and options. Ends with a line end. */
export function renderTextComparison(comparison: Comparison, options: TextComparisonOptions): string {
  return new TextComparison(comparison, options).render();
}

type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

const styleOfVerdict: Readonly<Partial<Record<Verdict, Style>>> = {
  better: 'green',
  worse: 'red',
  undecided: 'dim',
  unjudged: 'dim',
};

class TextComparison {
  readonly #comparison: Comparison;
  readonly #options: TextComparisonOptions;
  readonly #lines: string[] = [];

  constructor(comparison: Comparison, options: TextComparisonOptions) {
    this.#comparison = comparison;
    this.#options = options;
  }

  render(): string {
    this.#runs();
    for (const comparison of this.#comparison.comparisons) this.#run(comparison);
    this.#conditions();
    this.#line('');
    for (const sentence of footnotes(this.#comparison)) this.#sentence(sentence, 0, 'dim');
    return `${this.#lines.map((line) => line.trimEnd()).join('\n')}\n`;
  }

  #runs(): void {
    const { runs } = this.#comparison;
    const rows = runs.map((run): Row => {
      const states = [...new Set(run.states.map(({ state }) => state))].join(', ');
      const started = new Date(run.startedMs).toISOString().replace('T', ' ').slice(0, 19);
      return [
        run.label,
        states,
        titleOf(run),
        `${started} UTC, took ${formatDuration(run.durationNs)}`,
        run.path ?? '',
      ];
    });
    for (const [at, line] of alignColumns(rows, new Set([0, 1, 2, 3, 4])).entries()) {
      const { states } = runs[at]!;
      this.#line(this.#style(states.every(({ state }) => state === 'VALID') ? 'green' : 'red', inert(line)));
      for (const { state, reason } of states) {
        if (reason !== '') this.#sentence(`${state}: ${reason}`, 3, state === 'REHEARSAL' ? 'yellow' : 'red');
      }
    }
  }

  #run(comparison: RunComparison): void {
    const { label, differences, unmatched, statements } = comparison;
    this.#line('');
    this.#line(this.#style('bold', `${label} against ${this.#comparison.runs[0]!.label}`));
    this.#named('Different', differences.facts, label);
    this.#named('Settings', differences.settings, label);
    this.#named('Parameters', differences.parameters, label);
    this.#script(comparison);
    if (unmatched.length > 0) this.#section('Not compared');
    for (const each of unmatched) {
      const what = `${each.kind.toUpperCase()} ${each.name}, statement ${each.position} of ${each.label}`;
      this.#sentence(`${what}: ${each.reason}`, 4, 'yellow');
    }
    for (const statement of statements) this.#statement(statement, comparison);
  }

  #named(title: string, differences: readonly NamedDifference[], label: string): void {
    if (differences.length === 0) return;
    this.#section(title);
    const rows = differences.map(({ name, baseline, candidate }) => [
      name,
      baseline ?? '-',
      candidate ?? '-',
    ]);
    this.#table([['', this.#comparison.runs[0]!.label, label], ...rows], 4, new Set([0, 1, 2]));
  }

  #script({ differences: { script } }: RunComparison): void {
    if (script === undefined) return;
    this.#section(scriptTitle(script));
    for (const { sign, text } of script.lines) {
      const line = `    ${sign} ${inert(text)}`;
      this.#line(
        sign === '-'
          ? this.#style('red', line)
          : sign === '+'
            ? this.#style('green', line)
            : this.#style('dim', line),
      );
    }
  }

  #statement(statement: StatementComparison, run: RunComparison): void {
    const { kind, name, figures } = statement;
    this.#line('');
    this.#line(`  ${this.#style('bold', inert(`${kind.toUpperCase()} ${name}`))}`);
    for (const sentence of explanations(statement, this.#comparison.runs[0]!.label, run.label)) {
      this.#sentence(sentence, 4, 'dim');
    }
    for (const { name: setting, baseline, candidate } of settingsOfItsOwn(statement, run)) {
      this.#sentence(`${setting}: ${baseline ?? '-'} → ${candidate ?? '-'}`, 4, 'yellow');
    }
    const hasChanged = figures.some(({ verdict }) => verdict === 'better' || verdict === 'worse');
    this.#sentence(shortVerdict(statement), 4, hasChanged ? 'bold' : undefined);
    this.#line('');
    const heading = ['', this.#comparison.runs[0]!.label, run.label, 'change', '95 % interval', ''];
    const rows = figures.map((figure) => rowOf(figure, statement));
    const [first, ...lines] = alignColumns([heading, ...rows], new Set([0, 5]));
    this.#line(this.#style('dim', `    ${first!}`));
    for (const [at, line] of lines.entries()) {
      const style = styleOfVerdict[figures[at]!.verdict];
      const text = `    ${inert(line)}`;
      this.#line(style === undefined ? text : this.#style(style, text));
    }
  }

  #conditions(): void {
    const { conditions } = this.#comparison;
    if (conditions.length === 0) return;
    this.#line('');
    this.#line(this.#style('bold', 'Fail if'));
    for (const { text, label, statement, failed, reason } of conditions) {
      this.#sentence(
        `${failed ? '✗' : '✓'} ${text}  ${label}, ${statement}: ${reason}`,
        2,
        failed ? 'red' : 'green',
      );
    }
  }

  #section(title: string): void {
    this.#line('');
    this.#line(`  ${title}`);
  }

  /** Rows of which the first is a heading. */
  #table(rows: readonly Row[], indent: number, left: ReadonlySet<number>): void {
    for (const [index, line] of alignColumns(rows, left).entries()) {
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

  #style(style: Style, text: string): string {
    return this.#options.color ? styleText(style, text, { validateStream: false }) : text;
  }

  #line(text: string): void {
    this.#lines.push(text);
  }
}

function rowOf(figure: FigureComparison, statement: StatementComparison): Row {
  return [
    nameOfFigure(figure, statement),
    formatValue(figure.baseline, figure),
    formatValue(figure.candidate, figure),
    figure.change === undefined ? '' : formatChange(figure.change, figure.unit),
    formatInterval(figure),
    formatVerdict(figure, statement),
  ];
}
