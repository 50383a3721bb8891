import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import { WaitStatement } from '../../src/statement/wait.ts';
import type { ResultSink } from '../../src/stress-client/results.ts';
import { parts, queryPlan, settingsWith, stage, stressTest, writePlan } from '../support/loads.ts';
import { idOf, ms, seconds } from '../support/play.ts';
import { runScript } from '../../src/statement/run-script.ts';
import { SimulatedTarget } from '../support/simulated-target.ts';
import { VirtualClock } from '../support/virtual-time.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that are reachable, of objects and of arrays. */
function livingBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('memory does not grow with the length of a run, nor with what is written, failed or asked', async () => {
  const clock = new VirtualClock();
  const living: number[] = [];
  const sink: ResultSink = {
    name: 'measuring',
    interval: ({ index }) => {
      if (index % 100 === 0) living.push(livingBytes());
    },
    statementEnded: () => {},
    close: () => Promise.resolve(undefined),
  };
  const targets: SimulatedTarget[] = [];
  const whole = stressTest(
    clock,
    (runClock) => {
      const target = new SimulatedTarget(({ operation }) => {
        target.seen.length = 0;
        return operation % 10 === 3
          ? { afterNs: ms, error: 'rejected' }
          : { afterNs: (1 + (operation % 9)) * ms };
      });
      targets.push(target);
      return target.on(runClock);
    },
    settingsWith({ ReportInterval: 100 * ms }),
    { sinks: [sink], clients: 2, requests: { perSecondAtMost: Infinity, onTooMany: () => {} } },
  );
  const durationNs = 100 * seconds;
  const statements = [
    new GoStatement(
      new InsertStatement(
        parts('open', writePlan(), { stages: [stage(1000)], durationNs }, { background: true }),
      ),
    ),
    new GoStatement(
      new QueryStatement(
        parts(
          'asked',
          queryPlan((_, { end }) => end - 1),
          { stages: [stage(500)], durationNs },
          { background: true, companion: 'open' },
        ),
      ),
    ),
    new WaitStatement({ position: 0, text: '', place: '', until: 'all' }),
  ];
  statements.forEach((statement, index) => statement.setId(idOf(index)));
  await clock.until(runScript(whole, statements));
  await clock.until(whole.close());
  expect(whole.resultOf(idOf(0))!.total.operations.sent).toBe(100_000);
  // After the first 10 s everything has its size; 90,000 operations of 16 bytes each would be seen.
  const [, afterTen, ...later] = living;
  expect(later.length).toBeGreaterThan(7);
  expect(later.at(-1)! - afterTen!).toBeLessThan(1e6);
});
