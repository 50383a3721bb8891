import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { boundingYoungGeneration } from '../../src/cli/bounded-young-generation.ts';

test('items are the same', () => {
  const items = Array.from({ length: 2500 }, (_, index) => index);
  expect([...boundingYoungGeneration(items)]).toEqual(items);
});

test('what is kept of many items leaves the young generation small', () => {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { boundingYoungGeneration } from './src/cli/bounded-young-generation.ts';
    const kept = [];
    for (const index of boundingYoungGeneration(Array(1_000_000).keys()))
      kept.push({ index, text: [index], further: [index, index] });
    const { space_size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    console.log(kept.length, space_size);
  `;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  const [kept, bytes] = printed.split(' ').map(Number);
  expect(kept).toBe(1_000_000);
  expect(bytes).toBeLessThan(40e6);
});
