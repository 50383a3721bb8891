import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startCqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import { startPracticeServer } from '../../src/practice/practice-server.ts';
import { eventsOf, type EventLine } from '../../src/reporting/event-line.ts';
import type { RunEvent } from '../../src/stress-client/results.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

function linesOf(folder: string): readonly EventLine[] {
  const text = readFileSync(join(folder, 'events.ndjson'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EventLine);
}

function shown(events: readonly RunEvent[]): readonly string[] {
  return events.map(({ kind, name, text }) =>
    [kind, name, text].filter((word) => word !== undefined).join(' '),
  );
}

test('what a run does is told as it begins and as it ends', async () => {
  const out = temporaryFolder();
  const profile = [
    'SET Target [sink]\n',
    'SET TestName [events]\n',
    'EXEC /bin/echo ready\n',
    'GO INSERT cpu\ncpu,host=h-[int inc(0) 10]\nvalue=[float rand(100)]\nAT 100/s FOR 100ms, 100/s TO 200/s FOR 100ms\nWITH BatchSize [10]\n',
    'QUERY ask\nSELECT value FROM cpu\nDO 5\n',
    'WAIT\n',
  ].join('\n');
  const words = ['run', '-', '--quiet', '--allow-exec', '--out', out, '--test-id', 'events01'];
  await stressql(words, { input: profile });
  const lines = linesOf(onlyRunFolder(out));
  const events = eventsOf(lines);
  expect(shown(events).toSorted()).toEqual([
    'exec EXEC /bin/echo ready',
    'run run events01 events',
    'stage cpu 100/s FOR 100ms',
    'stage cpu 100/s TO 200/s FOR 100ms',
    'statement ask QUERY ask',
    'statement cpu INSERT cpu',
  ]);
  expect(lines).toHaveLength(2 * events.length);
  for (const event of events) expect(event.endNs).toBeGreaterThan(event.startNs);
  const [first, second] = events.filter(({ kind }) => kind === 'stage');
  expect(second!.startNs).toBe(first!.endNs);
  const [run, ...others] = events;
  for (const { startNs, endNs } of others)
    expect(startNs >= run!.startNs && endNs! <= run!.endNs!).toBe(true);
});

const targets = {
  influx: [
    'SET Database [events]\n',
    'INSERT cpu\ncpu,host=h-[int inc(0) 10]\nvalue=[float rand(100)]\nAT 100/s FOR 6s\nWITH BatchSize [1]\n',
  ],
  cql: [
    'SET Keyspace [events]\n',
    "CQL CREATE KEYSPACE IF NOT EXISTS events WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}\n",
    'CQL CREATE TABLE events.t (k int PRIMARY KEY, v int)\n',
    'INSERT rows\nINSERT INTO t (k, v) VALUES ([int inc(0)], [int rand(9)])\nAT 100/s FOR 6s\nWITH BatchSize [1]\n',
  ],
};

describe('a node that is lost and comes back', () => {
  test.each([
    ['influx', targets.influx, []],
    ['cql', targets.cql, []],
    ['cql', targets.cql, ['SET Driver [driver]\n']],
  ] as const)('%s', async (target, statements, settings) => {
    const out = temporaryFolder();
    const start = (port?: number) =>
      target === 'cql'
        ? startCqlPracticeServer({ protocol: 'cql', ...(port !== undefined && { port }) })
        : startPracticeServer(port === undefined ? {} : { port });
    let server = await start();
    const { address } = server;
    const profile = [
      `SET Target [${target}]\n`,
      `SET Addresses [${address}]\n`,
      'SET ReportInterval [100ms]\n',
    ];
    const running = stressql(['run', '-', '--quiet', '--out', out], {
      input: [...profile, ...settings, ...statements].join('\n'),
    });
    const events = (): readonly RunEvent[] => {
      try {
        return eventsOf(linesOf(onlyRunFolder(out)));
      } catch {
        return [];
      }
    };
    const until = async (kind: RunEvent['kind']): Promise<void> => {
      while (!events().some((event) => event.kind === kind)) await sleep(50);
    };
    await until('stage');
    await sleep(300);
    await server.close();
    await until('node-lost');
    server = await start(Number(address.split(':')[1]));
    await until('node-back');
    await running;
    await server.close();
    const nodes = events().filter(({ kind }) => kind.startsWith('node'));
    expect(shown(nodes)).toEqual([`node-lost ${address} lost`, `node-back ${address} is back`]);
    const report = readFileSync(join(onlyRunFolder(out), 'report.txt'), 'utf8');
    expect(report).toMatch(/Events, since the start\n.* lost\n.* is back\n/);
  });
});
