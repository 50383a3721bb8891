import { alignColumns, type Row } from '../reporting/columns.ts';
import { inert } from '../reporting/inert.ts';
import { StyledLines, type Style, type StyledLinesOptions } from '../reporting/styled-lines.ts';
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

/** Promises the same text for the same comparison and options. Ends with a line end. */
export function renderTextComparison(comparison: Comparison, options: StyledLinesOptions): string {
  return new TextComparison(comparison, options).render();
}

const styleOfVerdict: Readonly<Partial<Record<Verdict, Style>>> = {
  better: 'green',
  worse: 'red',
  undecided: 'dim',
  unjudged: 'dim',
};

class TextComparison {
  readonly #comparison: Comparison;
  readonly #page: StyledLines;

  constructor(comparison: Comparison, options: StyledLinesOptions) {
    this.#comparison = comparison;
    this.#page = new StyledLines(options);
  }

  render(): string {
    this.#runs();
    for (const comparison of this.#comparison.comparisons) this.#run(comparison);
    this.#conditions();
    this.#page.line('');
    for (const sentence of footnotes(this.#comparison)) this.#page.sentence(sentence, 0, 'dim');
    return this.#page.text;
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
      this.#page.line(
        this.#page.style(states.every(({ state }) => state === 'VALID') ? 'green' : 'red', inert(line)),
      );
      for (const { state, reason } of states) {
        if (reason !== '')
          this.#page.sentence(`${state}: ${reason}`, 3, state === 'REHEARSAL' ? 'yellow' : 'red');
      }
    }
  }

  #run(comparison: RunComparison): void {
    const { label, differences, unmatched, statements } = comparison;
    this.#page.line('');
    this.#page.line(this.#page.style('bold', `${label} against ${this.#comparison.runs[0]!.label}`));
    this.#named('Different', differences.facts, label);
    this.#named('Settings', differences.settings, label);
    this.#named('Parameters', differences.parameters, label);
    this.#script(comparison);
    if (unmatched.length > 0) this.#page.section('Not compared');
    for (const each of unmatched) {
      const what = `${each.kind.toUpperCase()} ${each.name}, statement ${each.position} of ${each.label}`;
      this.#page.sentence(`${what}: ${each.reason}`, 4, 'yellow');
    }
    for (const statement of statements) this.#statement(statement, comparison);
  }

  #named(title: string, differences: readonly NamedDifference[], label: string): void {
    if (differences.length === 0) return;
    this.#page.section(title);
    const rows = differences.map(({ name, baseline, candidate }) => [
      name,
      baseline ?? '-',
      candidate ?? '-',
    ]);
    this.#page.table([['', this.#comparison.runs[0]!.label, label], ...rows], 4, new Set([0, 1, 2]));
  }

  #script({ differences: { script } }: RunComparison): void {
    if (script === undefined) return;
    this.#page.section(scriptTitle(script));
    for (const { sign, text } of script.lines) {
      const line = `    ${sign} ${inert(text)}`;
      this.#page.line(
        sign === '-'
          ? this.#page.style('red', line)
          : sign === '+'
            ? this.#page.style('green', line)
            : this.#page.style('dim', line),
      );
    }
  }

  #statement(statement: StatementComparison, run: RunComparison): void {
    const { kind, name, figures } = statement;
    this.#page.line('');
    this.#page.line(`  ${this.#page.style('bold', inert(`${kind.toUpperCase()} ${name}`))}`);
    for (const sentence of explanations(statement, this.#comparison.runs[0]!.label, run.label)) {
      this.#page.sentence(sentence, 4, 'dim');
    }
    for (const { name: setting, baseline, candidate } of settingsOfItsOwn(statement, run)) {
      this.#page.sentence(`${setting}: ${baseline ?? '-'} → ${candidate ?? '-'}`, 4, 'yellow');
    }
    const hasChanged = figures.some(({ verdict }) => verdict === 'better' || verdict === 'worse');
    this.#page.sentence(shortVerdict(statement), 4, hasChanged ? 'bold' : undefined);
    this.#page.line('');
    const heading = ['', this.#comparison.runs[0]!.label, run.label, 'change', '95 % interval', ''];
    const rows = figures.map((figure) => rowOf(figure, statement));
    const [first, ...lines] = alignColumns([heading, ...rows], new Set([0, 5]));
    this.#page.line(this.#page.style('dim', `    ${first!}`));
    for (const [at, line] of lines.entries()) {
      const style = styleOfVerdict[figures[at]!.verdict];
      const text = `    ${inert(line)}`;
      this.#page.line(style === undefined ? text : this.#page.style(style, text));
    }
  }

  #conditions(): void {
    const { conditions } = this.#comparison;
    if (conditions.length === 0) return;
    this.#page.line('');
    this.#page.line(this.#page.style('bold', 'Fail if'));
    for (const { text, label, statement, failed, reason } of conditions) {
      this.#page.sentence(
        `${failed ? '✗' : '✓'} ${text}  ${label}, ${statement}: ${reason}`,
        2,
        failed ? 'red' : 'green',
      );
    }
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
