import { percentileMetrics } from '../parser/ast.ts';
import { timeNames, type Counts, type RunEvent, type RunState } from '../stress-client/results.ts';
import type { ServerInfo } from '../stress-client/target/target.ts';
import type { EventLine } from './event-line.ts';
import type { IntervalLine } from './interval-line.ts';
import type { MachineFacts } from './machine.ts';
import type { RequestLine } from './request-line.ts';
import type { RunRecord } from './run-record.ts';
import {
  amount,
  flag,
  instantMs,
  keyOf,
  listOf,
  mapOf,
  nullOr,
  objectOf,
  oneOf,
  optional,
  text,
  type Shape,
} from './stored-shape.ts';
import type {
  LoadStatement,
  LoadSummary,
  StatementSummary,
  Summary,
  TallySummary,
  TimeSummary,
} from './summary.ts';

/* What the files of a run folder have to be like, so that nothing that reads them needs to ask. */

/** settings.json. */
export interface StoredSettings {
  readonly schemaVersion: 1;
  /** As SET would take them, secrets redacted. */
  readonly settings: Readonly<Record<string, string>>;
}

const schemaVersion = oneOf(1);
const loadKind = keyOf<LoadStatement['kind']>({ insert: true, query: true });
const loadModel = keyOf<LoadSummary['model']>({ open: true, closed: true });
const itemName = keyOf<LoadSummary['itemName']>({ point: true, row: true, partition: true, query: true });
const stateOf = keyOf<RunState>({
  VALID: true,
  INVALID_CLIENT: true,
  INVALID_RATE: true,
  INCOMPLETE: true,
  REHEARSAL: true,
});

export const settingsShape = objectOf<StoredSettings>({ schemaVersion, settings: mapOf(text) });

const server = objectOf<ServerInfo>({
  address: text,
  product: text,
  version: text,
  node: optional(objectOf({ cluster: text, datacenter: text, rack: text, host: text })),
});

const machine = objectOf<MachineFacts>({
  processor: text,
  cores: amount,
  memoryBytes: amount,
  system: text,
  node: text,
});

export const recordShape = objectOf<RunRecord>({
  schemaVersion,
  testId: text,
  testName: text,
  version: text,
  state: keyOf<RunRecord['state']>({ running: true, ended: true }),
  startedMs: instantMs,
  endedMs: optional(instantMs),
  startAt: text,
  pid: amount,
  machine,
  seed: amount,
  scriptFiles: listOf(text),
  scriptSha256: text,
  arguments: listOf(text),
  parameters: mapOf(text),
  environment: listOf(text),
  dataFiles: mapOf(text),
  target: text,
  rehearsal: flag,
  servers: listOf(server),
});

const counts = objectOf<Counts>({
  asked: amount,
  sent: amount,
  unsent: amount,
  acknowledged: amount,
  failed: amount,
  unknown: amount,
});

const time = objectOf<TimeSummary>({
  count: amount,
  censored: amount,
  minNs: amount,
  maxNs: amount,
  meanNs: amount,
  stdevNs: amount,
  percentilesNs: objectOf<TimeSummary['percentilesNs']>(
    Object.fromEntries(percentileMetrics.map((name) => [name, amount])) as Record<
      keyof TimeSummary['percentilesNs'],
      Shape<number>
    >,
  ),
  atLeast: listOf(oneOf(...percentileMetrics, 'mean', 'max')),
  histogram: text,
});

const tally = {
  operations: counts,
  items: counts,
  retries: amount,
  lateAnswers: amount,
  reprepared: amount,
  requestBytes: amount,
  responseBytes: amount,
  rows: amount,
  notApplied: optional(amount),
  clamped: amount,
  errors: listOf(
    objectOf<TallySummary['errors'][number]>({
      errorClass: text as Shape<TallySummary['errors'][number]['errorClass']>,
      count: amount,
      example: text,
      status: amount,
    }),
  ),
  times: objectOf<TallySummary['times']>(
    Object.fromEntries(timeNames.map((name) => [name, optional(time)])) as Record<
      (typeof timeNames)[number],
      { readonly optional: Shape<TimeSummary> }
    >,
  ),
} as const;

export const intervalShape = objectOf<IntervalLine>({
  ...tally,
  schemaVersion,
  interval: amount,
  startedMs: instantMs,
  startNs: amount,
  endNs: amount,
  wallMs: instantMs,
  statementId: text,
  name: text,
  mix: optional(text),
  kind: loadKind,
  position: amount,
  background: flag,
  tags: mapOf(text),
  model: loadModel,
  itemName,
  offered: optional(amount),
  inFlight: amount,
  clientPauseNs: optional(amount),
  progress: objectOf<IntervalLine['progress']>({
    itemsDone: amount,
    items: nullOr(amount),
    elapsedNs: amount,
    durationNs: optional(amount),
  }),
});

const stated = listOf(objectOf<LoadSummary['marks'][number]>({ state: stateOf, reason: text }));

const load = objectOf<LoadSummary>({
  ...tally,
  name: text,
  mix: optional(text),
  tags: mapOf(text),
  model: loadModel,
  itemName,
  batchSize: optional(amount),
  seriesCardinality: optional(nullOr(amount)),
  fieldCount: optional(amount),
  startedNs: amount,
  endedNs: amount,
  state: keyOf<LoadSummary['state']>({ running: true, ended: true, aborted: true, interrupted: true }),
  reason: optional(text),
  throughput: objectOf<LoadSummary['throughput']>({ itemsPerSecond: amount, operationsPerSecond: amount }),
  warmup: objectOf<LoadSummary['warmup']>({ operations: counts, items: counts }),
  written: optional(amount),
  warnings: optional(listOf(text)),
  stages: listOf(objectOf<LoadSummary['stages'][number]>({ text, offered: amount, achieved: amount })),
  checks: listOf(
    objectOf<LoadSummary['checks'][number]>({
      text,
      metric: text,
      service: flag,
      operator: text,
      got: optional(amount),
      gotText: text,
      passed: flag,
    }),
  ),
  marks: stated,
  settings: mapOf(text),
});

const head = { position: amount, statementId: text, text, place: text, ran: flag } as const;

const loadStatement = objectOf<LoadStatement>({
  ...head,
  kind: loadKind,
  background: flag,
  error: optional(text),
  load: optional(load),
});

/** A line of statements.ndjson. */
export const loadLineShape = objectOf<LoadStatement & { readonly schemaVersion: 1 }>({
  ...head,
  schemaVersion,
  kind: loadKind,
  background: flag,
  error: optional(text),
  load: optional(load),
});

type Other<Kind extends StatementSummary['kind']> = Extract<StatementSummary, { readonly kind: Kind }>;

const statements: Readonly<Record<StatementSummary['kind'], Shape<StatementSummary>>> = {
  insert: loadStatement,
  query: loadStatement,
  set: objectOf<Other<'set'>>({ ...head, kind: oneOf('set'), name: text, value: text }),
  wait: objectOf<Other<'wait'>>({ ...head, kind: oneOf('wait'), durationNs: amount }),
  'pass-through': objectOf<Other<'pass-through'>>({
    ...head,
    kind: oneOf('pass-through'),
    outcome: keyOf<Other<'pass-through'>['outcome']>({ ok: true, failed: true, skipped: true }),
    durationNs: amount,
    rows: optional(amount),
    error: optional(
      objectOf<NonNullable<Other<'pass-through'>['error']>>({
        errorClass: text as Shape<NonNullable<Other<'pass-through'>['error']>['errorClass']>,
        message: text,
        status: amount,
        address: optional(text),
        hint: optional(text),
      }),
    ),
    reason: optional(text),
  }),
  exec: objectOf<Other<'exec'>>({
    ...head,
    kind: oneOf('exec'),
    background: flag,
    outcome: keyOf<Other<'exec'>['outcome']>({ ok: true, failed: true, refused: true }),
    durationNs: amount,
    exitCode: optional(amount),
    lastLines: listOf(text),
    reason: optional(text),
  }),
};

const statementKind = objectOf<Pick<StatementSummary, 'kind'>>({
  kind: keyOf(statements),
});

const statement: Shape<StatementSummary> = (value) =>
  statementKind(value) ?? statements[(value as StatementSummary).kind](value);

const event = {
  kind: keyOf<RunEvent['kind']>({
    run: true,
    statement: true,
    stage: true,
    exec: true,
    'node-lost': true,
    'node-back': true,
    pause: true,
    rate: true,
    end: true,
  }),
  statementId: optional(text),
  name: optional(text),
  startNs: amount,
  endNs: optional(amount),
  text,
} as const;

/** A line of events.ndjson. */
export const eventShape = objectOf<EventLine>({ ...event, schemaVersion });

export const summaryShape = objectOf<Summary>({
  schemaVersion,
  testId: text,
  testName: text,
  version: text,
  startedMs: instantMs,
  durationNs: amount,
  clientCpuNs: optional(amount),
  seed: amount,
  scriptSha256: text,
  rehearsal: flag,
  target: text,
  servers: listOf(server),
  machine,
  states: listOf(objectOf<Summary['states'][number]>({ state: text, reason: text }), 1),
  exitCodes: listOf(objectOf<Summary['exitCodes'][number]>({ code: amount, reason: text }), 1),
  warnings: listOf(text),
  events: optional(listOf(objectOf<RunEvent>(event))),
  totals: objectOf<Summary['totals']>({
    operations: counts,
    items: objectOf<Summary['totals']['items']>({
      point: optional(counts),
      row: optional(counts),
      partition: optional(counts),
      query: optional(counts),
    }),
    retries: amount,
    requestBytes: amount,
    responseBytes: amount,
  }),
  statements: listOf(statement),
});

const column = listOf(amount);

/** A line of requests.ndjson. */
export const requestShape = objectOf<RequestLine>({
  schemaVersion,
  startedMs: instantMs,
  statementId: text,
  name: text,
  kind: loadKind,
  position: amount,
  tags: mapOf(text),
  shape: mapOf((value) => (typeof value === 'number' ? amount(value) : text(value))),
  doneNs: column,
  timeNs: column,
  bytes: column,
  status: column,
  outcome: column,
});
