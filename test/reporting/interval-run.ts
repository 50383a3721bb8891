import type { Interval, StatementInterval, StatementResult, Tally } from '../../src/stress-client/results.ts';
import { counts, samplesOf, identity, result, tally } from './sample-run.ts';

/* A run of five intervals and two statements, as a sink sees it while it goes on. */

export const insertIdentity = identity({
  position: 2,
  background: true,
  name: 'cpu load, all',
  tags: { phase: 'load' },
});
const queryIdentity = identity({ position: 3, kind: 'query', name: 'dash', statementId: 'bbbbbbbb' });

/** Operations of a batch of 100: `done` acknowledged, one unknown in interval 3. */
function insertTally(index: number): Tally {
  const unknown = index === 3 ? 1 : 0;
  const done = 10 + index;
  const ended = (each: number) =>
    counts({
      asked: (done + unknown) * each,
      sent: (done + unknown) * each,
      acknowledged: done * each,
      unknown: unknown * each,
    });
  const censored: [number, number][] = unknown === 1 ? [[10e9, 1]] : [];
  return tally({
    operations: ended(1),
    items: ended(100),
    retries: index,
    requestBytes: done * 9_000,
    censored: { service: unknown, response: unknown },
    errors:
      unknown === 1
        ? [{ errorClass: 'timeout', count: 1, status: 0, example: `no answer in interval ${index}` }]
        : [],
    times: {
      service: samplesOf([1e6 + index * 1e5, done], ...censored),
      response: samplesOf([2e6 + index * 1e5, done], ...censored),
      lateness: samplesOf([index * 1e4, done]),
      slotWait: samplesOf([0, done]),
    },
  });
}

function queryTally(index: number): Tally {
  const all = counts({ asked: 5, sent: 5, acknowledged: 5 });
  return tally({
    operations: all,
    items: all,
    rows: 7,
    requestBytes: 500,
    responseBytes: 4_000,
    times: { service: samplesOf([3e6, 4], 5e6 + index * 1e6) },
  });
}

export const intervals: readonly Interval[] = [0, 1, 2, 3, 4].map((index) => {
  const statements: StatementInterval[] = [
    {
      identity: insertIdentity,
      model: 'open',
      itemName: 'point',
      tally: insertTally(index),
      offered: 1250,
      inFlight: 2,
      progress: {
        itemsDone: (index + 1) * 1200,
        items: Infinity,
        elapsedNs: (index + 1) * 1e9,
        durationNs: 10e9,
      },
    },
  ];
  // The query runs in the first two intervals only.
  if (index < 2) {
    statements.push({
      identity: queryIdentity,
      model: 'closed',
      itemName: 'query',
      tally: queryTally(index),
      offered: undefined,
      inFlight: 0,
      progress: {
        itemsDone: (index + 1) * 5,
        items: 10,
        elapsedNs: (index + 1) * 1e9,
        durationNs: undefined,
      },
    });
  }
  return {
    index,
    startNs: index * 1e9,
    endNs: (index + 1) * 1e9,
    startedMs: 1_795_000_000_250,
    wallMs: 1_795_000_000_250 + (index + 1) * 1000,
    statements,
  };
});

/** What both intervals of the query come to. */
export const queryResult: StatementResult = result({
  identity: queryIdentity,
  itemName: 'query',
  batchSize: 1,
  seriesCardinality: 0,
  fieldCount: 0,
  startedNs: 0,
  endedNs: 2e9,
  total: tally({
    operations: counts({ asked: 10, sent: 10, acknowledged: 10 }),
    items: counts({ asked: 10, sent: 10, acknowledged: 10 }),
    rows: 14,
    requestBytes: 1000,
    responseBytes: 8000,
    times: { service: samplesOf([3e6, 8], 5e6, 6e6) },
  }),
});

/** Four censored nowhere but in interval 3: what all five intervals of the INSERT come to. */
export const insertTotal = {
  operations: counts({ asked: 61, sent: 61, acknowledged: 60, unknown: 1 }),
  items: counts({ asked: 6100, sent: 6100, acknowledged: 6000, unknown: 100 }),
  retries: 10,
  requestBytes: 540_000,
  service: samplesOf([1e6, 10], [1.1e6, 11], [1.2e6, 12], [1.3e6, 13], [10e9, 1], [1.4e6, 14]),
  response: samplesOf([2e6, 10], [2.1e6, 11], [2.2e6, 12], [2.3e6, 13], [10e9, 1], [2.4e6, 14]),
};
