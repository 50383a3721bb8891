import { describe, expect, test } from 'vitest';
import { marksOf, type Stalls } from '../../src/stress-client/marks.ts';
import { counts, samplesOf, identity, result, tally } from './sample-run.ts';

/** So many intervals, of which so many have a pause of 12 ms. */
function stalls(intervals: number, stalled: number): Stalls {
  return { intervals, longerThan: (ns) => (ns < 12e6 ? stalled : 0) };
}

const calm = stalls(100, 1);
const ms = (value: number): number => value * 1e6;

/** A statement with 1 % of its operations as late as said, and a service time of which half is as long as said. */
function late(latenessMs: number, serviceMs: number) {
  return result({
    model: 'open',
    total: tally({
      times: {
        lateness: samplesOf([0, 98], [ms(latenessMs), 2]),
        service: samplesOf([ms(serviceMs), 100]),
      },
    }),
  });
}

describe('INVALID_CLIENT', () => {
  test.each([
    ['lateness below 2 ms', late(1.9, 1), []],
    ['lateness above 2 ms', late(2.1, 1), ['INVALID_CLIENT']],
    ['below a tenth of the service time’s median', late(4.9, 50), []],
    ['above a tenth of it', late(5.1, 50), ['INVALID_CLIENT']],
  ])('%s', (_, of, states) => {
    expect(marksOf(of, calm).map(({ state }) => state)).toEqual(states);
  });

  test('says what was measured', () => {
    expect(marksOf(late(3.4, 1), calm)).toEqual([
      {
        state: 'INVALID_CLIENT',
        reason: 'lateness p99 is 3.40 ms, above 2.00 ms: the client itself sent late',
      },
    ]);
  });

  test.each([
    [100, 1, false],
    [100, 2, true],
    [60, 1, false],
    [60, 2, true],
    [300, 3, false],
    [0, 0, false],
  ])('%d intervals with %d stalls: %s', (intervals, stalled, marked) => {
    const marks = marksOf(result(), stalls(intervals, stalled));
    expect(marks.map(({ state }) => state)).toEqual(marked ? ['INVALID_CLIENT'] : []);
  });
});

/** Stages of 10 s, the second of 2,000/s and come to so much, while so many of 100 operations waited for a slot. */
function rate(achieved: number, waited: number, serviceMs = 1) {
  return result({
    model: 'open',
    identity: identity({ kind: 'query' }),
    itemName: 'query',
    batchSize: 1,
    endedNs: 20e9,
    total: tally({
      times: {
        slotWait: samplesOf([0, 100 - waited], [ms(3), waited]),
        service: samplesOf(ms(serviceMs)),
      },
    }),
    stages: [
      { text: '1000/s FOR 10s', offered: 1000, achieved: 1000 },
      { text: '2000/s FOR 10s', offered: 2000, achieved },
    ],
  });
}

describe('INVALID_RATE', () => {
  test.each([
    ['99 % achieved', rate(1980, 50), []],
    ['less, every slot taken', rate(1979, 50), ['INVALID_RATE']],
    ['less, but slots were free: failures, or a late client', rate(1500, 0), []],
    ['less by what the end found in flight', rate(1960, 50, 500), []],
    ['less by more than that', rate(1940, 50, 500), ['INVALID_RATE']],
  ])('%s', (_, of, states) => {
    expect(marksOf(of, calm).map(({ state }) => state)).toEqual(states);
  });

  test('names the stage that fell most behind, and the slots', () => {
    expect(marksOf(rate(1500, 50), calm)[0]!.reason).toBe(
      'of 2,000 queries/s asked in stage 2000/s FOR 10s, 1,500 were achieved (75.00 %) while every slot was taken: the target, or 5 slots, could not keep up',
    );
  });
});

test('INCOMPLETE: due requests that were never sent', () => {
  const of = result({
    total: tally({
      operations: counts({ asked: 100, sent: 88, unsent: 12, acknowledged: 88 }),
      items: counts({ asked: 10_000, sent: 8800, unsent: 1200, acknowledged: 8800 }),
    }),
  });
  expect(marksOf(of, calm)).toEqual([
    { state: 'INCOMPLETE', reason: '12 of 100 due requests (1,200 points) were never sent' },
  ]);
  const one = counts({ asked: 100, sent: 99, unsent: 1, acknowledged: 99 });
  expect(marksOf(result({ total: tally({ operations: one, items: one }) }), calm)).toEqual([
    { state: 'INCOMPLETE', reason: '1 of 100 due requests (1 point) were never sent' },
  ]);
});
