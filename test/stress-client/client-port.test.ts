import { expect, test } from 'vitest';
import type { ClientListener, StartLoad } from '../../src/stress-client/client-port.ts';
import type { LoadDeltas } from '../../src/stress-client/load-deltas.ts';
import type { Response } from '../../src/stress-client/response.ts';
import { StressClient } from '../../src/stress-client/stress-client.ts';
import { settingsWith, writePlan } from '../support/loads.ts';
import { ms, seconds } from '../support/play.ts';
import { SimulatedTarget } from '../support/simulated-target.ts';
import { VirtualClock } from '../support/virtual-time.ts';

const settings = settingsWith({ WriteConcurrency: 2, Timeout: seconds });

/** A client whose every word to the hub is cloned, as between threads. */
async function listeningClient(failing: (operation: number) => boolean = () => false) {
  const clock = new VirtualClock(0, 0);
  const target = new SimulatedTarget(({ operation }) =>
    failing(operation) ? { afterNs: ms, error: 'rejected' } : { afterNs: ms },
  ).on(clock);
  const heard: [keyof ClientListener, unknown][] = [];
  const hear =
    (name: keyof ClientListener) =>
    (said?: unknown): void =>
      void heard.push([name, structuredClone(said)]);
  const names = [
    'confirmed',
    'prepared',
    'acknowledged',
    'acknowledgedOperations',
    'leaseWanted',
    'deltas',
    'collected',
    'lateAnswer',
    'reprepared',
    'response',
    'errors',
  ] as const;
  const listener = Object.fromEntries(names.map((name) => [name, hear(name)]));
  listener['prepared'] = (statementId) => client.begin(statementId as string, clock.nowNs());
  const client = new StressClient(
    clock,
    target,
    settings,
    () => writePlan(),
    listener as unknown as ClientListener,
  );
  await client.open();
  const said = <Said>(name: keyof ClientListener): Said[] =>
    heard.filter(([each]) => each === name).map(([, what]) => what as Said);
  return { clock, target, client, said };
}

const load: StartLoad = {
  statementId: 'aaaaaaaa',
  place: { index: 0, of: 1 },
  settings,
  fixed: [],
  members: [{ statementId: 'aaaaaaaa', items: Infinity, companionId: undefined }],
  items: Infinity,
  durationNs: undefined,
  stages: [],
  warmup: undefined,
  written: false,
  lease: { first: 0, stride: 1, count: 10 },
  more: true,
};

test('a lease is asked for when half of the last one is left, and each gets one Response', async () => {
  const { clock, target, client, said } = await listeningClient((operation) => operation === 3);
  client.start(structuredClone(load));
  await clock.pass(2.5 * ms);
  expect([target.seen.length, said('leaseWanted').length]).toEqual([6, 1]);
  client.lease('aaaaaaaa', { first: 100, stride: 1, count: 4 });
  await clock.pass(4 * ms);
  expect(said('leaseWanted')).toHaveLength(2);
  client.lease('aaaaaaaa', undefined);
  await clock.pass(seconds);
  expect(target.seen.map(({ operation }) => operation)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 101, 102, 103,
  ]);
  expect(said<Response>('response')).toMatchObject([
    { lease: { first: 0, count: 10 }, sent: 10, acknowledged: 9, ended: undefined },
    {
      lease: { first: 100, count: 4 },
      sent: 4,
      acknowledged: 4,
      ended: { deltas: [{ operations: { sent: 14 } }] },
    },
  ]);
});

test('a client that has to wait for a lease goes on when it comes', async () => {
  const { clock, target, client, said } = await listeningClient();
  client.start(load);
  await clock.pass(seconds);
  expect(target.seen).toHaveLength(10);
  expect(said('response')).toEqual([]);
  client.lease('aaaaaaaa', { first: 10, stride: 1, count: 1 });
  await clock.pass(seconds);
  expect(said<Response>('response')).toMatchObject([{ sent: 10, ended: undefined }]);
  client.lease('aaaaaaaa', undefined);
  expect(said<Response>('response')).toMatchObject([{ sent: 10 }, { sent: 1, ended: {} }]);
});

test('a stride shares one plan between clients', async () => {
  const { clock, target, client, said } = await listeningClient();
  client.start({
    ...load,
    items: 10,
    stages: [{ rate: 100, toRate: undefined, durationNs: undefined }],
    lease: { first: 1, stride: 3, count: 3 },
    more: false,
  });
  await clock.pass(seconds);
  expect(target.seen.map(({ operation, sentNs }) => [operation, sentNs / ms])).toEqual([
    [1, 10],
    [4, 40],
    [7, 70],
  ]);
  expect(said<Response>('response')).toMatchObject([{ sent: 3, acknowledged: 3, ended: {} }]);
});

test('deltas are sparse, plain, and forgotten once told', async () => {
  const { clock, client, said } = await listeningClient();
  client.start(load);
  await clock.pass(2.5 * ms);
  client.collect();
  client.collect();
  expect(said<LoadDeltas[]>('deltas')).toMatchObject([
    [
      {
        operations: { sent: 6, acknowledged: 4 },
        inFlight: 2,
        times: { service: { count: 4, maximumNs: ms } },
      },
    ],
    [{ operations: { sent: 0, acknowledged: 0 }, inFlight: 2, times: {} }],
  ]);
  expect(said<LoadDeltas[]>('deltas')[0]![0]!.times.service!.indexes).toHaveLength(1);
});

test('an epoch of settings is confirmed', async () => {
  const { client, said } = await listeningClient();
  client.configure(7, structuredClone(settingsWith({ WriteConcurrency: 9 })));
  expect(said('confirmed')).toEqual([7]);
});
