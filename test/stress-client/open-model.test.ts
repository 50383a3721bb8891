import { describe, expect, test } from 'vitest';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { parts, stage, writePlan } from '../support/loads.ts';
import { ms, Play, seconds } from '../support/play.ts';

const insert = (options: Parameters<typeof parts>[2], batchSize = 1) =>
  new InsertStatement(parts('cpu', writePlan(batchSize), options));

describe('what is sent when', () => {
  test('every operation at its intended start', async () => {
    const play = new Play(() => ({ afterNs: 3 * ms }));
    await play.run([insert({ stages: [stage(100, seconds), stage(0, seconds), stage(10, seconds)] })]);
    const expected = [
      ...Array.from({ length: 100 }, (_, index) => index * 10),
      ...Array.from({ length: 10 }, (_, index) => 2000 + index * 100),
    ];
    expect(play.target.seen.map(({ sentNs }) => sentNs / ms)).toEqual(expected);
    expect(play.result(0).stages).toMatchObject([
      { offered: 100, achieved: 100 },
      { offered: 0, achieved: 0 },
      { offered: 10, achieved: 10 },
    ]);
  });

  test('FOR bounds intended starts, DO the number, whichever comes first', async () => {
    for (const [options, sent] of [
      [{ stages: [stage(100)], durationNs: 505 * ms, items: 1000 }, 51],
      [{ stages: [stage(100)], durationNs: seconds, items: 40 }, 40],
      [{ stages: [stage(100, seconds)], items: 250 }, 250],
    ] as const) {
      const play = new Play(() => ({ afterNs: 1 * ms }));
      await play.run([insert(options)]);
      expect(play.result(0).total.operations).toMatchObject({ asked: sent, acknowledged: sent });
    }
  });

  test('a batch leaves when its last item is due', async () => {
    const play = new Play(() => ({ afterNs: 1 * ms }));
    await play.run([insert({ stages: [stage(1000)], items: 250 }, 100)]);
    expect(play.target.seen.map(({ sentNs }) => sentNs / ms)).toEqual([99, 199, 249]);
    expect(play.result(0).total.items.acknowledged).toBe(250);
    expect(play.result(0).stages[0]!.offered).toBe(1000);
  });

  test('an interval tells what was offered in it', async () => {
    const play = new Play(() => ({ afterNs: 1 * ms }));
    await play.run([insert({ stages: [stage(100, 2 * seconds), stage(300)], durationNs: 4 * seconds })]);
    const offered = play.sink.intervals.map(({ statements }) => Math.round(statements[0]?.offered ?? -1));
    expect(offered.slice(0, 3)).toEqual([100, 100, 300]);
  });
});

describe('a target that can not keep up', () => {
  test('gets what was due for as long as Timeout after FOR; the rest is unsent and censored at its age', async () => {
    const play = new Play(() => ({ afterNs: 100 * ms }), { WriteConcurrency: 1, Timeout: 2 * seconds });
    await play.run([insert({ stages: [stage(100)], durationNs: 10 * seconds })]);
    const { total, stages, marks, endedNs } = play.result(0);
    // A tenth of what is asked, for 10 s and the 2 s of the drain.
    expect(total.operations).toMatchObject({ asked: 1000, sent: 120, acknowledged: 120, unsent: 880 });
    expect(endedNs).toBe(12 * seconds);
    expect(total.times.response!.count).toBe(1000);
    expect(total.censored.response).toBe(880);
    // The last one that was sent was meant to start at 1.19 s and answered at 12 s; the unsent are younger.
    expect(total.times.response!.maximumNs).toBe(10.81 * seconds);
    expect(total.times.response!.minimumNs).toBe(100 * ms);
    expect(stages[0]!.offered).toBe(100);
    expect(stages[0]!.achieved).toBeCloseTo(10, 5);
    expect(marks.map(({ state }) => state)).toEqual(['INVALID_RATE', 'INCOMPLETE']);
  });

  test('a dead one leaves nothing unaccounted for', async () => {
    const play = new Play(() => ({ afterNs: Infinity }), { WriteConcurrency: 2, Timeout: seconds });
    await play.run([insert({ stages: [stage(100)], durationNs: 3 * seconds })]);
    const { total } = play.result(0);
    expect(total.operations).toMatchObject({ asked: 300, sent: 8, unknown: 8, unsent: 292 });
    expect(total.times.service!.minimumNs).toBe(seconds);
    expect(total.censored).toEqual({ service: 8, response: 300 });
    expect(total.errors).toMatchObject([{ errorClass: 'timeout', count: 8 }]);
  });

  test('nothing is skipped when all of it is declared', async () => {
    const play = new Play(() => ({ afterNs: 100 * ms }), { WriteConcurrency: 1 });
    await play.run([insert({ stages: [stage(100)], items: 200 })]);
    expect(play.result(0).total.operations).toMatchObject({ asked: 200, acknowledged: 200 });
    expect(play.result(0).stages[0]!.achieved).toBeCloseTo(10, 5);
  });
});

describe('WARMUP', () => {
  test.each<[string, Parameters<typeof parts>[2], number, number, number]>([
    ['items of an open model', { stages: [stage(100)], items: 300, warmup: { items: 100 } }, 100, 200, 1000],
    [
      'a time of an open model',
      { stages: [stage(100)], items: 300, warmup: { durationNs: seconds } },
      100,
      200,
      1000,
    ],
    ['items of a closed model', { items: 300, warmup: { items: 100 } }, 100, 200, 1000],
    ['a time of a closed model', { items: 300, warmup: { durationNs: 500 * ms } }, 50, 250, 500],
  ])('%s are sent and counted apart', async (_name, options, warm, counted, startedMs) => {
    const play = new Play(() => ({ afterNs: 10 * ms }), { WriteConcurrency: 1 });
    await play.run([insert(options)]);
    const { total, warmup, startedNs } = play.result(0);
    expect(play.target.seen).toHaveLength(300);
    expect(warmup.operations).toMatchObject({ asked: warm, acknowledged: warm });
    expect(total.operations).toMatchObject({ asked: counted, acknowledged: counted });
    expect(total.times.service!.count).toBe(counted);
    expect(startedNs / ms).toBe(startedMs);
  });
});

test('FOR bounds the sends of a closed model', async () => {
  const play = new Play(() => ({ afterNs: 300 * ms }), { WriteConcurrency: 1 });
  await play.run([insert({ durationNs: seconds })]);
  expect(play.target.seen.map(({ sentNs }) => sentNs / ms)).toEqual([0, 300, 600, 900]);
  expect(play.result(0)).toMatchObject({ endedNs: 1200 * ms, state: 'ended', stages: [] });
});

test('a closed statement that gets no slot ends with its FOR all the same', async () => {
  const play = new Play(() => ({ afterNs: 100 * ms }), { WriteConcurrency: 1 });
  await play.run([
    new GoStatement(
      new InsertStatement(
        parts('open', writePlan(), { stages: [stage(50)], durationNs: 5 * seconds }, { background: true }),
      ),
    ),
    insert({ durationNs: seconds }),
  ]);
  expect(play.result(1).total.operations.sent).toBeLessThan(3);
  expect(play.result(1).state).toBe('ended');
});
