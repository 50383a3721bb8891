import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsThatFit } from '../../../src/reporting/live-view/columns-that-fit.ts';
import { cutToWidth, displayWidth } from '../../../src/reporting/live-view/display-width.ts';
import { sparkline } from '../../../src/reporting/live-view/sparkline.ts';

test.each([
  [[0, 1, 2, 3, 4, 5, 6, 7, 8], 8, 9, '·▁▂▃▄▅▆▇█'],
  [[1, 2, 3], 100, 5, '  ▁▁▁'],
  [[1, 50, 100], 100, 2, '▄█'],
  [[12.5, 12.6], 100, 2, '▁▂'],
  [[undefined, 3, undefined], 3, 3, ' █ '],
  [[0, 0], 0, 2, '··'],
  [[], 0, 3, '   '],
])('%j on a scale to %d in %d columns is %j', (values, highest, width, line) => {
  expect(sparkline(values, { width, highest })).toBe(line);
});

describe('a text cut to a width', () => {
  test.each([
    ['plain', 5, 'plain'],
    ['plain', 4, 'pla…'],
    ['plain', 1, '…'],
    ['plain', 0, ''],
    ['温度センサー', 12, '温度センサー'],
    ['温度センサー', 6, '温度…'],
    ['温度センサー', 5, '温度…'],
    ['e\u0301e\u0301e\u0301', 3, 'e\u0301e\u0301e\u0301'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3, '👩‍👩‍👧‍👦…'],
  ])('%s in %d', (text, width, cut) => {
    expect(cutToWidth(text, width)).toBe(cut);
    expect(displayWidth(cut)).toBeLessThanOrEqual(width);
  });

  test('is never wider', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, width) => {
        expect(displayWidth(cutToWidth(text, width))).toBeLessThanOrEqual(width);
      }),
      { seed: 5 },
    );
  });
});

describe('columns that fit', () => {
  const table = [
    { width: 8, rank: 0 },
    { width: 5, rank: 2 },
    { width: 10, widest: 30, rank: 3 },
    { width: 4, rank: 1 },
  ];
  test.each([
    [100, [8, 5, 30, 4]],
    [40, [8, 5, 17, 4]],
    [33, [8, 5, 10, 4]],
    [32, [8, 5, 0, 4]],
    [20, [8, 0, 0, 4]],
    [13, [8, 0, 0, 0]],
    [3, [8, 0, 0, 0]],
  ])('in %d', (width, widths) => {
    expect(columnsThatFit(table, width)).toEqual(widths);
  });

  test('what is left is shared', () => {
    const growing = [
      { width: 10, widest: 12, rank: 1 },
      { width: 10, widest: 40, rank: 2 },
      { width: 10, widest: 40, rank: 3 },
      { width: 0, rank: 4 },
    ];
    expect(columnsThatFit(growing, 54)).toEqual([12, 19, 19, 0]);
  });
});
