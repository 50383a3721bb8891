import { timeNames, type TimeName } from '../../stress-client/results.ts';
import { errorClasses, type ErrorClass } from '../../stress-client/target/target.ts';
import type { FigureName, TimeFigures } from '../../stress-client/time-figures.ts';
import { countNames } from '../count-names.ts';
import type { CounterName } from '../tally-counters.ts';

export type MeasurementName = 'run' | 'summary' | 'interval' | 'event' | 'write' | 'query';
export type FieldType = 'integer' | 'float' | 'string' | 'boolean';

/** A measurement of the reporting database: what a row of it is, and all that may be in it but the TAGs of a script. */
export interface Measurement {
  readonly doc: string;
  /** What the row's time is. */
  readonly time: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, { readonly type: FieldType; readonly doc: string }>>;
}

type Field = Measurement['fields'][string];
type Fields = Measurement['fields'];

/** The fields of these names, which stay known to the compiler: a query that names another does not compile. */
function named<Name extends string>(entries: readonly (readonly [Name, Field])[]): Record<Name, Field> {
  return Object.fromEntries(entries) as Record<Name, Field>;
}

const runTags = {
  test_id: 'identity of the run',
  test_name: 'TestName, where it is set',
  target: 'influx, cql or sink',
};

const statementTags = {
  ...runTags,
  statement: 'name of the INSERT or QUERY',
  statement_id: 'identity of the statement in its run',
  kind: 'insert or query',
  position: 'place in the script, from 1, counting every statement',
};

/** v2's; what is unbounded is `unlimited`. */
const requestTags = {
  ...statementTags,
  batch_size: 'points or rows a request',
  number_targets: 'addresses of the target',
  precision: 'Precision',
  query_interval: 'QueryInterval',
  readers: 'QueryConcurrency',
  write_interval: 'WriteInterval',
  writers: 'WriteConcurrency',
};

const requestFields = {
  num_bytes: { type: 'integer', doc: 'bytes that a write sent, or that a query’s answer had' },
  response_time_ns: {
    type: 'integer',
    doc: 'response time of the request; in a closed model service time, as v2 measured it',
  },
  status_code: { type: 'integer', doc: 'HTTP status or CQL error code; 0 without an answer' },
  outcome: { type: 'string', doc: 'acknowledged, failed or unknown' },
} as const satisfies Fields;

/** The name of a time in fields. */
export const timeFieldNames = {
  service: 'service',
  response: 'response',
  lateness: 'lateness',
  slotWait: 'slot_wait',
  failed: 'failed',
} as const satisfies Record<TimeName, string>;

const timeDocs: Readonly<Record<TimeName, string>> = {
  service: 'service time',
  response: 'response time (open model)',
  lateness: 'lateness of the client (open model)',
  slotWait: 'wait for a slot (open model)',
  failed: 'time of failed requests',
};

/** The name of a percentile in fields: `p99_9` of p99.9. */
export const percentileFieldNames = {
  p50: 'p50',
  p75: 'p75',
  p90: 'p90',
  p95: 'p95',
  p99: 'p99',
  'p99.9': 'p99_9',
  'p99.99': 'p99_99',
} as const satisfies Record<keyof TimeFigures['percentilesNs'] & FigureName, string>;

/** Counters of a tally by their field. */
export const counterFields = {
  retries: { name: 'retries', doc: 'further attempts' },
  lateAnswers: { name: 'late_answers', doc: 'answers that came after their timeout' },
  reprepared: { name: 'reprepared', doc: 'executions whose statement had to be prepared anew' },
  requestBytes: { name: 'request_bytes', doc: 'bytes sent' },
  responseBytes: { name: 'response_bytes', doc: 'bytes received' },
  rows: { name: 'rows', doc: 'rows that queries returned' },
  notApplied: { name: 'not_applied', doc: 'acknowledged requests whose IF did not hold' },
  clamped: { name: 'clamped', doc: 'samples above an hour, counted as an hour' },
} as const satisfies Readonly<Record<CounterName, { readonly name: string; readonly doc: string }>>;

type Underlined<Text extends string> = Text extends `${infer Head}-${infer Tail}`
  ? `${Head}_${Underlined<Tail>}`
  : Text;

export function errorField<Class extends ErrorClass>(errorClass: Class): `errors_${Underlined<Class>}` {
  return `errors_${errorClass.replaceAll('-', '_')}` as `errors_${Underlined<Class>}`;
}

/** What `longTextFields` writes: further parts (`x_1`, …) are written where a text is longer than a string may be. */
function longTextFieldsOf<Name extends string>(name: Name, doc: string) {
  return named<Name | `${Name}_parts`>([
    [name, { type: 'string', doc: `${doc}; goes on in \`${name}_1\`, …` }],
    [`${name}_parts`, { type: 'integer', doc: `fields that \`${name}\` takes` }],
  ]);
}

const timeFigures = [
  ['min', 'shortest'],
  ['mean', 'mean'],
  ['stdev', 'standard deviation'],
  ...Object.entries(percentileFieldNames).map(
    ([figure, field]) =>
      [field as (typeof percentileFieldNames)[keyof typeof percentileFieldNames], figure] as const,
  ),
  ['max', 'longest'],
] as const;

type TimeField = (typeof timeFieldNames)[TimeName];
type TimeFigureField =
  `${TimeField}_${'count' | 'censored'}` | `${TimeField}_${(typeof timeFigures)[number][0]}_ns`;

const timeFields = named(
  timeNames.flatMap((time): readonly (readonly [TimeFigureField, Field])[] => {
    const name = timeFieldNames[time];
    const doc = timeDocs[time];
    return [
      [`${name}_count`, { type: 'integer', doc: `${doc}: samples` }],
      [`${name}_censored`, { type: 'integer', doc: `${doc}: samples known to be at least their value` }],
      ...timeFigures.map(
        ([figure, what]) => [`${name}_${figure}_ns`, { type: 'integer', doc: `${doc}: ${what}` }] as const,
      ),
    ];
  }),
);

/** What a statement, or its share of an interval, came to, in numbers. */
const tallyFigures = {
  ...named(
    (['operations', 'items'] as const).flatMap((what) =>
      countNames.map(
        (count) =>
          [
            `${what}_${count}`,
            {
              type: 'integer',
              doc: `${what === 'items' ? 'points, rows or queries' : 'requests'} ${count}`,
            },
          ] as const,
      ),
    ),
  ),
  operations_per_second: { type: 'float', doc: 'requests acknowledged a second' },
  items_per_second: { type: 'float', doc: 'throughput: points, rows or queries acknowledged a second' },
  ...named(Object.values(counterFields).map(({ name, doc }) => [name, { type: 'integer', doc }] as const)),
  errors: { type: 'integer', doc: 'requests that failed or stayed unknown' },
  ...named(
    (Object.keys(errorClasses) as ErrorClass[]).map(
      (errorClass) =>
        [
          errorField(errorClass),
          { type: 'integer', doc: `requests that ended with the error class ${errorClass}` },
        ] as const,
    ),
  ),
  ...timeFields,
} as const satisfies Fields;

/** What only a program reads: the rows on the common clock have none of it. */
const tallyTexts = {
  ...longTextFieldsOf('error_examples', 'JSON: class, count, status and first message of every error class'),
  ...named(
    timeNames.flatMap((time) => {
      const name = `${timeFieldNames[time]}_histogram` as const;
      const doc = `${timeDocs[time]}: HdrHistogram V2, compressed, base64`;
      return Object.entries(longTextFieldsOf(name, doc)) as [`${typeof name}${'' | '_parts'}`, Field][];
    }),
  ),
};

const tallyFields = { ...tallyFigures, ...tallyTexts };

const statementFields = {
  model: { type: 'string', doc: 'open or closed' },
  item: { type: 'string', doc: 'what an item is: point, row, partition or query' },
  background: { type: 'boolean', doc: 'started by GO' },
  mix: { type: 'string', doc: 'name of the MIX that it is a member of' },
} as const satisfies Fields;

const schema = {
  run: {
    doc: 'A row a run, written at its start and again at its end.',
    time: 'start of the run',
    tags: runTags,
    fields: {
      run_label: { type: 'string', doc: 'what lists of runs show: start, TestName and identity' },
      state: { type: 'string', doc: 'running or ended; a killed run stays running' },
      states: { type: 'string', doc: 'VALID alone, or every other state that applies, with commas' },
      exit_code: { type: 'integer', doc: 'what the process ended with' },
      started_ms: { type: 'integer', doc: 'start, milliseconds since 1970' },
      ended_ms: { type: 'integer', doc: 'end, milliseconds since 1970' },
      duration_ns: { type: 'integer', doc: 'how long it took' },
      script_sha256: { type: 'string', doc: 'hash of the script' },
      seed: { type: 'integer', doc: 'seed of every generated value' },
      version: { type: 'string', doc: 'of stressql' },
      servers: { type: 'string', doc: 'products and addresses of the target' },
      rehearsal: { type: 'boolean', doc: 'the practice server answered' },
      ...longTextFieldsOf('record', 'JSON: run.json of the run folder, with the arguments'),
      ...longTextFieldsOf('settings', 'JSON: settings by name as SET takes them, secrets redacted'),
      ...longTextFieldsOf('report', 'JSON: summary.json of the run folder but for what `summary` rows say'),
    },
  },
  summary: {
    doc: 'A row an INSERT or QUERY, written when it has ended; figures are of its whole histograms.',
    time: 'start of the run',
    tags: statementTags,
    fields: {
      ...statementFields,
      state: { type: 'string', doc: 'ended, aborted or interrupted' },
      marks: { type: 'string', doc: 'states other than VALID that apply, with commas' },
      checks: { type: 'integer', doc: 'EXPECTs' },
      checks_failed: { type: 'integer', doc: 'EXPECTs that failed' },
      started_ns: { type: 'integer', doc: 'where what is measured begins, since the run’s start' },
      ended_ns: { type: 'integer', doc: 'outcome of the last request, since the run’s start' },
      ...tallyFields,
      ...longTextFieldsOf('detail', 'JSON: what summary.json says of the statement and no other field'),
    },
  },
  interval: {
    doc:
      'A row a statement and interval; and once more, without its texts, on the common clock: in the retention policy ' +
      '`common_clock`, as if the run had started at 2000-01-01T00:00:00Z.',
    time: 'end of the interval',
    tags: statementTags,
    fields: {
      ...statementFields,
      interval: { type: 'integer', doc: 'number of the interval, from 0' },
      started_ms: { type: 'integer', doc: 'start of the run’s clock, milliseconds since 1970' },
      wall_ms: {
        type: 'integer',
        doc: 'end of the interval by the machine’s clock, milliseconds since 1970',
      },
      start_ns: { type: 'integer', doc: 'start of the interval, since the run’s start' },
      end_ns: { type: 'integer', doc: 'end of the interval, since the run’s start' },
      in_flight: { type: 'integer', doc: 'requests in flight at its end' },
      client_pause_ns: {
        type: 'integer',
        doc: 'longest time in which the client’s event loop stood still; of all its threads and statements',
      },
      offered_items_per_second: { type: 'float', doc: 'offered rate (open model)' },
      items_done: { type: 'integer', doc: 'items done since the statement’s start' },
      items_declared: { type: 'integer', doc: 'items that the statement has, where it has a number' },
      elapsed_ns: { type: 'integer', doc: 'since the statement’s start' },
      declared_duration_ns: { type: 'integer', doc: 'how long the statement runs, where it says so' },
      ...tallyFields,
    },
  },
  event: {
    doc:
      'A row for everything that happened in a run and a chart may mark; one that takes time is written when it begins ' +
      'and, in the same place, when it has ended.',
    time: 'when it began',
    tags: {
      ...runTags,
      kind: 'what it is: run, statement, stage, exec, node-lost, node-back, pause, rate or end',
      statement: 'name of the INSERT or QUERY that it is about, where it is about one',
      statement_id: 'identity of the statement that it is about, where it is about one',
    },
    fields: {
      event_text: { type: 'string', doc: 'what happened, in a line' },
      event_tags: { type: 'string', doc: 'kind and statement, with a comma' },
      start_ns: { type: 'integer', doc: 'when it began, since the run’s start' },
      end_ns: { type: 'integer', doc: 'when it ended, since the run’s start; none while it lasts' },
      time_end: {
        type: 'integer',
        doc: 'when it ended, milliseconds since 1970; while it lasts, when it began',
      },
    },
  },
  write: {
    doc: 'A row a request of an INSERT, in request detail; v2’s names.',
    time: 'end of the request, or a nanosecond after the row before it',
    tags: {
      ...requestTags,
      number_fields: 'fields of a point, value columns of a row',
      number_points_write: 'points or rows of the whole statement',
      number_series: 'different series that the statement writes',
    },
    fields: requestFields,
  },
  query: {
    doc: 'A row a request of a QUERY, in request detail; v2’s names.',
    time: 'end of the request, or a nanosecond after the row before it',
    tags: requestTags,
    fields: requestFields,
  },
} as const satisfies Record<MeasurementName, Measurement>;

type Schema = typeof schema;
export type TagOf<Name extends MeasurementName> = keyof Schema[Name]['tags'] & string;
export type FieldOf<Name extends MeasurementName> = keyof Schema[Name]['fields'] & string;

/** The one table of what the reporting InfluxDB holds: rows, documents and dashboards are held against it. */
export const reportingSchema: Readonly<Record<MeasurementName, Measurement>> = schema;

/** The fields of `interval` that its rows on the common clock have not. */
export const wallClockOnly: ReadonlySet<string> = new Set(Object.keys(tallyTexts));

/** A name of the schema, or a further part of a long text. */
export function isOurs(name: string): boolean {
  return names.has(name) || names.has(name.replace(/_\d+$/, '_parts'));
}

/** Every name of the schema: a TAG of a script that is called the same is written as `tag_…`. */
const names: ReadonlySet<string> = new Set([
  'time',
  ...Object.values(reportingSchema).flatMap(({ tags, fields }) => [
    ...Object.keys(tags),
    ...Object.keys(fields),
  ]),
]);

/** The key of a TAG of a script in the database. */
export function scriptTagKey(key: string): string {
  return isOurs(key) || key.startsWith('tag_') ? `tag_${key}` : key;
}

/** The key of a TAG in the script; undefined where the column is one of ours. */
export function scriptTagOf(column: string): string | undefined {
  if (isOurs(column)) return undefined;
  return column.startsWith('tag_') ? column.slice('tag_'.length) : column;
}
