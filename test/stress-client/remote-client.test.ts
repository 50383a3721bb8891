import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { GoStatement } from '../../src/statement/go.ts';
import { InsertStatement } from '../../src/statement/insert.ts';
import { QueryStatement } from '../../src/statement/query.ts';
import { runScript } from '../../src/statement/run-script.ts';
import { SetStatement } from '../../src/statement/set.ts';
import type { ClientBeginning } from '../../src/stress-client/client-messages.ts';
import type { ClientListener } from '../../src/stress-client/client-port.ts';
import { systemClock } from '../../src/stress-client/clock.ts';
import type { Plan } from '../../src/stress-client/plan.ts';
import { RemoteClient } from '../../src/stress-client/remote-client.ts';
import { runClock } from '../../src/stress-client/run-clock.ts';
import { serveClient } from '../../src/stress-client/serve-client.ts';
import { StressClient } from '../../src/stress-client/stress-client.ts';
import type { StressTest } from '../../src/stress-client/stress-test.ts';
import {
  KeepingSink,
  parts,
  queryPlan,
  settingsWith,
  stage,
  stressTest,
  writePlan,
} from '../support/loads.ts';
import { idOf, ms } from '../support/play.ts';
import { SimulatedTarget } from '../support/simulated-target.ts';

/** A client at the other end of a channel, with these plans. */
function remoteClient(
  plans: ReadonlyMap<string, Plan>,
  target: SimulatedTarget,
  beginning: ClientBeginning,
  listener: ClientListener,
): RemoteClient {
  const { port1, port2 } = new MessageChannel();
  serveClient(port2, ({ originNs, settings }, toHub) => {
    const clock = runClock(systemClock, originNs);
    return Promise.resolve(
      new StressClient(clock, target.on(clock), settings, (id) => plans.get(id)!, toHub),
    );
  });
  const client = new RemoteClient(port1, beginning, listener);
  return Object.assign(client, {
    close: async () => {
      await RemoteClient.prototype.close.call(client);
      port1.close();
    },
  });
}

test.each([1, 2, 3])('a script runs on %d clients that are spoken to by messages', async (clients) => {
  const origin = { position: 0, text: '', place: '' };
  const plans = [writePlan(3), writePlan(), queryPlan((_, { end }) => end - 1), queryPlan()];
  const [timed, counted, asked, failing] = plans as [Plan, Plan, Plan, Plan];
  const targets = Array.from(
    { length: clients },
    () =>
      new SimulatedTarget(({ work }) =>
        work.plan === failing ? { afterNs: ms, error: 'query-error' } : { afterNs: ms, rows: 1 },
      ),
  );
  targets[0]!.passThroughAnswer = () =>
    Promise.resolve({ ok: true, status: 200, responseBytes: 7, rows: 3, text: 'rows' });
  const sink = new KeepingSink();
  const statements = [
    new GoStatement(new InsertStatement(parts('timed', timed, { stages: [stage(3000)], items: 300 }))),
    new InsertStatement(parts('counted', counted, { items: 700 })),
    new QueryStatement(parts('asked', asked, { items: 40, stages: [stage(400)] }, { companion: 'counted' })),
    new SetStatement({ ...origin, name: 'QueryConcurrency', value: 3 }),
    new QueryStatement(parts('failing', failing, { items: 20 })),
  ];
  const planOf = new Map([0, 1, 2, 4].map((index, at) => [idOf(index), plans[at]!]));
  const whole: StressTest = stressTest(
    systemClock,
    () => targets[0]!,
    settingsWith({ ReportInterval: 20 * ms, MaxErrors: 100 }),
    {
      clients,
      sinks: [sink],
      makeClient: ({ index }, settings, listener) =>
        remoteClient(planOf, targets[index]!, { originNs: whole.clock.originNs, settings }, listener),
    },
  );
  statements.forEach((statement, index) => statement.setId(idOf(index)));
  await runScript(whole, statements);
  await whole.close();
  const sentOf = (index: number): number[] =>
    targets
      .flatMap(({ seen }) => seen)
      .filter(({ statementId }) => statementId === idOf(index))
      .map(({ operation }) => operation)
      .sort((one, other) => one - other);
  for (const [index, operations] of [
    [0, 100],
    [1, 700],
    [2, 40],
    [4, 20],
  ] as const) {
    expect(sentOf(index)).toEqual([...Array(operations).keys()]);
    const { total, state } = whole.resultOf(idOf(index))!;
    expect(state).toBe('ended');
    expect(total.operations).toMatchObject({ asked: operations, sent: operations });
    expect(total.operations[index === 4 ? 'failed' : 'acknowledged']).toBe(operations);
    const { times, ...sum } = { ...sink.sums.get(idOf(index))!, times: sink.sums.get(idOf(index))!.times };
    expect({ ...sum, times }).toEqual({ ...total, times: total.times });
  }
  expect(targets.map(({ closed }) => closed)).toEqual(targets.map(() => true));
});
