import { expect, test } from 'vitest';
import { readCommandLine } from '../../src/cassandra-stress/read-command-line.ts';
import { settingsBlock } from '../../src/cassandra-stress/settings-block.ts';
import { sample, settingsOf } from './samples.ts';

test.each([
  [
    'write',
    'write n=200000 cl=ONE -rate threads=128 -pop seq=1..200000 -log interval=2s -node 127.0.0.1 -schema replication(strategy=SimpleStrategy,factor=1)',
  ],
  [
    'mixed-fixed',
    'mixed duration=8s no-warmup -rate threads=50 fixed=800/s -pop dist=UNIFORM(1..200000) -node 127.0.0.1',
  ],
] as const)('the settings of ScyllaDB’s: %s', (name, line) => {
  const found = readCommandLine([line], { readFile: () => '', version: '1.0.0' });
  if (found.kind !== 'run') throw new Error(JSON.stringify(found));
  expect(settingsBlock(found.settings)).toBe(settingsOf(sample(name)));
});

test('the settings of a profile, whose keyspace is its own', () => {
  const line =
    'user profile=cassandra-stress/examples/cqlstress-example.yaml ops(insert=2,simple1=1,range1=1) n=4000 no-warmup -rate threads=8 -node 127.0.0.1';
  const found = readCommandLine(line.split(' '), { readFile: () => '', version: '1.0.0' });
  if (found.kind !== 'run') throw new Error(JSON.stringify(found));
  expect(settingsBlock(found.settings, 'stresscql')).toBe(settingsOf(sample('user')));
});
