import { formatDuration, formatItems } from '../stress-client/units.ts';
import type {
  Comparison,
  FigureComparison,
  NamedDifference,
  RunComparison,
  ScriptDifference,
  StatementComparison,
} from './comparison.ts';
import { explanations, footnotes, scriptTitle, settingsOfItsOwn, titleOf } from './comparison-words.ts';
import {
  formatChange,
  formatInterval,
  formatValue,
  formatVerdict,
  nameOfFigure,
  shortVerdict,
} from './format-figure.ts';

/**
 * GitHub's Markdown for a pull request: what counts stands open, tables of all figures are folded away. Names and
 * scripts are text: none of theirs becomes markup. Ends with a line end.
 */
export function renderMarkdownComparison(comparison: Comparison): string {
  const { runs, comparisons, conditions } = comparison;
  const [baseline] = runs;
  const blocks = [
    ['| run | state | test | took |', '| --- | --- | --- | --- |']
      .concat(
        runs.map((run) => {
          const states = [...new Set(run.states.map(({ state }) => state))].join(', ');
          return rowOf([run.label, states, titleOf(run), formatDuration(run.durationNs)]);
        }),
      )
      .join('\n'),
    ...runs.flatMap(({ label, states }) => {
      const reasons = states.filter(({ reason }) => reason !== '');
      return reasons.length === 0
        ? []
        : [reasons.map(({ state, reason }) => `- ${label} **${state}**: ${plain(reason)}`).join('\n')];
    }),
    ...conditions.map(
      ({ text, label, statement, failed, reason }) =>
        `- ${failed ? '❌' : '✅'} ${code(text)} ${label}, ${plain(statement)}: ${plain(reason)}`,
    ),
    ...comparisons.flatMap((each) => blocksOf(each, baseline!.label)),
    ...footnotes(comparison).map((sentence) => `<sub>${plain(sentence)}</sub>`),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function blocksOf(comparison: RunComparison, baseline: string): readonly string[] {
  const { label, differences, unmatched, statements } = comparison;
  const { script } = differences;
  return [
    `### ${label} against ${baseline}`,
    ...named('Different', differences.facts, baseline, label),
    ...named('Settings', differences.settings, baseline, label),
    ...named('Parameters', differences.parameters, baseline, label),
    ...(script === undefined ? [] : [scriptBlock(script)]),
    ...unmatched.map(
      (each) =>
        `- ${each.kind.toUpperCase()} ${plain(each.name)}, statement ${each.position} of ${each.label}: ${plain(each.reason)}`,
    ),
    ...statements.flatMap((statement) => statementBlocks(statement, comparison, baseline)),
  ];
}

function named(
  title: string,
  differences: readonly NamedDifference[],
  baseline: string,
  label: string,
): readonly string[] {
  if (differences.length === 0) return [];
  const rows = differences.map((each) => rowOf([each.name, each.baseline ?? '-', each.candidate ?? '-']));
  return [[rowOf([title, baseline, label]), '| --- | --- | --- |', ...rows].join('\n')];
}

function scriptBlock(script: ScriptDifference): string {
  const { lines } = script;
  const head = scriptTitle(script);
  if (lines.length === 0) return head;
  // A fence longer than any in the script ends where it should.
  const longest = Math.max(
    2,
    ...lines.flatMap(({ text }) => (text.match(/`+/g) ?? []).map(({ length }) => length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [head, '', `${fence}diff`, ...lines.map(({ sign, text }) => `${sign} ${text}`), fence].join('\n');
}

function statementBlocks(
  statement: StatementComparison,
  run: RunComparison,
  baseline: string,
): readonly string[] {
  const { kind, name, figures } = statement;
  const own = settingsOfItsOwn(statement, run);
  const told = figures.filter(({ verdict }) => verdict === 'better' || verdict === 'worse');
  const rest = figures.filter((figure) => !told.includes(figure));
  return [
    `**${kind.toUpperCase()} ${plain(name)}**  \n${plain(shortVerdict(statement))}  \n` +
      explanations(statement, baseline, run.label).map(plain).join('  \n'),
    ...named('Settings of the statement', own, baseline, run.label),
    ...(told.length === 0 ? [] : [tableOf(told, statement, baseline, run.label)]),
    ...(rest.length === 0
      ? []
      : [
          `<details><summary>${formatItems(rest.length, 'figure')} without a difference that can be told</summary>\n\n` +
            `${tableOf(rest, statement, baseline, run.label)}\n\n</details>`,
        ]),
  ];
}

function tableOf(
  figures: readonly FigureComparison[],
  statement: StatementComparison,
  baseline: string,
  label: string,
): string {
  return [
    rowOf(['', baseline, label, 'change', '95 % interval', 'verdict']),
    '| --- | ---: | ---: | ---: | --- | --- |',
    ...figures.map((figure) =>
      rowOf([
        nameOfFigure(figure, statement),
        formatValue(figure.baseline, figure),
        formatValue(figure.candidate, figure),
        figure.change === undefined ? '' : formatChange(figure.change, figure.unit),
        formatInterval(figure),
        formatVerdict(figure, statement),
      ]),
    ),
  ].join('\n');
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.map(plain).join(' | ')} |`;
}

/** Text of which nothing is markup; on one line. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~&@!]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Text in a span of code. */
function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}
