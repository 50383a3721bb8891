import { describe, expect, test } from 'vitest';
import { InsertStatement } from '../../src/statement/insert.ts';
import { runScript } from '../../src/statement/run-script.ts';
import type { FailedOperations } from '../../src/stress-client/results.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { KeepingSink, parts, settingsWith, stage, stressTest, writePlan } from '../support/loads.ts';
import { idOf, ms, Play } from '../support/play.ts';
import { SimulatedTarget, type Behaviour } from '../support/simulated-target.ts';
import type { Slot } from '../../src/stress-client/slot.ts';
import { VirtualClock } from '../support/virtual-time.ts';

/** One operation after the other, under settings that hold from the start. */
async function play(
  behave: (slot: Slot, nowNs: number) => Behaviour,
  settings: Partial<Settings>,
  items = 1,
): Promise<Play> {
  const whole = settingsWith({ WriteConcurrency: 1, ...settings });
  const played = new Play(behave, whole);
  const options = { items, stages: [stage(10)] };
  return played.run([new InsertStatement(parts('load', writePlan(), options, { settings: whole }))]);
}

describe('RetryOn', () => {
  test.each([
    ['transient', 'server-error', 3],
    ['transient', 'rejected', 1],
    ['any', 'rejected', 3],
    ['any', 'server-error', 3],
  ] as const)('[%s] tries an operation with %s %i times', async (RetryOn, error, attempts) => {
    const played = await play(() => ({ afterNs: ms, error }), { Retries: 2, RetryOn });
    expect(played.seen).toHaveLength(attempts);
    expect(played.result(0).total).toMatchObject({ retries: attempts - 1, operations: { failed: 1 } });
  });

  test('RetryBackoff [0s] tries again at once', async () => {
    const played = await play(({ attempt }) => ({ afterNs: ms, ...(attempt < 4 && { error: 'overload' }) }), {
      Retries: 9,
      RetryBackoff: 0,
    });
    const [first, ...others] = played.seen.map(({ sentNs }) => sentNs);
    expect(others.map((sentNs) => sentNs - first!)).toEqual([ms, 2 * ms, 3 * ms]);
  });

  test('an error that comes at once does not keep the clock from going on', async () => {
    const played = await play(() => ({ afterNs: 0, error: 'overload' }), { Retries: 1000, RetryBackoff: 0 });
    expect(played.seen).toHaveLength(1001);
  });
});

describe('ServiceTime', () => {
  test.each([
    ['attempt', 2],
    ['operation', 6],
  ] as const)(
    '[%s] of an operation with two retries of 2 ms each is %i ms',
    async (ServiceTime, serviceMs) => {
      const behave = ({ attempt }: Slot): Behaviour => ({
        afterNs: 2 * ms,
        ...(attempt < 3 && { error: 'overload' }),
      });
      const played = await play(behave, { Retries: 2, RetryBackoff: 0, ServiceTime });
      const { service, response } = played.result(0).total.times;
      expect([service!.maximumNs / ms, response!.maximumNs / ms]).toEqual([serviceMs, 6]);
    },
  );

  test('[operation] is that of failed operations too', async () => {
    const settings = { Retries: 2, RetryBackoff: 0, ServiceTime: 'operation' } as const;
    const played = await play(() => ({ afterNs: 2 * ms, error: 'overload' }), settings);
    expect(played.result(0).total.times.failed!.maximumNs / ms).toBe(6);
  });
});

/** Keeps what it is told of failed operations. */
class FailureSink extends KeepingSink {
  readonly failures: FailedOperations[] = [];

  failed(failed: FailedOperations): void {
    this.failures.push(failed);
  }
}

async function failuresOf(
  behave: (slot: Slot, nowNs: number) => Behaviour,
  items: number,
  clients: number,
): Promise<readonly FailedOperations[]> {
  const clock = new VirtualClock();
  const sink = new FailureSink();
  const settings = settingsWith({ Retries: 1, RetryBackoff: 0, WriteConcurrency: 6 });
  const target = (on: Parameters<SimulatedTarget['on']>[0]): SimulatedTarget =>
    new SimulatedTarget(behave).on(on);
  const hub = stressTest(clock, target, settings, { sinks: [sink], clients });
  const plan = { ...writePlan(), indexesOf: (operation: number) => [operation * 7] };
  const load = new InsertStatement(parts('load', plan, { items }, { settings }));
  load.setId(idOf(0));
  await clock.until(runScript(hub, [load]));
  await clock.until(hub.close());
  return sink.failures;
}

describe.each([1, 3])('a sink that wants failed operations, with %i clients', (clients) => {
  test('gets each, with its number, attempts and error', async () => {
    const failures = await failuresOf(
      ({ operation }) => ({ afterNs: ms, ...(operation % 10 === 3 && { error: 'overload' }) }),
      100,
      clients,
    );
    const operations = failures
      .flatMap((each) => each.operations)
      .toSorted((one, other) => one.operation - other.operation);
    expect(operations.map(({ operation }) => operation)).toEqual([3, 13, 23, 33, 43, 53, 63, 73, 83, 93]);
    expect(operations[0]).toMatchObject({
      indexes: [21],
      attempts: 2,
      errorClass: 'overload',
      message: 'simulated overload',
      status: 0,
      warmup: false,
    });
    expect(failures.every(({ more, identity }) => more === 0 && identity.name === 'load')).toBe(true);
  });

  test('gets some hundreds an interval, and how many more there were', async () => {
    const failures = await failuresOf(() => ({ afterNs: 3 * ms, error: 'rejected' }), 3000, clients);
    const told = failures.reduce((sum, { operations, more }) => sum + operations.length + more, 0);
    expect(told).toBe(3000);
    for (const { operations } of failures) expect(operations.length).toBeLessThanOrEqual(200);
    expect(failures.some(({ more }) => more > 0)).toBe(true);
  });
});
