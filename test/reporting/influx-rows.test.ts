import { array, assert, constantFrom, dictionary, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventRow } from '../../src/reporting/influx/event-rows.ts';
import { commonClockRow, intervalLineOf, intervalRow } from '../../src/reporting/influx/interval-rows.ts';
import {
  longText,
  longTextFields,
  printRow,
  printTags,
  wallNs,
} from '../../src/reporting/influx/line-protocol.ts';
import { requestRows } from '../../src/reporting/influx/request-rows.ts';
import { loadStatementOf, runRow, summaryOf, summaryRows } from '../../src/reporting/influx/run-rows.ts';
import {
  reportingSchema,
  scriptTagKey,
  scriptTagOf,
  wallClockOnly,
} from '../../src/reporting/influx/schema.ts';
import { intervalLineLater } from '../../src/reporting/interval-line.ts';
import { requestLinesLater } from '../../src/reporting/request-line.ts';
import type { RunRecord } from '../../src/reporting/run-record.ts';
import { summarise, summariseEnded } from '../../src/reporting/summary.ts';
import { reservedTagKeys } from '../../src/statement/read-load-options.ts';
import type { Interval, RunEvent } from '../../src/stress-client/results.ts';
import { errorClasses, type ErrorClass } from '../../src/stress-client/target/target.ts';
import { settingsWith } from '../support/loads.ts';
import { intervals } from './interval-run.ts';
import { parseRow } from './parse-row.ts';
import {
  counts,
  everyStatement,
  samplesOf,
  identity,
  loadReport,
  machine,
  result,
  run,
  tally,
} from './sample-run.ts';

const record: RunRecord = {
  schemaVersion: 1,
  ...run({ testName: 'cpu, fleet=1' }),
  state: 'ended',
  endedMs: run().startedMs + 72_400,
  startAt: '2026-11-22T10:00:00.000Z',
  pid: 4711,
  machine,
  scriptFiles: ['profile.sql'],
  arguments: ['run', 'profile.sql'],
  parameters: {},
  environment: [],
  dataFiles: {},
};

/** Everything that a statement's interval can tell. */
const fullTally = tally({
  operations: counts({ asked: 9, sent: 8, acknowledged: 3, failed: 3, unknown: 2, unsent: 1 }),
  items: counts({ asked: 90, sent: 80, acknowledged: 30, failed: 30, unknown: 20, unsent: 10 }),
  retries: 4,
  lateAnswers: 1,
  reprepared: 2,
  requestBytes: 12_345,
  responseBytes: 678,
  rows: 5,
  notApplied: 2,
  clamped: 1,
  censored: { service: 2, response: 3 },
  errors: (Object.keys(errorClasses) as ErrorClass[]).map((errorClass, index) => ({
    errorClass,
    count: index + 1,
    example: 'he said "no" \\ and\tleft, at=once',
    status: 400 + index,
  })),
  times: {
    service: samplesOf(1_000_000, 2_000_000, 3_000_000, 10e9, 10e9),
    response: samplesOf(1_500_000, [2_500_000, 4], 11e9, 12e9),
    lateness: samplesOf(0, 1000),
    slotWait: samplesOf(0, 0, 5_000_000),
    failed: samplesOf(700_000),
  },
});

const fullInterval: Interval = {
  index: 7,
  startedMs: 1_795_000_000_250,
  startNs: 7e9,
  endNs: 8e9 + 123,
  wallMs: 1_795_000_008_250,
  clientPauseNs: 1_200_000,
  statements: [
    {
      identity: identity({
        name: 'cpu load',
        position: 3,
        background: true,
        mix: 'mixed',
        tags: { phase: 'a b', rows: 'x' },
      }),
      model: 'open',
      itemName: 'point',
      tally: fullTally,
      offered: 1234.5,
      inFlight: 2,
      progress: { itemsDone: 640, items: 1000, elapsedNs: 8e9, durationNs: 10e9 },
      requests: {
        settings: settingsWith({ Addresses: ['a', 'b'], WriteInterval: 50e6 }),
        batchSize: 10,
        seriesCardinality: Infinity,
        fieldCount: 2,
        items: 1000,
        columns: [
          {
            doneNs: Float64Array.of(7_000_000_001, 7_000_000_002),
            timeNs: Float64Array.of(1_500_000, 2_500_000),
            bytes: Float64Array.of(400, 401),
            status: Uint16Array.of(204, 503),
            outcome: Uint8Array.of(0, 1),
            dropped: 0,
          },
        ],
      },
    },
  ],
};

const full = fullInterval.statements[0]!;
const query = { ...full, identity: identity({ kind: 'query', name: 'ask', statementId: 'bbbbbbbb' }) };
const fullLine = intervalLineLater(fullInterval, full)();
const requestLines = [full, query].flatMap((each) =>
  [...requestLinesLater(fullInterval, each)].map((later) => later()),
);
const last = result({ total: fullTally, identity: { ...full.identity, position: 99 } });
const fullSummary = summarise(run({ statements: [...everyStatement, loadReport(last)] }), machine);
/** Of a statement and of the run; one that lasts and ones that have ended. */
const events: readonly RunEvent[] = [
  { kind: 'run', startNs: 0, endNs: undefined, text: 'run k3f9x2ab' },
  { kind: 'node-lost', startNs: 1e9, endNs: 1e9, text: '10.0.0.2 lost' },
  { kind: 'stage', statementId: 'aaaaaaaa', name: 'a, b', startNs: 7e9, endNs: 8e9 + 5e5, text: '"9/s"' },
];
const everyRow = [
  intervalRow(record, fullLine),
  ...events.map((event) => eventRow(record, event)),
  runRow(record, { Seed: '42' }, fullSummary),
  ...summaryRows(record, fullSummary.statements),
  ...requestLines.flatMap((line) => requestRows(record, line)),
].map(parseRow);

describe('the schema', () => {
  test('holds every tag and field that is written, with its type', () => {
    for (const { measurement, tags, fields } of everyRow) {
      const known = reportingSchema[measurement as keyof typeof reportingSchema];
      const own = Object.keys(tags).filter((key) => scriptTagOf(key) === undefined);
      expect(Object.keys(known.tags)).toEqual(expect.arrayContaining(own));
      for (const [name, value] of Object.entries(fields)) {
        const type = Number.isInteger(value)
          ? /integer|float/
          : new RegExp(typeof value === 'number' ? 'float' : typeof value);
        expect({ name, type: known.fields[name]?.type }).toEqual({ name, type: expect.stringMatching(type) });
      }
    }
  });

  test.each(Object.entries(reportingSchema))(
    '%s has nothing that is never written',
    (name, { tags, fields }) => {
      const rows = everyRow.filter(({ measurement }) => measurement === name);
      const written = new Set(rows.flatMap((row) => [...Object.keys(row.tags), ...Object.keys(row.fields)]));
      expect([...Object.keys(tags), ...Object.keys(fields)].filter((each) => !written.has(each))).toEqual([]);
    },
  );

  test('a script can’t set the tags', () => {
    const keys = Object.values(reportingSchema).flatMap(({ tags }) => Object.keys(tags));
    expect(keys.filter((key) => !reservedTagKeys.has(key))).toEqual([]);
  });

  test.each(['phase', 'rows', 'tag_rows', 'service_p99_ns', 'report_1', 'rack_1', 'tag_'])(
    'a TAG %s of the script is told from ours, and found again',
    (key) => {
      const column = scriptTagKey(key);
      expect(column in reportingSchema.interval.fields).toBe(false);
      expect(scriptTagOf(column)).toBe(key);
    },
  );
});

describe('what is written can be read again', () => {
  test('every interval', () => {
    const lines = intervals.flatMap((interval) =>
      interval.statements.map((statement) => intervalLineLater(interval, statement)()),
    );
    for (const line of [fullLine, ...lines]) {
      const { tags, fields } = parseRow(intervalRow(record, line));
      expect(intervalLineOf({ ...tags, ...fields })).toEqual(line);
    }
  });

  test('a summary, from the rows of the run and its statements', () => {
    const loads = summaryRows(record, fullSummary.statements).map((row) =>
      loadStatementOf(parseRow(row).fields),
    );
    const report = longText('report', parseRow(runRow(record, {}, fullSummary)).fields)!;
    expect(summaryOf(report, loads)).toEqual(fullSummary);
  });

  test('a text of any length, in parts that InfluxDB takes', () => {
    assert(
      property(
        string({
          unit: constantFrom('a', '"', '\\', '\n', '€', '😀', ',', ' '),
          maxLength: 70_000,
          size: 'max',
        }),
        (text) => {
          const fields = longTextFields('text', text);
          for (const field of fields) expect(Buffer.byteLength(field)).toBeLessThan(65_536);
          expect(longText('text', parseRow(printRow('m', '', fields, '1')).fields)).toBe(text);
        },
      ),
      { seed: 7, numRuns: 30 },
    );
  });

  test('tags of any text', () => {
    const value = string({ unit: constantFrom('a', '\\', ',', '=', ' ', '"', 'é'), maxLength: 6 });
    assert(
      property(dictionary(constantFrom('a', 'b,c', 'd e', 'f=g'), value), (tags) => {
        const row = printRow('m', printTags(tags), ['f=1i'], '1');
        const expected = Object.entries(tags).flatMap(([key, text]) => {
          const shown = text.replace(/\\+$/, '');
          return shown === '' ? [] : [[key, shown]];
        });
        expect(parseRow(row).tags).toEqual(Object.fromEntries(expected));
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

test.each([
  [1_795_000_000_250, 0, '1795000000250000000'],
  [1_795_000_000_250, 1, '1795000000250000001'],
  [1_795_000_000_250, 999_999, '1795000000250999999'],
  [1_795_000_000_250, 8_000_000_123, '1795000008250000123'],
])('%d ms and %d ns are %s', (startedMs, ns, expected) => {
  expect(wallNs(startedMs, ns)).toBe(expected);
});

test('requests have v2’s tags and fields, and a time of their own', () => {
  expect(parseRow(requestRows(record, requestLines[0]!)[1]!)).toEqual({
    measurement: 'write',
    tags: {
      batch_size: '10',
      kind: 'insert',
      number_fields: '2',
      number_points_write: '1000',
      number_series: 'unlimited',
      number_targets: '2',
      phase: 'a b',
      position: '3',
      precision: 's',
      query_interval: '0s',
      readers: '5',
      statement: 'cpu load',
      statement_id: 'aaaaaaaa',
      tag_rows: 'x',
      target: 'influx',
      test_id: 'k3f9x2ab',
      test_name: 'cpu, fleet=1',
      write_interval: '50ms',
      writers: '15',
    },
    fields: { num_bytes: 401, response_time_ns: 2_500_000, status_code: 503, outcome: 'failed' },
    timeNs: '1795000007250000002',
  });
});

test('an hour of 20 statements is fewer than 200 series, whatever happens in it', () => {
  const series = new Set<string>();
  const add = (row: string): void => {
    const { measurement, tags } = parseRow(row);
    series.add(JSON.stringify([measurement, tags]));
  };
  for (let position = 1; position <= 20; position++) {
    const kind = position % 2 === 0 ? 'query' : 'insert';
    const named = identity({
      position,
      kind,
      name: `s${position}`,
      statementId: `id${position}`,
      tags: { phase: 'x' },
    });
    for (let index = 0; index < 3600; index += 60) {
      const interval = { ...fullInterval, index, startNs: index * 1e9, endNs: (index + 1) * 1e9 };
      const statement = { ...full, identity: named, tally: index % 120 === 0 ? fullTally : tally() };
      const line = intervalLineLater(interval, statement)();
      add(intervalRow(record, line));
      // A retention policy has series of its own.
      add(commonClockRow(record, line).replace('interval', 'common_clock.interval'));
      for (const later of requestLinesLater(interval, statement)) requestRows(record, later()).forEach(add);
    }
    summaryRows(record, [summariseEnded(result({ identity: named, total: fullTally }))]).forEach(add);
    const { statementId, name } = named;
    const around = { statementId, name, text: name, endNs: 3600e9 } as const;
    add(eventRow(record, { ...around, kind: 'statement', startNs: 0 }));
    for (let minute = 0; minute < 60; minute++) {
      for (const kind of ['stage', 'rate'] as const) {
        add(eventRow(record, { ...around, kind, startNs: minute * 60e9 }));
      }
    }
  }
  for (let second = 0; second < 3600; second++) {
    for (const kind of ['run', 'exec', 'pause', 'node-lost', 'node-back'] as const) {
      add(eventRow(record, { kind, startNs: second * 1e9, endNs: second * 1e9, text: `at ${second}` }));
    }
  }
  add(runRow(record, {}));
  add(runRow(record, {}, fullSummary));
  expect(series.size).toBe(146);
});

test('an interval’s figures in fields are those of its histograms', () => {
  const { fields } = parseRow(intervalRow(record, fullLine));
  expect(fields).toMatchObject({
    items_acknowledged: 30,
    errors: 5,
    errors_connection_lost: 2,
    service_count: 5,
    service_censored: 2,
    service_p50_ns: fullLine.times.service!.percentilesNs.p50,
    response_p99_9_ns: fullLine.times.response!.percentilesNs['p99.9'],
    slot_wait_max_ns: fullLine.times.slotWait!.maxNs,
    failed_mean_ns: fullLine.times.failed!.meanNs,
    offered_items_per_second: 1234.5,
    items_per_second: 30 / ((1e9 + 123) / 1e9),
  });
});

test('on the common clock an interval is the same without its texts, as if every run had begun at once', () => {
  const wall = parseRow(intervalRow(record, fullLine));
  const common = parseRow(commonClockRow(record, fullLine));
  const shown = Object.entries(wall.fields).filter(([name]) => !wallClockOnly.has(name));
  expect(common).toEqual({
    ...wall,
    fields: Object.fromEntries(shown),
    timeNs: `${Date.UTC(2000, 0, 1) + 8000}000123`,
  });
  expect(Object.keys(wall.fields).length - shown.length).toBe(12);
});

test('an event has its end, in whole milliseconds, once it has ended', () => {
  const [run, , stage] = events.map((event) => parseRow(eventRow(record, event)));
  expect(run).toEqual({
    measurement: 'event',
    tags: { kind: 'run', target: 'influx', test_id: 'k3f9x2ab', test_name: 'cpu, fleet=1' },
    fields: { event_text: 'run k3f9x2ab', event_tags: 'run', start_ns: 0, time_end: record.startedMs },
    timeNs: `${record.startedMs}000000`,
  });
  expect(stage).toMatchObject({
    tags: { kind: 'stage', statement: 'a, b', statement_id: 'aaaaaaaa' },
    fields: {
      event_text: '"9/s"',
      event_tags: 'stage,a  b',
      end_ns: 8e9 + 5e5,
      time_end: record.startedMs + 8000,
    },
    timeNs: `${record.startedMs + 7000}000000`,
  });
});

test('rows of any order of TAGs are the same', () => {
  assert(
    property(array(constantFrom('c', 'a', 'b'), { maxLength: 3 }), (keys) => {
      const tags = Object.fromEntries(keys.map((key) => [key, 'x']));
      expect(printTags(tags)).toBe(printTags(Object.fromEntries(Object.entries(tags).toReversed())));
    }),
    { seed: 7 },
  );
});
