import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import { SetStatement } from '../../src/statement/set.ts';
import { WaitStatement } from '../../src/statement/wait.ts';
import { parts, queryPlan, stage, writePlan } from '../support/loads.ts';
import { idOf, ms, Play, seconds } from '../support/play.ts';
import { expectLaws } from '../support/laws.ts';
import { randomBehaviour } from '../support/random-behaviour.ts';

const origin = { position: 1, text: '', place: '' };
const statements = ({
  resizedTo,
  batch,
  idempotent,
  warmup,
}: {
  resizedTo: number;
  batch: number;
  idempotent: boolean;
  warmup: { items: number } | { durationNs: number } | undefined;
}) => [
  new GoStatement(
    new InsertStatement(
      parts('closed', writePlan(batch, idempotent), { items: 333, warmup }, { background: true }),
    ),
  ),
  new GoStatement(
    new InsertStatement(
      parts('timed', writePlan(batch, idempotent), { durationNs: seconds, warmup }, { background: true }),
    ),
  ),
  new GoStatement(
    new InsertStatement(
      parts(
        'open',
        writePlan(batch, idempotent),
        {
          stages: [stage(100, seconds), stage(0, 200 * ms), stage(50, seconds, 900)],
          durationNs: 2200 * ms,
          warmup,
        },
        { background: true },
      ),
    ),
  ),
  new WaitStatement({ ...origin, until: { durationNs: 400 * ms } }),
  new SetStatement({ ...origin, name: 'WriteConcurrency', value: resizedTo }),
  new QueryStatement(parts('queries', queryPlan(), { items: 150, stages: [stage(200)], warmup })),
];

test('answers with rows are those of queries', async () => {
  // An INSERT of partitions tells the rows that it has sent.
  const play = new Play(({ operation }) => ({ afterNs: ms, rows: operation % 2 === 0 ? 3 : 0 }));
  await play.run([
    new InsertStatement(parts('partitions', writePlan(), { items: 10 })),
    new QueryStatement(parts('queries', queryPlan(), { items: 10 })),
  ]);
  const counted = [0, 1].map((index) => play.result(index).total);
  expect(counted.map(({ rows, answersWithRows }) => [rows, answersWithRows])).toEqual([
    [15, 0],
    [15, 5],
  ]);
});

describe('the laws of counts hold', () => {
  const script = fc.record({
    seed: fc.integer(),
    share: fc.constantFrom(0, 0.05, 0.5, 1),
    retries: fc.integer({ min: 0, max: 3 }),
    idempotent: fc.boolean(),
    batch: fc.integer({ min: 1, max: 7 }),
    warmup: fc.constantFrom(undefined, { items: 25 }, { durationNs: 300 * ms }),
    clients: fc.integer({ min: 1, max: 3 }),
    slots: fc.integer({ min: 3, max: 6 }),
    resizedTo: fc.integer({ min: 3, max: 9 }),
  });
  test('under random faults, in intervals and totals', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (each) => {
        const play = new Play(
          randomBehaviour(each.seed, each.share),
          {
            Timeout: 100 * ms,
            Retries: each.retries,
            RetryBackoff: 3 * ms,
            ReportInterval: 170 * ms,
            WriteConcurrency: each.slots,
            QueryConcurrency: each.slots,
          },
          each.clients,
        );
        await play.run(statements(each));
        for (const index of [0, 1, 2, 5]) expectLaws(play, idOf(index));
        expect(play.result(5).total.operations.asked + play.result(5).warmup.operations.asked).toBe(150);
      }),
      { seed: 42, numRuns: 40 },
    );
  });

  test('interrupted at any moment, once or twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        script,
        fc.integer({ min: 0, max: 2500 }),
        fc.integer({ min: 0, max: 200 }),
        async (each, at, again) => {
          const play = new Play(
            randomBehaviour(each.seed, each.share),
            {
              Timeout: 100 * ms,
              Retries: each.retries,
              RetryBackoff: 3 * ms,
              ReportInterval: 170 * ms,
              WriteConcurrency: each.slots,
              QueryConcurrency: each.slots,
            },
            each.clients,
          );
          play.start(statements(each));
          await play.clock.pass(at * ms);
          play.test.interrupt('Ctrl-C');
          await play.clock.pass(again * ms);
          play.test.interrupt('Ctrl-C');
          const secondNs = play.nowNs;
          await play.finish();
          expect(play.nowNs).toBe(secondNs);
          for (const index of [0, 1, 2, 5]) {
            if (play.test.resultOf(idOf(index)) !== undefined) expectLaws(play, idOf(index));
          }
        },
      ),
      { seed: 42, numRuns: 60 },
    );
  });
});
