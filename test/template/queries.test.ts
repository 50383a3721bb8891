import { describe, expect, it } from 'vitest';
import type { AcknowledgedIndexes } from '../../src/stress-client/acknowledged.ts';
import { compiled, queryPlan, type Conditions } from './compiled.ts';
import { chiSquare, chiSquareLimit } from './statistics.ts';

const points = `INSERT cpu
cpu,host=server-[id: int inc(0) 10],dc=[it's|b] value=[float inc(0, 0.5)],note="say \\"hi\\""
1000 10s

`;
const rows = `INSERT cpu
INSERT INTO shop.r (sensor, "Day", ts, v) VALUES ('s-[int inc(0) 10]', [date const('2026-01-01')], [timestamp seq('2026-01-01', 1m)], [double inc(0)])
SERIES (sensor) DO 1000

`;

/** Companion, query text, the query for item 13 as it is sent. */
const filled: readonly [string, string, string, Conditions?][] = [
  [points, 'SELECT * FROM %m WHERE %T', `SELECT * FROM "cpu" WHERE "host" = 'server-3' AND "dc" = 'b'`],
  [points, 'SELECT * FROM "x-%m" WHERE time = %a', 'SELECT * FROM "x-cpu" WHERE time = 1451606400000000000'],
  [
    points,
    'SELECT v FROM m WHERE a = %(id) AND b = %(host) AND c < %(value) AND d = %(note)',
    `SELECT v FROM m WHERE a = 3 AND b = 'server-3' AND c < 6.5 AND d = 'say "hi"'`,
  ],
  [points, 'SELECT v FROM m WHERE dc = %(dc) LIMIT 5', `SELECT v FROM m WHERE dc = 'b' LIMIT 5`],
  [rows, 'SELECT * FROM %m WHERE %k', `SELECT * FROM shop.r WHERE sensor = 's-3'`],
  [
    rows,
    'SELECT * FROM %m WHERE %K',
    `SELECT * FROM shop.r WHERE sensor = 's-3' AND ts = '2026-01-01T00:01:00.000Z'`,
  ],
  [
    rows,
    'SELECT * FROM %m WHERE %T AND "Day" = %("Day") AND ts = %a',
    `SELECT * FROM shop.r WHERE sensor = 's-3' AND "Day" = '2026-01-01' AND ts = '2026-01-01T00:01:00.000Z'`,
  ],
  [rows, 'SELECT %f FROM shop.r WHERE v = %(v)', `SELECT "Day" FROM shop.r WHERE v = 13`],
];

describe('placeholders', () => {
  it.each(filled)('%s%s', (companion, text, expected, conditions) => {
    const plan = queryPlan(`${companion}QUERY cpu\n${text}\nDO 10\n`, conditions);
    const [first = '', ...rest] = [
      ...new Set(Array.from({ length: 20 }, (_, index) => plan.item(index, 13))),
    ];
    expect([first, ...rest]).toContain(expected);
    const staging = Buffer.alloc(plan.operationBytesAtMost);
    const end = plan.write({ operation: 4, intendedNs: 0, pick: 13 }, 10, staging, 0);
    expect(staging.toString('utf8', 0, end)).toBe(plan.item(4, 13));
  });

  it('%t and %f take each tag and field, by the index of the query', () => {
    const plan = queryPlan(`${points}QUERY cpu\nSELECT %f FROM cpu WHERE %t\nDO 10\n`);
    const texts = Array.from({ length: 200 }, (_, index) => plan.item(index, 0));
    expect([...new Set(texts)].toSorted()).toEqual(
      ['note', 'value'].flatMap((field) =>
        [`"dc" = 'it\\'s'`, `"host" = 'server-0'`].map((tag) => `SELECT "${field}" FROM cpu WHERE ${tag}`),
      ),
    );
    expect(Array.from({ length: 200 }, (_, index) => plan.item(index, 0))).toEqual(texts);
  });
});

describe('slots of a query', () => {
  it.each([
    [
      "SELECT v FROM m WHERE host = 'server-[int inc(0) 2]'",
      [
        "SELECT v FROM m WHERE host = 'server-0'",
        "SELECT v FROM m WHERE host = 'server-1'",
        "SELECT v FROM m WHERE host = 'server-0'",
      ],
    ],
    [
      'SELECT [mean|max](v) FROM m WHERE a = [int inc(5)]',
      ['SELECT mean(v) FROM m WHERE a = 5', 'SELECT max(v) FROM m WHERE a = 6'],
    ],
    [
      'SELECT v FROM "m[int inc(0)]" WHERE h = [str inc(0)]',
      [`SELECT v FROM "m0" WHERE h = '0'`, `SELECT v FROM "m1" WHERE h = '1'`],
    ],
    [
      "SELECT v FROM m WHERE time > [timestamp seq('2026-01-01', 1h)]",
      [
        "SELECT v FROM m WHERE time > '2026-01-01T00:00:00.000Z'",
        "SELECT v FROM m WHERE time > '2026-01-01T01:00:00.000Z'",
      ],
    ],
  ])('%s', (text, expected) => {
    const plan = queryPlan(`QUERY q\n${text}\nDO 10\n`);
    expect(expected.map((_, index) => plan.item(index, -1))).toEqual(expected);
    expect(plan.pick).toBeUndefined();
  });
});

describe('mistakes', () => {
  it.each([
    ['QUERY q\nSELECT %f FROM m\nDO 1', 'T020', /%f stands for a value of an INSERT/],
    [`${points}QUERY cpu\nSELECT v FROM m WHERE %k\nDO 1`, 'T021', /keys are of CQL/],
    [`INSERT cpu\nm v=1\n10\nQUERY cpu\nSELECT v FROM m WHERE %T\nDO 1`, 'T021', /no tags/],
    [`${points}QUERY cpu\nSELECT v FROM m WHERE a = %(hots)\nDO 1`, 'T022', /hots/],
    ['QUERY q\nSELECT [itn inc(0)] FROM m\nDO 1', 'T001', /itn/],
  ])('%s is %s', (text, code, words) => {
    const { diagnostics, query } = compiled(`${text}\n`);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    expect(diagnostics[0]!.message).toMatch(words);
    expect(query).toBeUndefined();
  });

  it('suggest the value that was meant', () => {
    const { diagnostics } = compiled(`${points}QUERY cpu\nSELECT v FROM m WHERE a = %(hots)\nDO 1\n`);
    expect(diagnostics[0]!.suggestion).toBe('host');
  });
});

/** Acknowledged are the items below `end` that `has` says. */
function snapshot(end: number, has: (index: number) => boolean): AcknowledgedIndexes {
  let count = 0;
  for (let index = 0; index < end; index++) if (has(index)) count++;
  return { count, end, has: (index) => index >= 0 && index < end && has(index) };
}

function pick(clause: string): NonNullable<ReturnType<typeof queryPlan>['pick']> {
  return queryPlan(`${points}QUERY cpu\nSELECT v FROM m WHERE %T\nDO 10 ${clause}\n`).pick!;
}

describe('PICK', () => {
  it.each(['', 'PICK uniform', 'PICK latest', 'PICK each', 'PICK zipf(1.1)'])(
    '%s picks nothing but what is acknowledged',
    (clause) => {
      const choose = pick(clause);
      expect(
        choose(
          0,
          snapshot(0, () => false),
        ),
      ).toBe(-1);
      expect(
        choose(
          0,
          snapshot(50, () => false),
        ),
      ).toBe(-1);
      for (const has of [(index: number) => index % 7 === 3, (index: number) => index === 999, () => true]) {
        const acknowledged = snapshot(1000, has);
        for (let query = 0; query < 300; query++)
          expect(acknowledged.has(choose(query, acknowledged))).toBe(true);
      }
    },
  );

  it('uniform is uniform over what is acknowledged, also beside holes', () => {
    const choose = pick('PICK uniform');
    const acknowledged = snapshot(1000, (index) => index % 100 < 10);
    const counts = Array<number>(100).fill(0);
    for (let query = 0; query < 20_000; query++) {
      const index = choose(query, acknowledged);
      counts[Math.floor(index / 100) * 10 + (index % 100)]!++;
    }
    expect(chiSquare(counts, Array(100).fill(0.01))).toBeLessThan(chiSquareLimit(99));
  });

  it('latest is the largest index', () => {
    expect(
      pick('PICK latest')(
        5,
        snapshot(1000, (index) => index < 700),
      ),
    ).toBe(699);
  });

  it('each goes through all of them in order, and starts anew after the last', () => {
    const choose = pick('PICK each');
    const acknowledged = snapshot(50, () => true);
    const indexes = Array.from({ length: 120 }, (_, query) => choose(query, acknowledged));
    expect(indexes).toEqual(Array.from({ length: 120 }, (_, query) => query % 50));
  });

  it('zipf makes small indexes popular', () => {
    const choose = pick('PICK zipf(1)');
    const acknowledged = snapshot(100, () => true);
    const weights = Array.from({ length: 100 }, (_, index) => 1 / (index + 1));
    const total = weights.reduce((sum, weight) => sum + weight);
    const counts = Array<number>(100).fill(0);
    for (let query = 0; query < 20_000; query++) counts[choose(query, acknowledged)]!++;
    expect(
      chiSquare(
        counts,
        weights.map((weight) => weight / total),
      ),
    ).toBeLessThan(chiSquareLimit(99));
  });

  it('is the same for the same query and snapshot', () => {
    const acknowledged = snapshot(1000, (index) => index % 3 === 0);
    const [one, other] = [pick('PICK uniform'), pick('PICK uniform')];
    const picks = Array.from({ length: 50 }, (_, query) => one(query, acknowledged));
    expect(Array.from({ length: 50 }, (_, query) => other(49 - query, acknowledged)).toReversed()).toEqual(
      picks,
    );
  });
});
