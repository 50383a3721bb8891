import { describe, expect, test } from 'vitest';
import { comparisons, runBench } from '../../bench/run-bench.ts';
import type { ComparisonResult } from '../../bench/run-bench.ts';
import { median, resultsText } from '../../bench/results-text.ts';
import { machineFacts } from '../../src/reporting/machine.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { describeWithInflux } from '../servers/influx.ts';

const reason = 'tests install nothing';

/** A round of some comparisons, small enough for every day. */
function smallBench(only: readonly string[], address = ''): Promise<readonly ComparisonResult[]> {
  return runBench({
    rounds: 1,
    size: { operations: 10_000, seconds: 2 },
    only,
    withoutPeers: reason,
    cassandra: async () => address,
    influx: async () => address,
    tell: () => {},
  });
}

/** Every contestant that needs no program of somebody else's has run, and what it sent is there. */
function expectWhole(results: readonly ComparisonResult[], only: readonly string[]): void {
  expect(results.map(({ comparison }) => comparison.name)).toEqual(only);
  for (const { comparison, contestants } of results) {
    const place = (name: string): string => `${comparison.name}: ${name}`;
    expect(contestants.filter((each) => 'outcomes' in each)).not.toHaveLength(0);
    for (const contestant of contestants) {
      if (!('outcomes' in contestant)) {
        expect(contestant, place(contestant.name)).toMatchObject({ missing: reason });
        continue;
      }
      expect(contestant.outcomes, place(contestant.name)).toHaveLength(1);
      const [{ figures, counts }] = contestant.outcomes as [(typeof contestant.outcomes)[0]];
      const known = comparison.columns.filter(({ key }) => key in figures);
      expect(known, place(contestant.name)).not.toHaveLength(0);
      for (const { key } of known) expect(figures[key], place(`${contestant.name}, ${key}`)).not.toBeNaN();
      if (counts === undefined) continue;
      expect(counts.acknowledged, place(contestant.name)).toBeGreaterThan(0);
      expect(counts.stored, place(contestant.name)).toBe(counts.acknowledged);
    }
  }
}

const withCassandra = ['cql-write', 'cql-read', 'cassandra-stress-write', 'cassandra-stress-read'];
const withInflux = ['line-influx'];
const alone = comparisons
  .map(({ name }) => name)
  .filter((name) => !withCassandra.includes(name) && !withInflux.includes(name));

describe('the bench', () => {
  test.each(alone)('%s', async (name) => {
    expectWhole(await smallBench([name]), [name]);
  });

  test('its text has the figures, the commands, and who is missing', async () => {
    const results = await smallBench(['line-responder']);
    const text = resultsText(
      {
        machine: machineFacts(),
        versions: { stressql: '1.2.3' },
        command: 'npm run bench',
        startedMs: 0,
        loadAverage: 0,
        rounds: 1,
        seconds: 2,
        operations: 10_000,
      },
      results,
    );
    expect(text).toContain('stressql 1.2.3');
    expect(text).toMatch(/^\| stressql, one template \| .* \| 10,000 \| 10,000 \|$/m);
    expect(text).toContain(`- missing: influx_stress: ${reason}`);
    expect(text).toContain('npx stressql run bench/profiles/points.sql');
  });

  test.each<[readonly number[], number | undefined]>([
    [[], undefined],
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('the median of %j is %s', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describeWithCassandra('the bench on a real Cassandra', ({ address }) => {
  test.each(withCassandra)('%s', { timeout: 120_000 }, async (name) => {
    expectWhole(await smallBench([name], address), [name]);
  });
});

describeWithInflux('the bench on a real InfluxDB', ({ address }) => {
  test.each(withInflux)('%s', { timeout: 120_000 }, async (name) => {
    expectWhole(await smallBench([name], address), [name]);
  });
});
