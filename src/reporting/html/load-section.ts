import {
  formatBytes,
  formatCount,
  formatPerSecond,
  formatShare,
  pluralOf,
} from '../../stress-client/units.ts';
import type { Counts } from '../../stress-client/results.ts';
import { figureNs } from '../../stress-client/time-figures.ts';
import { countNames } from '../count-names.ts';
import { figureText } from '../figure-text.ts';
import { gotTextOf } from '../got-text.ts';
import { remarksOf, shapeOf, writtenSentence } from '../load-words.ts';
import type { LoadedStatement } from '../loads-of.ts';
import { measuredTimes, shownFigures } from '../measured-times.ts';
import type { RunDetail } from '../run-detail.ts';
import { settingsOfStatement } from '../settings-apart.ts';
import type { LoadSummary } from '../summary.ts';
import { markOf, marksOfLoad } from '../validity-mark.ts';
import { html, type Html, type HtmlValue } from './html.ts';
import { table } from './table.ts';
import type { StatementCharts } from './report-data.ts';

/** A statement's part of the report: what it came to in words and tables, and the places of its charts. */
export function loadSection(
  { summary, settings }: RunDetail,
  statement: LoadedStatement,
  charts: StatementCharts,
): Html {
  const { load, kind, position, background, place, statementId } = statement;
  const mark = markOf(summary, load);
  const filter = [
    load.name,
    kind,
    load.model,
    load.mix ?? '',
    ...Object.entries(load.tags).map((pair) => pair.join('=')),
  ];
  const sentences = [
    ...(statement.error === undefined ? [] : [statement.error]),
    ...marksOfLoad(summary, load).map(({ state, reason }) => `${state}: ${reason}`),
    ...(load.state === 'ended' || load.reason === statement.error
      ? []
      : [load.reason === undefined ? load.state : `${load.state}: ${load.reason}`]),
  ].map((sentence) => html`<li class="bad">${sentence}</li>`);
  const written = writtenSentence(load);
  const apart = settingsOfStatement(load.settings, settings);
  return html`<section
    class="load"
    id="s${position}"
    data-statement="${statementId}"
    data-filter="${filter.join(' ').toLowerCase()}"
  >
    <h2>
      ${load.name}
      <small>${background ? 'GO ' : ''}${kind.toUpperCase()}${place === '' ? '' : `, ${place}`}</small>
    </h2>
    ${
      sentences.length === 0
        ? ''
        : html`<ul class="sentences">
            ${sentences}
          </ul>`
    }
    ${
      written !== undefined
        ? html`<p>${written}</p>`
        : html`<p class="quiet">${shapeOf(kind, load)}</p>
            <div class="tables">
              ${timesTable(load, mark, summary.rehearsal)} ${countsTable(load)} ${rates(load)}
              ${expectTable(load, mark)} ${errorsTable(load)} ${stagesTable(load)}
            </div>
            ${list(remarksOf(load))}
            ${
              apart.length === 0
                ? ''
                : html`<p class="quiet">
                    Settings of its own: ${apart.map(([name, value]) => `${name} [${value}]`).join(', ')}
                  </p>`
            }
            ${missingIntervals(load, charts)}
            <div class="charts">${chartPlaces(load, charts)}</div>`
    }
  </section>`;
}

/** Why charts over time show less than the figures are of, or are not there. */
function missingIntervals({ operations }: LoadSummary, { missing }: StatementCharts): HtmlValue {
  if (missing === 0) return undefined;
  const said =
    missing === operations.sent
      ? 'There are no charts over time: no interval of this statement is stored with the run (intervals.ndjson).'
      : `Charts over time lack ${formatCount(missing)} of ${formatCount(operations.sent)} requests: not all intervals of ` +
        'this statement are stored with the run (intervals.ndjson).';
  return html`<ul class="sentences">
    <li class="fair">${said}</li>
  </ul>`;
}

function list(sentences: readonly string[]): Html {
  return sentences.length === 0
    ? html``
    : html`<ul class="sentences">
        ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
      </ul>`;
}

/** A figure as people read it; what it is exactly is its value. */
function figure(value: number, text: string): Html {
  return html`<data value="${value}">${text}</data>`;
}

function timesTable(load: LoadSummary, mark: string, rehearsal: boolean): HtmlValue {
  const measured = measuredTimes(load);
  if (measured.length === 0) return undefined;
  return table(
    ['', 'mean', ...shownFigures],
    measured.map(({ label, time }) => [
      label,
      ...(['mean', ...shownFigures] as const).map((name) =>
        figure(figureNs(time, name), figureText(time, name, mark)),
      ),
    ]),
    { title: rehearsal ? 'Times (REHEARSAL)' : 'Times', name: 'times' },
  );
}

function countsTable(load: LoadSummary): Html {
  const row = (label: string, counts: Counts): HtmlValue[] => [
    label,
    ...countNames.map((name) => figure(counts[name], formatCount(counts[name]))),
  ];
  const items = pluralOf(load.itemName);
  return table(
    ['', ...countNames],
    [
      ...(load.itemName === 'query' ? [] : [row('Requests', load.operations)]),
      row(items[0]!.toUpperCase() + items.slice(1), load.items),
    ],
    { title: 'Counts', name: 'counts' },
  );
}

function rates(load: LoadSummary): Html {
  const { itemsPerSecond, operationsPerSecond } = load.throughput;
  const perSecond = (value: number): Html => figure(value, formatPerSecond(value));
  return table(
    ['', `${pluralOf(load.itemName)}/s`, 'requests/s', 'retries', 'sent', 'received'],
    [
      [
        'Acknowledged',
        perSecond(itemsPerSecond),
        perSecond(operationsPerSecond),
        figure(load.retries, formatCount(load.retries)),
        figure(load.requestBytes, formatBytes(load.requestBytes)),
        figure(load.responseBytes, formatBytes(load.responseBytes)),
      ],
    ],
    { title: 'Throughput and volume', name: 'throughput' },
  );
}

function expectTable({ checks }: LoadSummary, mark: string): HtmlValue {
  if (checks.length === 0) return undefined;
  return table(
    ['asked', 'got', ''],
    checks.map((check) => [
      check.text,
      gotTextOf(check, mark),
      html`<span class="${check.passed ? 'good' : 'bad'}">${check.passed ? '✓ met' : '✗ missed'}</span>`,
    ]),
    { title: 'EXPECT', name: 'expect' },
  );
}

function errorsTable({ errors, operations }: LoadSummary): HtmlValue {
  if (errors.length === 0) return undefined;
  const ended = operations.acknowledged + operations.failed + operations.unknown;
  return table(
    ['class', 'requests', 'share', 'status', 'first message'],
    errors.map(({ errorClass, count, status, example }) => [
      errorClass,
      figure(count, formatCount(count)),
      ended === 0 ? '' : formatShare(count / ended),
      status === 0 ? '' : status,
      html`<span class="message">${example}</span>`,
    ]),
    { title: 'Errors', name: 'errors' },
  );
}

function stagesTable({ stages, itemName }: LoadSummary): HtmlValue {
  if (stages.length === 0) return undefined;
  const items = pluralOf(itemName);
  return table(
    ['', `offered ${items}/s`, `achieved ${items}/s`, 'share'],
    stages.map(({ text, offered, achieved }) => [
      text,
      figure(offered, formatPerSecond(offered)),
      figure(achieved, formatPerSecond(achieved)),
      offered === 0 ? '' : formatShare(achieved / offered),
    ]),
    { title: 'Stages', name: 'stages' },
  );
}

/** A place for each chart that has something to show; the script draws in it when it comes into view. */
function chartPlaces(load: LoadSummary, { series, spectra, heatMap, mark }: StatementCharts): Html {
  const has = (start: string): boolean => series.names.some((name) => name.startsWith(start));
  const items = pluralOf(load.itemName);
  const open = load.model === 'open';
  const places: readonly (readonly [chart: string, title: string, isThere: boolean])[] = [
    ['throughput', `Throughput, ${items}/s${open ? ', and what was offered' : ''}`, has('achieved')],
    ['response', `Response time${mark}`, has('response:')],
    ['service', `Service time${open ? '' : ' (closed model)'}${mark}`, has('service:')],
    ['waits', `Lateness of the client, and wait for a slot${mark}`, has('lateness:') || has('slotWait:')],
    ['spectrum', `Percentiles of the whole statement${mark}`, spectra.length > 0],
    [
      'heat',
      `${heatMap?.time === 'response' ? 'Response' : 'Service'} times${mark}, requests`,
      heatMap !== undefined,
    ],
    ['errors', 'Errors by class, requests an interval', has('error:')],
    ['volume', 'Data volume, bytes/s', has('requestBytes')],
    ['inFlight', 'Requests in flight', has('inFlight')],
  ];
  return html`${places
    .filter(([, , isThere]) => isThere)
    .map(
      ([chart, title]) =>
        html`<figure data-chart="${chart}">
          <figcaption>${title}</figcaption>
          <div class="plot"></div>
        </figure>`,
    )}`;
}
