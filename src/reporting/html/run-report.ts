import { formatDuration, formatItems, formatPerSecond, pluralOf } from '../../stress-client/units.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadsOf } from '../loads-of.ts';
import { overviewHeading, overviewRows } from '../overview.ts';
import type { RunDetail } from '../run-detail.ts';
import { runFacts, runTitle, runTotals, stateNames } from '../run-facts.ts';
import { settingsApart } from '../settings-apart.ts';
import { outcomeOf } from '../step-outcome.ts';
import type { LoadStatement, StatementSummary, Summary } from '../summary.ts';
import { meaningOfMark } from '../validity-mark.ts';
import { collectCharts } from './collect-charts.ts';
import { html, type Html, type HtmlValue } from './html.ts';
import { renderPage } from './page.ts';
import { loadSection } from './load-section.ts';
import type { ReportData } from './report-data.ts';

/** Promises the report of a run as one HTML file, in which every figure is of its summary and its histograms. */
export async function renderRunReport(run: RunDetail): Promise<string> {
  return runReportPage(run, await collectCharts(run.summary, run.intervals(), run.events));
}

/** The same, where what its charts show is known. */
export function runReportPage(run: RunDetail, data: ReportData): string {
  const { summary } = run;
  const chartsOf = new Map(data.statements.map((charts) => [charts.statementId, charts]));
  return renderPage({
    title: `${stateNames(summary)} ${runTitle(summary)}`,
    script: 'report',
    data,
    body: html`${pageHead(summary)}
      <main>
        ${statesOf(summary)} ${overview(summary)} ${environment(run)} ${scriptOf(run)} ${eventsOf(run)}
        ${loadsOf(summary).map((statement) =>
          loadSection(run, statement, chartsOf.get(statement.statementId)!),
        )}
      </main>
      <footer>stressql ${summary.version}</footer>`,
  });
}

/** The bar on top of a page: the run state, what it is about, and the switch of colours. */
function pageHead(summary: Summary): Html {
  return html`<header class="top">
    ${stateBadge(summary)}
    <h1>${runTitle(summary)}</h1>
    <label class="filter"
      ><span>Statements</span
      ><input type="search" id="filter" placeholder="filter by name, kind or tag" autocomplete="off"
    /></label>
    <button type="button" id="theme" title="Colours: of the system, light or dark">◐</button>
  </header>`;
}

export function stateBadge(summary: Summary): Html {
  const names = stateNames(summary);
  const kind = names === 'VALID' ? 'good' : names === 'REHEARSAL' ? 'fair' : 'bad';
  return html`<strong class="state ${kind}" data-figure="state">${names}</strong>`;
}

function statesOf({ states, exitCodes: endings, warnings, rehearsal }: Summary): Html {
  const sentences = [
    ...states
      .filter(({ reason }) => reason !== '')
      .map(
        ({ state, reason }) =>
          html`<li class="${state === 'REHEARSAL' ? 'fair' : 'bad'}">${state}: ${reason}</li>`,
      ),
    ...Object.entries(meaningOfMark)
      .filter(([state]) => states.some((each) => each.state === state))
      .map(([, meaning]) => html`<li>${meaning}</li>`),
    ...(rehearsal
      ? [html`<li class="fair">No database was contacted; of EXPECT only counts decide.</li>`]
      : []),
    ...endings
      .filter(({ code }) => code !== 0)
      .map(
        ({ code, reason }) =>
          html`<li class="bad">Exit code ${code}: ${code === 5 ? exitCodes[5] : reason}</li>`,
      ),
    ...warnings.map((warning) => html`<li class="fair">Warning: ${warning}</li>`),
  ];
  return sentences.length === 0
    ? html``
    : html`<ul class="sentences">
        ${sentences}
      </ul>`;
}

function overview(summary: Summary): Html {
  const rows = overviewRows(summary).map(({ statement, figures, ...row }) => {
    const { load, kind, position, statementId, background } = statement;
    return html`<tr data-statement="${statementId}">
      <th scope="row"><a href="#s${position}">${load.name}</a></th>
      <td class="word">${background ? 'GO ' : ''}${kind.toUpperCase()}</td>
      <td>${row.throughput}</td>
      <td>${row.acknowledged}</td>
      <td class="${row.hasUnacknowledged ? 'bad' : ''}">${row.unacknowledged}</td>
      <td class="word">${row.time}</td>
      ${figures.map((figure) => html`<td>${figure}</td>`)}
      <td class="${row.hasFailed ? 'bad' : ''}">${row.checks}</td>
    </tr>`;
  });
  return html`<section id="statements">
    <h2>Statements</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${overviewHeading.map(
              (head) =>
                html`<th scope="col" class="${head === 'Kind' || head === 'Time' ? 'word' : ''}">
                  ${head}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${pairs(runTotals(summary))}
  </section>`;
}

function environment({ summary, record, settings }: RunDetail): Html {
  const changed = settingsApart(settings);
  const parameters = Object.entries(record.parameters);
  return html`<section id="environment">
    <h2>Environment</h2>
    ${pairs([
      ...runFacts(summary),
      ['Files', record.scriptFiles.join(', ')],
      ['Command', ['stressql', ...record.arguments].map(shellWord).join(' ')],
      ...(parameters.length === 0
        ? []
        : [['Parameters', parameters.map(([name, value]) => `${name}=${value}`).join(' ')] as const]),
    ])}
    ${
      changed.length === 0
        ? html`<p>Every setting has its default before the first statement.</p>`
        : html`<h3>Settings that differ from defaults</h3>
            ${pairs(changed)}`
    }
  </section>`;
}

/** A word of a command line as a shell takes it. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Names and values. */
export function pairs(rows: readonly (readonly [name: string, value: string])[]): Html {
  return html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function scriptOf({ summary, script }: RunDetail): Html {
  const lines = script === undefined ? [] : script.replace(/\n$/, '').split('\n');
  return html`<section id="script">
    <h2>Script</h2>
    <ol class="steps">
      ${summary.statements.map(step)}
    </ol>
    ${
      script === undefined
        ? ''
        : html`<details>
            <summary>All of it: ${formatItems(lines.length, 'line')}</summary>
            <pre class="script">${lines.map((line) => html`<code>${line}</code>`)}</pre>
          </details>`
    }
  </section>`;
}

function eventsOf({ events }: RunDetail): HtmlValue {
  if (events.length === 0) return undefined;
  return html`<section id="events">
    <h2>Events</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">At</th>
            <th scope="col">Lasted</th>
            <th scope="col" class="word">What</th>
            <th scope="col" class="word">Statement</th>
          </tr>
        </thead>
        <tbody>
          ${events.map(
            ({ startNs, endNs, kind, name, text }) =>
              html`<tr>
                <td>${formatDuration(startNs)}</td>
                <td>
                  ${endNs === undefined ? 'to the end' : endNs === startNs ? '' : formatDuration(endNs - startNs)}
                </td>
                <td class="word">${kind}: ${text}</td>
                <td class="word">${name}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function step(statement: StatementSummary): Html {
  const place = statement.place === '' ? '' : html` <small>${statement.place}</small>`;
  if (isLoad(statement)) {
    if (statement.load === undefined) {
      return html`<li
        class="${statement.error === undefined ? 'none' : 'failed'}"
        value="${statement.position}"
      >
        <code>${statement.text}</code>${place} <span>${statement.error ?? 'not run'}</span>
      </li>`;
    }
    const { load } = statement;
    const outcome =
      load.marks.length > 0 || load.checks.some(({ passed }) => !passed) || load.state !== 'ended'
        ? 'failed'
        : 'ok';
    return html`<li class="${outcome}" value="${statement.position}">
      <a href="#s${statement.position}"><code>${statement.text}</code></a
      >${place}
      <span>${formatPerSecond(load.throughput.itemsPerSecond)} ${pluralOf(load.itemName)}/s</span>
    </li>`;
  }
  const { kind, text, details } = outcomeOf(statement);
  return html`<li class="${kind}" value="${statement.position}">
    <code>${statement.text}</code>${place} <span>${text}</span>
    ${details.map((detail) => html`<p>${detail.text}</p>`)}
  </li>`;
}

function isLoad(statement: StatementSummary): statement is LoadStatement {
  return statement.kind === 'insert' || statement.kind === 'query';
}
