import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readDistribution } from '../../../src/statement/template/stress/distribution.ts';
import { ColumnHash } from '../../../src/statement/template/stress/column-hash.ts';
import { BlobColumn, KeyColumn } from '../../../src/statement/template/stress/row-data.ts';
import { recorded } from '../../cassandra-stress/recorded.ts';

/** Rows of seeds 1 to 1,000 as cassandra-stress wrote them: 10 bytes of key, five columns of 34. */
const rows = readFileSync(new URL('../../cassandra-stress/rows-of-seeds.bin', import.meta.url));
const rowBytes = 10 + 5 * 34;
const columns = ['C0', 'C1', 'C2', 'C3', 'C4'].map(
  (name) => new BlobColumn(name, readDistribution('FIXED(34)')),
);
const keyColumn = new KeyColumn('key', readDistribution('FIXED(10)'));
const hash = new ColumnHash();

function writeRow(seed: number, staging: Uint8Array): number {
  let end = keyColumn.write(0, seed, staging, 0);
  hash.clear();
  hash.addBytes(staging, 0, end);
  for (const column of columns) end = column.write(hash.high, hash.low, staging, end);
  return end;
}

test('all thousand rows', () => {
  const staging = new Uint8Array(rowBytes);
  const different: number[] = [];
  for (let seed = 1; seed <= 1000; seed++) {
    expect(writeRow(seed, staging)).toBe(rowBytes);
    if (!rows.subarray((seed - 1) * rowBytes, seed * rowBytes).equals(staging)) different.push(seed);
  }
  expect(different).toEqual([]);
});

test.each([
  [1, '30503337373039503231'],
  [2, '4f384c4b37394c4f3631'],
  [3, '4f503030314c35393330'],
])('the key of seed %i', (seed, key) => {
  const staging = new Uint8Array(10);
  keyColumn.write(0, seed, staging, 0);
  expect(Buffer.from(staging).toString('hex')).toBe(key);
});

test('writes at its place and no further', () => {
  const staging = new Uint8Array(3 + rowBytes + 3).fill(0xaa);
  writeRow(1, staging.subarray(3));
  expect([...staging.subarray(0, 3), ...staging.subarray(3 + rowBytes)]).toEqual(Array(6).fill(0xaa));
});

describe('values of the generators of the real tool', () => {
  const halves = (seed: string): { high: number; low: number } => ({
    high: Number(BigInt.asIntN(32, BigInt(seed) >> 32n)),
    low: Number(BigInt.asIntN(32, BigInt(seed))),
  });
  const { bytes } = recorded('data');
  const columnValues = bytes.filter(({ name }) => name !== 'key');
  // A sequence begins at a draw; all other draws are below 2^53, too.
  test.each(columnValues)('column $name, $size, seed $seed', ({ name, size, seed, hex }) => {
    const column = new BlobColumn(name, readDistribution(size));
    const { high, low } = halves(seed);
    const staging = new Uint8Array(1000);
    const end = column.write(high, low, staging, 0);
    expect(Buffer.from(staging.subarray(0, end)).toString('hex')).toBe(hex);
  });

  const keys = bytes.filter(({ name }) => name === 'key');
  test.each(keys)('key, $size, seed $seed', ({ size, seed, hex }) => {
    const column = new KeyColumn('key', readDistribution(size));
    const { high, low } = halves(seed);
    const staging = new Uint8Array(1000);
    const end = column.write(high, low, staging, 0);
    expect(Buffer.from(staging.subarray(0, end)).toString('hex')).toBe(hex);
  });
});
