import { expect, test } from 'vitest';
import { InsertStatement } from '../../src/statement/insert.ts';
import { runScript } from '../../src/statement/run-script.ts';
import { SinkTarget } from '../../src/stress-client/target/sink/sink-target.ts';
import { KeepingSink, parts, stressTest, writePlan } from '../support/loads.ts';
import { VirtualClock } from '../support/virtual-time.ts';

test('an INSERT sends all of its points, once each, and is reported', async () => {
  const clock = new VirtualClock();
  const sink = new KeepingSink();
  const run = stressTest(clock, (each) => new SinkTarget(each), undefined, { sinks: [sink] });
  const insert = new InsertStatement(parts('cpu', writePlan(10), { items: 100_005 }));
  insert.setId('aaaaaaaa');
  await clock.until(runScript(run, [insert]));
  await clock.until(run.close());
  const report = insert.report(run);
  expect(report).toMatchObject({ kind: 'insert', ran: true, statementId: 'aaaaaaaa' });
  const { result } = report as { result: NonNullable<ReturnType<typeof run.resultOf>> };
  expect(result.state).toBe('ended');
  expect(result.total.operations).toEqual({
    asked: 10_001,
    sent: 10_001,
    unsent: 0,
    acknowledged: 10_001,
    failed: 0,
    unknown: 0,
  });
  expect(result.total.items.acknowledged).toBe(100_005);
  expect(result.total.times.service?.count).toBe(10_001);
  expect(result.total.times.response).toBeUndefined();
  expect(sink.ended).toHaveLength(1);
  expect(sink.sums.get('aaaaaaaa')).toMatchObject({ operations: result.total.operations });
});
