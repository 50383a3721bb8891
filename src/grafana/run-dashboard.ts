import {
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  eventAnnotation,
  finished,
  linkTo,
  percentileVariable,
  runVariable,
  tagVariable,
} from './dashboard.ts';
import { Select } from './influxql.ts';
import { table, timeSeries } from './panels.ts';
import { runColumns, runFields, statementColumns, statementFields } from './report-columns.ts';
import { dashboardUids } from './uids.ts';

/** The intervals of the run and statements that are chosen. */
function intervals(): Select<'interval'> {
  return new Select('interval')
    .where('test_id', '$run')
    .where('statement', '$statement')
    .where('kind', '$kind')
    .shown();
}

/** One run, while it goes on or after it: its state, and statement by statement what it did. */
export function runDashboard(): Dashboard {
  return finished(
    new DashboardBuilder('stressql: Run')
      .uid(dashboardUids.run)
      .description(
        'One run of stressql, live: statement by statement what was asked, what came of it, and how long it took.',
      )
      .tags(['stressql'])
      .time({ from: 'now-1h', to: 'now' })
      .refresh('5s')
      .timezone('browser')
      .tooltip(DashboardCursorSync.Crosshair)
      .withVariable(runVariable('run', 'Run'))
      .withVariable(tagVariable('statement', '$run'))
      .withVariable(tagVariable('kind', '$run'))
      .withVariable(percentileVariable())
      .annotation(eventAnnotation('Run and statements', 'run|statement', 'blue'))
      .annotation(eventAnnotation('Stages', 'stage', 'purple'))
      .annotation(
        eventAnnotation('EXEC, nodes and changes', 'exec|node-lost|node-back|pause|rate|end', 'orange'),
      )
      .link(linkTo('compare', 'Compare with this run', '?var-baseline=${run}'))
      .link(linkTo('history', 'History'))
      .withRow(new RowBuilder('State'))
      .withPanel(
        table({
          title: 'The run',
          description:
            'State and validity. Figures of a run that is not VALID may not be shown as they stand: its report says why. A click on the name shows the run in its own time.',
          width: 24,
          height: 4,
          queries: [{ text: new Select('run').show('test_id', ...runFields).where('test_id', '$run').text }],
          columns: runColumns,
        }),
      )
      .withPanel(
        table({
          title: 'Statements that have ended: figures of the whole statement',
          description:
            'Percentiles of the run, from whole histograms: not averages of what intervals say. Response time is of the open model only.',
          width: 24,
          height: 7,
          queries: [
            {
              text: new Select('summary')
                .show(...statementFields)
                .where('test_id', '$run')
                .where('statement', '$statement')
                .where('kind', '$kind').text,
            },
          ],
          columns: statementColumns,
        }),
      )
      .withRow(new RowBuilder('Throughput and errors'))
      .withPanel(
        timeSeries({
          title: 'Throughput: offered and achieved, items a second',
          description:
            'Points, rows or queries a second. Achieved: acknowledged, over the time of the intervals. Offered: what the open model asked; a closed model has none.',
          unit: 'short',
          width: 12,
          queries: [
            {
              text: intervals().perSecond('items_acknowledged', 'achieved').overTime('statement').text,
              alias: '$tag_statement achieved',
            },
            {
              text: intervals().of('mean', 'offered_items_per_second', 'offered').overTime('statement').text,
              alias: '$tag_statement offered',
            },
          ],
        }),
      )
      .withPanel(
        timeSeries({
          title: 'Requests in flight: most at the end of an interval',
          description: 'Requests sent and not answered yet.',
          unit: 'short',
          width: 12,
          queries: [
            {
              text: intervals().of('max', 'in_flight', 'in flight').overTime('statement').text,
              alias: '$tag_statement',
            },
          ],
        }),
      )
      .withPanel(
        timeSeries({
          title: 'Requests that failed or stayed unknown, by error class',
          description:
            'Number in the time of a point; "errors" is all of them. A timeout is unknown: it may have taken effect.',
          unit: 'short',
          width: 12,
          queries: [{ text: intervals().sumsOf('errors').overTime().text, alias: '$col' }],
        }).withTransformation({
          id: 'renameByRegex',
          options: { regex: '^.*sum_(?:errors_)?(.*)$', renamePattern: '$1' },
        }),
      )
      .withPanel(
        timeSeries({
          title: 'Retries and late answers',
          description:
            'Number in the time of a point: further attempts, and answers that came after their timeout.',
          unit: 'short',
          width: 12,
          queries: [
            {
              text: intervals().of('sum', 'retries', 'retries').overTime('statement').text,
              alias: '$tag_statement retries',
            },
            {
              text: intervals().of('sum', 'late_answers', 'late answers').overTime('statement').text,
              alias: '$tag_statement late answers',
            },
          ],
        }),
      )
      .withRow(new RowBuilder('Times'))
      .withPanel(
        timeSeries({
          title: 'Service and response time: max of interval ${percentile:text}',
          description:
            'The largest that any interval within a point says; no percentile of the run. Service time: sent to answered. Response time: from when the request was due, in the open model only.',
          unit: 'ns',
          width: 24,
          height: 10,
          queries: [
            {
              text: intervals().of('max', 'service_${percentile}_ns', 'service').overTime('statement').text,
              alias: '$tag_statement service',
            },
            {
              text: intervals().of('max', 'response_${percentile}_ns', 'response').overTime('statement').text,
              alias: '$tag_statement response',
            },
          ],
        }),
      )
      .withPanel(
        timeSeries({
          title: 'Service time: max of interval p50, p99, p99.9 and longest',
          description: 'Of all statements that are chosen the largest; no percentile of the run.',
          unit: 'ns',
          width: 12,
          queries: [
            {
              text: intervals()
                .of('max', 'service_p50_ns', 'p50')
                .of('max', 'service_p99_ns', 'p99')
                .of('max', 'service_p99_9_ns', 'p99.9')
                .of('max', 'service_max_ns', 'longest')
                .overTime().text,
              alias: '$col',
            },
          ],
        }),
      )
      .withPanel(
        timeSeries({
          title: 'Client health: max of interval p99 of lateness and slot wait, longest pause',
          description:
            'Lateness: a slot was free and the client was late. Slot wait: no slot was free. Both in the open model only. Pause: the longest time in which the event loop of any of the client’s threads stood still. What is late here is not the target’s.',
          unit: 'ns',
          width: 12,
          queries: [
            {
              text: intervals().of('max', 'lateness_p99_ns', 'lateness').overTime('statement').text,
              alias: '$tag_statement lateness',
            },
            {
              text: intervals().of('max', 'slot_wait_p99_ns', 'slot wait').overTime('statement').text,
              alias: '$tag_statement slot wait',
            },
            {
              text: intervals().of('max', 'client_pause_ns', 'pause').overTime().text,
              alias: 'pause of the client',
            },
          ],
        }),
      )
      .withRow(new RowBuilder('More'))
      .withPanel(
        timeSeries({
          title: 'Bytes a second',
          description: 'Sent and received, over the time of the intervals.',
          unit: 'Bps',
          width: 12,
          queries: [
            {
              text: intervals().perSecond('request_bytes', 'sent').overTime('statement').text,
              alias: '$tag_statement sent',
            },
            {
              text: intervals().perSecond('response_bytes', 'received').overTime('statement').text,
              alias: '$tag_statement received',
            },
          ],
        }),
      )
      .withPanel(
        table({
          title: 'Runs that began in this time',
          description: 'A click on a run shows it, in its own time.',
          width: 12,
          queries: [
            {
              text: new Select('run')
                .show('test_id', ...runFields)
                .shown()
                .newestFirst(100).text,
            },
          ],
          columns: runColumns,
        }),
      ),
  );
}
