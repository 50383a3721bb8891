import {
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { FieldOf } from '../reporting/influx/schema.ts';
import { dataSource, finished, linkTo, percentileVariable, runVariable, tagVariable } from './dashboard.ts';
import { ratio, Select, type Quotient } from './influxql.ts';
import { table, timeSeries, type Column, type Step } from './panels.ts';
import { statementColumns, statementFields } from './report-columns.ts';
import { dashboardUids } from './uids.ts';

const runs = '$baseline|$candidate';

/** More is better: below the baseline it is marked. */
const rateColors: readonly Step[] = [
  [0, 'red'],
  [0.9, 'orange'],
  [0.95, 'green'],
];
/** Less is better: above the baseline it is marked. */
const timeColors: readonly Step[] = [
  [0, 'green'],
  [1.05, 'orange'],
  [1.1, 'red'],
];

const rates = [
  { field: 'items_per_second', as: 'Items/s' },
  { field: 'operations_per_second', as: 'Requests/s' },
] as const satisfies readonly Quotient<'summary'>[];

const times = (['service', 'response'] as const).flatMap((time): readonly Quotient<'summary'>[] => [
  { field: `${time}_p50_ns`, as: `${time} p50 of the run` },
  { field: `${time}_p99_ns`, as: `${time} p99 of the run` },
  { field: `${time}_p99_9_ns`, as: `${time} p99.9 of the run` },
]);

function ratioColumns(quotients: readonly Quotient<'summary'>[], colors: readonly Step[]): readonly Column[] {
  return quotients.map(({ as }) => ({ name: as, unit: 'none', decimals: 3, colors }));
}

/** The intervals of all runs that are compared, on the common clock. */
function intervals(): Select<'interval'> {
  return new Select('interval', 'common')
    .where('test_id', runs)
    .where('statement', '$statement')
    .where('kind', '$kind')
    .shown();
}

const series = ['statement', 'test_name', 'test_id'] as const;
const alias = '$tag_statement $tag_test_name $tag_test_id';

function overTime(
  title: string,
  description: string,
  unit: string,
  of: (select: Select<'interval'>) => Select<'interval'>,
) {
  const queries = [{ text: of(intervals()).overTime(...series).text, alias }];
  return timeSeries({ title, description, unit, width: 12, queries });
}

const quotientOverTime: FieldOf<'interval'> = 'items_acknowledged';

/** Any number of runs over each other, as if all had begun at once, and what each is to a baseline. */
export function compareDashboard(): Dashboard {
  return finished(
    new DashboardBuilder('stressql: Compare')
      .uid(dashboardUids.compare)
      .description(
        'A baseline and any number of candidates over each other. The time is that since each run’s start: 00:05:00 is five minutes after it.',
      )
      .tags(['stressql'])
      .time({ from: '2000-01-01T00:00:00.000Z', to: '2000-01-01T00:10:00.000Z' })
      .timezone('utc')
      .tooltip(DashboardCursorSync.Crosshair)
      .withVariable(runVariable('baseline', 'Baseline'))
      .withVariable(runVariable('candidate', 'Candidates').multi(true))
      .withVariable(tagVariable('statement', `(${runs})`))
      .withVariable(tagVariable('kind', `(${runs})`))
      .withVariable(percentileVariable())
      .link(linkTo('run', 'Runs'))
      .link(linkTo('history', 'History'))
      .withRow(
        new RowBuilder('Candidate ${candidate} by baseline ${baseline}')
          .repeat('candidate')
          .datasource(dataSource),
      )
      .withPanel(
        table({
          title: 'Ratio of the whole run: candidate ${candidate} by baseline',
          description:
            'Figures of whole histograms, statement by statement, matched by name and kind. 1 is the same. Colours mark 5 % and 10 %: whether a difference is more than chance they do not say.',
          width: 16,
          queries: [
            {
              text: ratio('summary', {
                quotients: [...rates, ...times],
                aggregate: 'max',
                where: [
                  ['statement', '$statement'],
                  ['kind', '$kind'],
                ],
                by: ['statement', 'kind'],
              }),
            },
          ],
          columns: [
            { name: 'statement', title: 'Statement' },
            { name: 'kind', title: 'Kind', width: 70 },
            ...ratioColumns(rates, rateColors),
            ...ratioColumns(times, timeColors),
          ],
        }),
      )
      .withPanel(
        timeSeries({
          title: 'Throughput over time: candidate ${candidate} by baseline',
          description:
            'Items acknowledged in the same time since the start. A point stands for 10 s or more.',
          unit: 'none',
          width: 8,
          interval: '10s',
          line: 1,
          queries: [
            {
              text: ratio('interval', {
                clock: 'common',
                quotients: [{ field: quotientOverTime, as: 'ratio' }],
                aggregate: 'sum',
                where: [
                  ['statement', '$statement'],
                  ['kind', '$kind'],
                ],
                by: ['statement', 'kind'],
                overTime: true,
              }),
              alias: '$tag_statement',
            },
          ],
        }),
      )
      .withRow(new RowBuilder('Over each other'))
      .withPanel(
        overTime(
          'Throughput achieved, items a second',
          'Points, rows or queries acknowledged, over the time of the intervals.',
          'short',
          (select) => select.perSecond('items_acknowledged', 'achieved'),
        ),
      )
      .withPanel(
        overTime(
          'Requests that failed or stayed unknown',
          'Number in the time of a point.',
          'short',
          (select) => select.of('sum', 'errors', 'errors'),
        ),
      )
      .withPanel(
        overTime(
          'Service time: max of interval ${percentile:text}',
          'The largest that any interval within a point says; no percentile of the run. Sent to answered.',
          'ns',
          (select) => select.of('max', 'service_${percentile}_ns', 'service'),
        ),
      )
      .withPanel(
        overTime(
          'Response time (open model): max of interval ${percentile:text}',
          'The largest that any interval within a point says; no percentile of the run. From when a request was due.',
          'ns',
          (select) => select.of('max', 'response_${percentile}_ns', 'response'),
        ).noValue('A closed model has no response time'),
      )
      .withPanel(
        overTime(
          'Requests in flight: most at the end of an interval',
          'Requests sent and not answered yet.',
          'short',
          (select) => select.of('max', 'in_flight', 'in flight'),
        ),
      )
      .withPanel(
        overTime(
          'Client: longest pause',
          'The longest time in which the event loop of any of the client’s threads stood still.',
          'ns',
          (select) => select.of('max', 'client_pause_ns', 'pause'),
        ),
      )
      .withRow(new RowBuilder('Of the whole run'))
      .withPanel(
        table({
          title: 'Every statement: figures of the whole statement',
          description: 'Percentiles of the run, from whole histograms.',
          width: 24,
          height: 10,
          queries: [
            {
              text: new Select('summary')
                .show('test_id', 'test_name', ...statementFields)
                .where('test_id', runs)
                .where('statement', '$statement')
                .where('kind', '$kind').text,
            },
          ],
          columns: [
            { name: 'test_id', title: 'Run', width: 110 },
            { name: 'test_name', title: 'TestName' },
            ...statementColumns,
          ],
        }),
      ),
  );
}
