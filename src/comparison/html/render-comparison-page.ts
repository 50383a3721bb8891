import { Html, html, type HtmlValue } from '../../reporting/html/html.ts';
import { renderPage } from '../../reporting/html/page.ts';
import { table } from '../../reporting/html/table.ts';
import type { ReportData, StatementCharts } from '../../reporting/html/report-data.ts';
import { formatDuration } from '../../stress-client/units.ts';
import { explanations, footnotes, scriptTitle, settingsOfItsOwn, titleOf } from '../comparison-words.ts';
import type {
  ComparedRunFacts,
  Comparison,
  FigureComparison,
  NamedDifference,
  RunComparison,
  StatementComparison,
  Verdict,
} from '../comparison.ts';
import {
  formatChange,
  formatInterval,
  formatValue,
  formatVerdict,
  nameOfFigure,
  shortVerdict,
} from '../format-figure.ts';
import type { ComparedCharts, ComparisonData } from './comparison-data.ts';

/** A statement of the baseline with everything that it was compared with. */
interface Section extends ComparedCharts {
  readonly compared: readonly { readonly run: RunComparison; readonly statement: StatementComparison }[];
}

/**
 * Promises a comparison as one HTML file: its figures, and the curves of all runs over each other. `charts`: of each
 * run, in the comparison's order.
 */
export function renderComparisonPage(comparison: Comparison, charts: readonly ReportData[]): string {
  const sections = sectionsOf(comparison, charts);
  const data: ComparisonData = { sections: sections.map(({ id, runs }) => ({ id, runs })) };
  const [baseline, ...others] = comparison.runs;
  const title = `${others.map(({ label }) => label).join(', ')} against ${baseline!.label}: ${titleOf(baseline!)}`;
  return renderPage({
    title,
    script: 'compare',
    data,
    body: html`<header class="top">
        <h1>${title}</h1>
        <label class="filter"
          ><span>Statements</span
          ><input type="search" id="filter" placeholder="filter by name or kind" autocomplete="off"
        /></label>
        <button type="button" id="theme" title="Colours: of the system, light or dark">◐</button>
      </header>
      <main>
        ${runsSection(comparison)}
        ${comparison.comparisons.map((each) => differencesSection(each, comparison))} ${overview(sections)}
        ${sections.map((section) => statementSection(section, comparison))}
      </main>
      <footer>${footnotes(comparison).map((sentence) => html`<p>${sentence}</p>`)}</footer>`,
  });
}

function sectionsOf({ runs, comparisons }: Comparison, charts: readonly ReportData[]): readonly Section[] {
  const chartsOf = (at: number, statementId: string): StatementCharts =>
    charts[at]!.statements.find((each) => each.statementId === statementId)!;
  const sections = new Map<string, Section['compared'][number][]>();
  for (const run of comparisons) {
    for (const statement of run.statements) {
      const { statementId } = statement.baseline;
      sections.set(statementId, [...(sections.get(statementId) ?? []), { run, statement }]);
    }
  }
  return [...sections].map(([statementId, compared], at) => ({
    id: `s${at + 1}`,
    compared,
    runs: [
      { label: runs[0]!.label, charts: chartsOf(0, statementId) },
      ...compared.map(({ run, statement }) => ({
        label: run.label,
        charts: chartsOf(comparisons.indexOf(run) + 1, statement.candidate.statementId),
      })),
    ],
  }));
}

function runsSection({ runs, conditions }: Comparison): Html {
  return html`<section id="runs">
    <h2>Runs</h2>
    ${table(
      ['', 'State', 'Test', 'Started', 'Took', 'Run folder'],
      runs.map((run) => [
        run.label,
        stateOf(run),
        titleOf(run),
        startOf(run),
        formatDuration(run.durationNs),
        run.path,
      ]),
      { kind: 'word' },
    )}
    ${sentences(
      runs.flatMap(({ label, states }) =>
        states
          .filter(({ reason }) => reason !== '')
          .map(({ state, reason }) => ({
            kind: state === 'REHEARSAL' ? 'fair' : 'bad',
            text: `${label} ${state}: ${reason}`,
          })),
      ),
    )}
    ${sentences(
      conditions.map(({ failed, text, label, statement, reason }) => ({
        kind: failed ? 'bad' : 'good',
        text: `${failed ? '✗' : '✓'} ${text}: ${label}, ${statement}, ${reason}`,
      })),
    )}
  </section>`;
}

function stateOf({ states }: ComparedRunFacts): Html {
  const names = [...new Set(states.map(({ state }) => state))].join(', ');
  const kind = names === 'VALID' ? 'good' : names === 'REHEARSAL' ? 'fair' : 'bad';
  return html`<strong class="${kind}">${names}</strong>`;
}

function startOf({ startedMs }: ComparedRunFacts): string {
  return `${new Date(startedMs).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

function differencesSection(
  { label, differences, unmatched }: RunComparison,
  { runs }: Comparison,
): HtmlValue {
  const baseline = runs[0]!.label;
  const { facts, settings, parameters, script } = differences;
  const named = (title: string, rows: readonly NamedDifference[]): HtmlValue =>
    rows.length === 0
      ? undefined
      : table(
          [title, baseline, label],
          rows.map((each) => [each.name, each.baseline ?? '-', each.candidate ?? '-']),
          { kind: 'word' },
        );
  return html`<section>
    <h2>What differs between ${baseline} and ${label}</h2>
    ${named('Facts', facts)} ${named('Settings', settings)} ${named('Parameters', parameters)}
    ${
      script === undefined
        ? facts.some(({ name }) => name === 'script')
          ? undefined
          : html`<p class="quiet">The scripts are the same.</p>`
        : html`<details open>
            <summary>${scriptTitle(script)}</summary>
            <pre>
${script.lines.map(
                ({ sign, text }) =>
                  html`<span class="${sign === '-' ? 'bad' : sign === '+' ? 'good' : 'quiet'}"
                      >${`${sign} ${text}`}</span
                    >${new Html('\n')}`,
              )}</pre>
          </details>`
    }
    ${sentences(
      unmatched.map((each) => ({
        kind: 'fair',
        text: `${each.kind.toUpperCase()} ${each.name}, statement ${each.position} of ${each.label}: ${each.reason}`,
      })),
    )}
  </section>`;
}

function overview(sections: readonly Section[]): Html {
  return html`<section id="statements">
    <h2>Statements</h2>
    <div class="scroll">
      <table>
        <tbody>
          ${sections.map(
            ({ id, compared }) =>
              html`<tr data-statement="${id}">
                <th scope="row"><a href="#${id}">${compared[0]!.statement.name}</a></th>
                <td class="word">${compared[0]!.statement.kind.toUpperCase()}</td>
                <td class="word">
                  ${compared.map(({ run, statement }) => html`<div>${run.label} ${shortVerdict(statement)}</div>`)}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

const classOfVerdict: Readonly<Record<Verdict, string>> = {
  better: 'good',
  worse: 'bad',
  same: '',
  undecided: 'quiet',
  unjudged: 'quiet',
};

function statementSection({ id, compared, runs }: Section, comparison: Comparison): Html {
  const baseline = comparison.runs[0]!.label;
  const { kind, name } = compared[0]!.statement;
  return html`<section
    class="load"
    id="${id}"
    data-statement="${id}"
    data-filter="${`${name} ${kind}`.toLowerCase()}"
  >
    <h2>${name} <small>${kind.toUpperCase()}</small></h2>
    ${compared.map(
      ({ run, statement }) =>
        html`<h3>${run.label} against ${baseline}</h3>
          <p>${shortVerdict(statement)}</p>
          ${explanations(statement, baseline, run.label).map((sentence) => html`<p class="quiet">${sentence}</p>`)}
          ${sentences(
            settingsOfItsOwn(statement, run).map((each) => ({
              kind: 'fair',
              text: `${each.name}: ${each.baseline ?? '-'} → ${each.candidate ?? '-'}`,
            })),
          )}
          ${table(
            ['', baseline, run.label, 'change', '95 % interval', 'verdict'],
            statement.figures.map((figure) => rowOf(figure, statement)),
          )}`,
    )}
    <div class="charts">${chartPlaces(compared[0]!.statement, runs)}</div>
  </section>`;
}

function rowOf(figure: FigureComparison, statement: StatementComparison): readonly HtmlValue[] {
  const kind = classOfVerdict[figure.verdict];
  return [
    nameOfFigure(figure, statement),
    formatValue(figure.baseline, figure),
    formatValue(figure.candidate, figure),
    figure.change === undefined
      ? ''
      : html`<span class="${kind}">${formatChange(figure.change, figure.unit)}</span>`,
    formatInterval(figure),
    html`<span class="${kind}">${formatVerdict(figure, statement)}</span>`,
  ];
}

function chartPlaces(statement: StatementComparison, runs: ComparedCharts['runs']): HtmlValue {
  const items = statement.baseline.itemName === 'query' ? 'queries' : `${statement.baseline.itemName}s`;
  const has = (column: string): boolean => runs.some(({ charts }) => charts.series.names.includes(column));
  const clocks = (['response', 'service'] as const).filter((clock) => has(`${clock}:p99`));
  const places: readonly (readonly [name: string, title: string])[] = [
    ...(has('achieved') ? [['throughput', `Throughput, ${items}/s`] as const] : []),
    ...clocks.flatMap((clock) => [
      [`${clock}:p50`, `Median ${clock} time`] as const,
      [`${clock}:p99`, `99th percentile of ${clock} time`] as const,
      [`spectrum:${clock}`, `Percentiles of ${clock} time of the whole statement`] as const,
    ]),
  ];
  return places.map(
    ([name, title]) =>
      html`<figure data-chart="${name}">
        <figcaption>${title}</figcaption>
        <div class="plot"></div>
      </figure>`,
  );
}

function sentences(of: readonly { readonly kind: string; readonly text: string }[]): HtmlValue {
  if (of.length === 0) return undefined;
  return html`<ul class="sentences">
    ${of.map(({ kind, text }) => html`<li class="${kind}">${text}</li>`)}
  </ul>`;
}
