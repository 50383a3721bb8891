import { expect, test, vi } from 'vitest';
import { readDistribution } from '../../../src/statement/template/stress/distribution.ts';
import { PartitionVisits, type Visit } from '../../../src/statement/template/stress/partition-visits.ts';
import { WordStream } from '../../../src/statement/template/word-stream.ts';

function visitsOf(distribution: string, over: number): PartitionVisits {
  const stream = new WordStream(42, 't', 'partitions');
  return new PartitionVisits({ distribution: readDistribution(distribution), over }, stream);
}

function text({ partition, visit, visits }: Visit): string {
  return `${partition}:${visit}/${visits}`;
}

test.each([
  ['fixed(2)', 1, '0:0/2 0:1/2 1:0/2 1:1/2 2:0/2'],
  ['fixed(2)', 3, '0:0/2 1:0/2 2:0/2 0:1/2 1:1/2 2:1/2 3:0/2'],
  ['fixed(1)', 3, '0:0/1 1:0/1 2:0/1 3:0/1'],
])('%s over %i', (distribution, over, expected) => {
  const visits = visitsOf(distribution, over);
  const items = expected.split(' ');
  expect(items.map((_, item) => text(visits.at(item))).join(' ')).toBe(expected);
});

test.each([1, 7, 100])('drawn, over %i: every visit of every partition once, in turns', (over) => {
  const visits = visitsOf('uniform(1..5)', over);
  const all = Array.from({ length: 3000 }, (_, item) => visits.at(item));
  expect(new Set(all.map(text)).size).toBe(all.length);
  const last = all.at(-1)!.partition;
  const whole = all.filter(({ partition }) => partition < last - over - (last % over));
  for (const [partition, of] of Map.groupBy(whole, (each) => each.partition)) {
    expect(of.map(({ visit }) => visit)).toEqual(Array.from({ length: of[0]!.visits }, (_, visit) => visit));
    expect(of[0]!.visits).toBe(visitsOf('uniform(1..5)', over).at(all.indexOf(of[0]!)).visits);
    expect(Math.floor(partition / over)).toBeLessThanOrEqual(last / over);
  }
  for (const [at, each] of all.entries()) {
    const next = all[at + 1];
    if (next === undefined || Math.floor(next.partition / over) > Math.floor(each.partition / over)) continue;
    expect(next.visit - each.visit).toBeOneOf([0, 1]);
  }
  // Any by itself is the same, in any order.
  const again = visitsOf('uniform(1..5)', over);
  for (const item of [2500, 17, 1200]) expect(again.at(item)).toEqual(all[item]);
});

test('drawn: the turns of a round', () => {
  const visits = visitsOf('uniform(1..3)', 4);
  const counts = [0, 1, 2, 3].map(
    (partition) => visitsOf('uniform(1..3)', 1).at(firstItemOf(partition)).visits,
  );
  const expected = [0, 1, 2].flatMap((visit) =>
    [3, 2, 1].flatMap((of) =>
      counts.flatMap((each, partition) => (each === of && visit < of ? [`${partition}:${visit}/${of}`] : [])),
    ),
  );
  expect(expected.map((_, item) => text(visits.at(item)))).toEqual(expected);
  expect(visits.at(expected.length)).toMatchObject({ visit: 0 });

  function firstItemOf(partition: number): number {
    const one = visitsOf('uniform(1..3)', 1);
    let item = 0;
    while (one.at(item).partition < partition) item++;
    return item;
  }
});

test.each([1, 100])('drawn, over %i: back by some partitions and forth again draws about as many', (over) => {
  const stream = new WordStream(42, 't', 'partitions');
  const visits = new PartitionVisits({ distribution: readDistribution('uniform(1..3)'), over }, stream);
  const drawn = vi.spyOn(stream, 'word');
  const items = 100_000;
  for (let item = 0; item < items; item++) visits.at(item);
  // Two words of a partition.
  const once = drawn.mock.calls.length;
  expect(once / 2).toBe(over * (Math.floor(visits.at(items - 1).partition / over) + 1));
  for (let back = 1; back <= 300; back++) visits.at(items - back);
  expect((drawn.mock.calls.length - once) / 2).toBeLessThanOrEqual(300 + 2 * over);
  drawn.mockClear();
  visits.at(items - 1);
  expect(drawn.mock.calls.length / 2).toBeLessThanOrEqual(2 * over);
  drawn.mockClear();
  visits.at(12_345);
  // Of 50,000 partitions every 16th is kept.
  expect(drawn.mock.calls.length / 2).toBeLessThanOrEqual(Math.max(12, 2 * over));
});
