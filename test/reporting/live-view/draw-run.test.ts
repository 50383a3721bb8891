import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../../src/reporting/live-view/display-width.ts';
import { drawRun, type RunPicture } from '../../../src/reporting/live-view/draw-run.ts';
import { keyTable } from '../../../src/reporting/live-view/live-keys.ts';
import type { LiveFigures, LiveRow, RunHead } from '../../../src/reporting/live-view/live-run.ts';
import { nameOf } from '../../../src/reporting/live-view/statement-figures.ts';

const figures: LiveFigures = {
  unit: 'points',
  achieved: 4987,
  offered: 5000,
  p50Ns: 1.23e6,
  p99Ns: 4.5e6,
  errors: 0,
  share: 0.425,
  leftNs: 58e9,
  throughputs: [1000, 2500, 5000, 4987],
  p99sNs: [1e6, undefined, 9e6, 4.5e6],
};

function row(of: Partial<LiveRow> = {}): LiveRow {
  return { statementId: 'a', name: 'INSERT load', role: 'statement', state: 'running', figures, ...of };
}

const rows: readonly LiveRow[] = [
  row(),
  row({
    statementId: 'b',
    name: 'MIX mixed',
    role: 'mix',
    figures: { ...figures, unit: 'operations', p50Ns: undefined, p99Ns: undefined, p99sNs: [] },
  }),
  row({ statementId: 'b', name: 'INSERT write', role: 'member' }),
  row({
    statementId: 'c',
    name: 'QUERY read',
    role: 'member',
    figures: {
      ...figures,
      unit: 'queries',
      offered: undefined,
      errors: 1234,
      share: undefined,
      leftNs: undefined,
    },
  }),
  row({ statementId: 'd', name: 'QUERY later', state: 'waiting', figures: undefined }),
];

const head: RunHead = {
  testId: 'k3x9w2ab',
  testName: 'nightly',
  target: 'cql 10.0.0.1',
  elapsedNs: 72.9e9,
  states: ['VALID'],
  isHeld: false,
  inFlight: 128,
  latenessNs: 1.2e5,
  pauseNs: 3.4e6,
};

const picture: RunPicture = { head, rows, ended: [], chosen: 'b', firstRow: 0, prompt: 'space holds' };

function drawn(of: Partial<RunPicture>, columns: number, height: number, color = false): readonly string[] {
  return drawRun({ ...picture, ...of }, { columns, rows: height, color }).lines;
}

test('all that there is to say, where there is room', () => {
  expect(drawn({}, 160, 24)).toMatchInlineSnapshot(`
    [
      "run k3x9w2ab  1m 12s  VALID  3 running, 1 waiting  in flight 128  late p99 120 µs  loop pause 3.40 ms  cql 10.0.0.1  nightly",
      "  statement       state    achieved/s  offered/s  of                         achieved, █ =      p50      p99                       p99, █ =  errors  done  left",
      "  INSERT load     running       4,987      5,000  points                      ▂▄██   5,000  1.23 ms  4.50 ms                   ▁ █▄ 9.00 ms       0  42 %  58 s",
      "› MIX mixed       running       4,987      5,000  operations                  ▂▄██   5,000        -        -                                      0  42 %  58 s",
      "    INSERT write  running       4,987      5,000  points                      ▂▄██   5,000  1.23 ms  4.50 ms                   ▁ █▄ 9.00 ms       0  42 %  58 s",
      "    QUERY read    running       4,987          -  queries                     ▂▄██   5,000  1.23 ms  4.50 ms                   ▁ █▄ 9.00 ms   1,234",
      "  QUERY later     waiting",
      "space holds",
    ]
  `);
});

test('on 100 columns', () => {
  expect(drawn({ ended: ['INSERT fill ended: 10.0 points/s, p99 5.00 ms, 0 errors, ran 5 s'] }, 100, 24))
    .toMatchInlineSnapshot(`
    [
      "run k3x9w2ab  1m 12s  VALID  3 running, 1 waiting, 1 ended  in flight 128  late p99 120 µs  nightly",
      "  statement       state    achieved/s  offered/s         achieved, █ =      p99  errors  done  left",
      "  INSERT load     running       4,987      5,000          ▂▄██   5,000  4.50 ms       0  42 %  58 s",
      "› MIX mixed       running       4,987      5,000          ▂▄██   5,000        -       0  42 %  58 s",
      "    INSERT write  running       4,987      5,000          ▂▄██   5,000  4.50 ms       0  42 %  58 s",
      "    QUERY read    running       4,987          -          ▂▄██   5,000  4.50 ms   1,234",
      "  QUERY later     waiting",
      "  INSERT fill ended: 10.0 points/s, p99 5.00 ms, 0 errors, ran 5 s",
      "space holds",
    ]
  `);
});

test('on 40 columns and 10 rows', () => {
  expect(drawn({}, 40, 10)).toMatchInlineSnapshot(`
    [
      "run k3x9w2ab  1m 12s  VALID  nightly",
      "  statement       achieved/s  errors",
      "  INSERT load          4,987       0",
      "› MIX mixed            4,987       0",
      "    INSERT write       4,987       0",
      "    QUERY read         4,987   1,234",
      "  QUERY later",
      "space holds",
    ]
  `);
});

describe.each([1, 5, 20, 40, 41, 63, 80, 100, 133, 200, 400])('on %d columns', (columns) => {
  test.each([1, 2, 3, 4, 7, 10, 24, 60])('and %d rows nothing is too wide or too high', (height) => {
    const many = Array.from({ length: 200 }, (_, index) =>
      row({
        statementId: `s${index}`,
        name: nameOf({ kind: 'query', name: `温度-${index}-${'x'.repeat(index % 50)}` }),
      }),
    );
    for (const of of [
      {},
      { rows: many, ended: ['one', '二'.repeat(300)] },
      { rows: [], ended: [] },
      { keys: keyTable },
    ]) {
      const lines = drawn(of, columns, height);
      expect(lines.length).toBeLessThanOrEqual(Math.max(1, height - 1));
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(1, columns - 1));
      const colored = drawn(of, columns, height, true).map(stripVTControlCharacters);
      expect(colored).toEqual(lines);
    }
  });
});

describe('more rows than there is room for', () => {
  const many = Array.from({ length: 200 }, (_, index) =>
    row({ statementId: `s${index}`, name: `INSERT load-${index}`, figures: { ...figures, errors: index } }),
  );
  const numbers = (lines: readonly string[]): readonly number[] =>
    lines.flatMap((line) => (/load-(\d+)/.exec(line) ?? []).slice(1).map(Number));

  test.each([
    [0, 0, [0, 5]],
    [0, 5, [0, 5]],
    [0, 6, [1, 6]],
    [0, 199, [194, 199]],
    [100, 99, [99, 104]],
    [100, 103, [100, 105]],
    [500, 199, [194, 199]],
  ])('from row %d, the chosen one is %d', (firstRow, chosen, [from, to]) => {
    const { lines, firstRow: next } = drawRun(
      { ...picture, rows: many, chosen: `s${chosen}`, firstRow },
      { columns: 120, rows: 11, color: false },
    );
    const shown = numbers(lines);
    expect([shown[0], shown.at(-1), shown.length]).toEqual([from, to, 6]);
    expect(next).toBe(from);
    expect(lines.filter((line) => line.startsWith('› '))).toEqual([
      lines.find((line) => line.includes(`load-${chosen} `)),
    ]);
  });

  test('the rest is counted, with its errors', () => {
    expect(drawn({ rows: many, firstRow: 100, chosen: 's100' }, 120, 11).at(-2)).toBe(
      `  ↑ 100 more, ↓ 94 more, ${(19_900 - (100 + 101 + 102 + 103 + 104 + 105)).toLocaleString('en-US')} errors`,
    );
  });
});

test('what has ended has the room that is left, the latest last', () => {
  const ended = Array.from({ length: 30 }, (_, index) => `INSERT over-${index} ended`);
  const lines = drawn({ ended }, 100, 12);
  expect(lines.slice(7, 10)).toEqual([
    '  INSERT over-27 ended',
    '  INSERT over-28 ended',
    '  INSERT over-29 ended',
  ]);
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toBe('space holds');
});

test('a held run, its states, and figures that are not there', () => {
  const [line] = drawn(
    {
      head: {
        ...head,
        isHeld: true,
        states: ['INVALID_CLIENT', 'INCOMPLETE'],
        latenessNs: undefined,
        pauseNs: undefined,
        testName: '',
      },
    },
    160,
    24,
  );
  expect(line).toBe(
    'run k3x9w2ab  1m 12s  HELD  INVALID_CLIENT INCOMPLETE  3 running, 1 waiting  in flight 128  cql 10.0.0.1',
  );
});

test('errors are red, the chosen one is marked, where there is colour', () => {
  const lines = drawn({}, 160, 24, true);
  expect(lines.filter((line) => line.includes('\u001b[31m'))).toEqual([lines[5]]);
  expect(lines.findIndex((line) => line.includes('\u001b[7m'))).toBe(3);
});

test('names and texts of others steer no terminal', () => {
  const evil = nameOf({ kind: 'insert', name: 'a\u001b[2J\u0007\r\n\u202eb' });
  const text = drawn(
    { rows: [row({ name: evil })], head: { ...head, testName: '\u001b[31mred', target: '\u009b2J' } },
    200,
    24,
  ).join('');
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  expect(text).toContain('INSERT a·[2J····b');
});
