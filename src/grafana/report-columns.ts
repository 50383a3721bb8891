import type { FieldOf, TagOf } from '../reporting/influx/schema.ts';
import type { Column, Step } from './panels.ts';
import { dashboardUids } from './uids.ts';

const someErrors: readonly Step[] = [[1, 'red']];

/** What a table says of a run. */
export const runFields = [
  'run_label',
  'state',
  'states',
  'exit_code',
  'started_ms',
  'ended_ms',
  'duration_ns',
  'servers',
  'seed',
  'version',
] as const satisfies readonly (FieldOf<'run'> | TagOf<'run'>)[];

const shown = `/d/${dashboardUids.run}?var-run=\${__data.fields.test_id}&from=\${__data.fields.started_ms.numeric}`;

export const runColumns: readonly Column[] = [
  {
    name: 'run_label',
    title: 'Run',
    width: 340,
    links: {
      'Show this run in its own time': `${shown}&to=\${__data.fields.ended_ms.numeric}`,
      'Show this run from its start until now': `${shown}&to=now`,
    },
  },
  { name: 'test_id', hidden: true },
  { name: 'state', title: 'State', width: 90, words: { '^running$': 'blue' } },
  {
    name: 'states',
    title: 'Validity',
    width: 160,
    words: { '^VALID$': 'green', '^REHEARSAL$': 'blue', 'INVALID|INCOMPLETE': 'red' },
  },
  { name: 'exit_code', title: 'Exit code', width: 90 },
  { name: 'started_ms', hidden: true },
  { name: 'ended_ms', hidden: true },
  { name: 'duration_ns', title: 'Took', unit: 'ns', width: 90 },
  { name: 'servers', title: 'Target' },
  { name: 'seed', title: 'Seed', unit: 'none', width: 90 },
  { name: 'version', title: 'stressql', width: 90 },
];

/** What a table says of a statement: figures of its whole histograms. */
export const statementFields = [
  'position',
  'statement',
  'kind',
  'model',
  'state',
  'marks',
  'items_per_second',
  'operations_per_second',
  'service_p50_ns',
  'service_p99_ns',
  'service_p99_9_ns',
  'service_max_ns',
  'response_p50_ns',
  'response_p99_ns',
  'response_p99_9_ns',
  'response_max_ns',
  'operations_unsent',
  'errors',
  'checks_failed',
] as const satisfies readonly (FieldOf<'summary'> | TagOf<'summary'>)[];

export const statementColumns: readonly Column[] = [
  { name: 'position', title: '#', width: 50 },
  { name: 'statement', title: 'Statement' },
  { name: 'kind', title: 'Kind', width: 70 },
  { name: 'model', title: 'Model', width: 70 },
  { name: 'state', title: 'State', width: 80 },
  { name: 'marks', title: 'Invalid', words: { INVALID: 'red', INCOMPLETE: 'red' } },
  { name: 'items_per_second', title: 'Items/s', unit: 'short', decimals: 1 },
  { name: 'operations_per_second', title: 'Requests/s', unit: 'short', decimals: 1 },
  ...(['service', 'response'] as const).flatMap((time): readonly Column[] => [
    { name: `${time}_p50_ns`, title: `${time} p50 of the run`, unit: 'ns' },
    { name: `${time}_p99_ns`, title: `${time} p99 of the run`, unit: 'ns' },
    { name: `${time}_p99_9_ns`, title: `${time} p99.9 of the run`, unit: 'ns' },
    { name: `${time}_max_ns`, title: `${time} longest`, unit: 'ns' },
  ]),
  { name: 'operations_unsent', title: 'Unsent', unit: 'short', colors: someErrors },
  { name: 'errors', title: 'Errors', unit: 'short', colors: someErrors },
  { name: 'checks_failed', title: 'EXPECT failed', unit: 'short', colors: someErrors },
];
