import * as fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { writeMarker } from '../../src/statement/template/bind-markers.ts';
import type { InsertPlan } from '../../src/statement/template/insert-plan.ts';
import type { ValueEncoder } from '../../src/statement/template/value-source.ts';
import type { CqlMarker } from '../../src/stress-client/cql-plan.ts';
import { cqlNativeCodes, type CqlNativeName, type CqlType } from '../../src/stress-client/cql-type.ts';
import { anyIndex, anySlot, slotFiles } from './any-slot.ts';
import { compiled } from './compiled.ts';

const natives: readonly CqlType[] = (Object.keys(cqlNativeCodes) as CqlNativeName[]).map((name) => ({
  kind: 'native',
  name,
}));
const bigint: CqlType = { kind: 'native', name: 'bigint' };
const text: CqlType = { kind: 'native', name: 'text' };

/** Straight-line code makes of an item what its encoders do, one by one. */
function expectAlike(
  insert: InsertPlan,
  markers: readonly CqlMarker[],
  encoders: readonly ValueEncoder[],
  index: number,
): void {
  const values = insert.cql!.bind([{ markers }], []);
  if ('problem' in values) throw new Error(values.problem);
  const plain = Buffer.alloc(values.itemBytesAtMost + 3);
  const place = insert.places.at(index);
  const end = encoders.reduce((at, encoder) => writeMarker(encoder, place, plain, at), 3);
  const sent = Buffer.alloc(values.itemBytesAtMost + 3);
  expect(values.write(index, -1, 0, sent, 3)).toBe(end);
  expect(sent.toString('hex', 3, end)).toBe(plain.toString('hex', 3, end));
}

it('straight-line code writes the bytes that the encoders say, whatever slots and columns are', () => {
  const fitting = new Set<string>();
  fc.assert(
    fc.property(anySlot, anyIndex, fc.constantFrom(1, 3), (slot, index, RowsPerBatch) => {
      const script = `INSERT t\nINSERT INTO t (k, a, b, i) VALUES ([bigint inc(0) 5], ${slot}, 'x-${slot}', [bigint inc(7)])\nSERIES (k)\nFOR 1s\n`;
      const { insert } = compiled(script, { files: slotFiles, settings: { Target: 'cql', RowsPerBatch } });
      if (insert === undefined) return;
      for (const type of natives) {
        const types = [bigint, type, text, bigint];
        const markers = ['k', 'a', 'b', 'i'].map((name, at) => ({ name, type: types[at]! }));
        const sources = markers.map(({ name }) => insert.columnSource(name));
        // What is no slot is text of the statement.
        if (sources.includes(undefined)) return;
        const encoders = sources.map((source, at) => source!.encoder(markers[at]!.type));
        if (encoders.some((encoder) => 'problem' in encoder)) continue;
        if (type.kind === 'native') fitting.add(type.name);
        expectAlike(insert, markers, encoders as ValueEncoder[], index);
      }
    }),
    { seed: 20261121, numRuns: 1500 },
  );
  expect([...fitting].sort()).toEqual(Object.keys(cqlNativeCodes).sort());
});

// The longest has more words than a function may have variables.
it.each([255, 256, 257, 258, 259, 263, 1_000_000])('blobs of %i random bytes', (size) => {
  const script = `INSERT t\nINSERT INTO t (k, v) VALUES ([bigint inc(0)], [blob rand(${size})])\nDO 9\n`;
  const insert = compiled(script, { files: slotFiles, settings: { Target: 'cql' } }).insert!;
  const markers = [
    { name: 'k', type: bigint },
    { name: 'v', type: { kind: 'native', name: 'blob' } },
  ] as const;
  const encoders = markers.map(({ name, type }) => insert.columnSource(name)!.encoder(type) as ValueEncoder);
  for (const index of [0, 8]) expectAlike(insert, markers, encoders, index);
});

const lengths = [0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 34];
test.each([
  ...lengths.flatMap((length) => [`[blob rand(${length}) 7]`, `[blob rand(${length}) 1e9]`]),
  '[blob rand(3, 40)]',
  '[blob rand(3, 40) 1e9]',
  '[uuid inc(0)]',
  '[uuid inc(281474976710650)]',
  '[uuid inc(9007199254740000) 900]',
  '[uuid rand()]',
  "[timeuuid inc('1582-10-15', 1ms)]",
  "[timeuuid rand('1600-01-01', '5000-01-01')]",
])('%s has the digits of its literal', (slot) => {
  const { insert } = compiled(`INSERT t\nINSERT INTO t (v) VALUES (${slot})\nFOR 1s\n`, {
    settings: { Target: 'cql' },
  });
  const name = /^\[(\w+)/.exec(slot)![1] as CqlNativeName;
  const values = insert!.cql!.bind([{ markers: [{ name: 'v', type: { kind: 'native', name } }] }], []);
  if ('problem' in values) throw new Error(values.problem);
  const sent = Buffer.alloc(values.itemBytesAtMost);
  for (const index of [0, 1, 6, 128, 2 ** 32 + 1]) {
    const digits = sent.toString('hex', 4, values.write(index, -1, 0, sent, 0));
    const [, literal] = /VALUES \((?:0x)?(.*)\)$/.exec(insert!.item(index))!;
    expect(digits).toBe(literal!.replaceAll('-', ''));
  }
});

test.each(['rand(1)', 'rand(-1, 1)', 'rand(1e3, 1e9)', 'rand(-1e-9, 5e-9)', 'rand(1) 70', 'rand(1e15)'])(
  'a vector of %s has the numbers of its literal',
  (draws) => {
    const insert = compiled(`INSERT t\nINSERT INTO t (v) VALUES ([vector(5) ${draws}])\nFOR 1s\n`, {
      settings: { Target: 'cql' },
    }).insert!;
    const type: CqlType = { kind: 'vector', of: { kind: 'native', name: 'float' }, size: 5 };
    const values = insert.cql!.bind([{ markers: [{ name: 'v', type }] }], []);
    if ('problem' in values) throw new Error(values.problem);
    const sent = Buffer.alloc(values.itemBytesAtMost);
    for (const index of [0, 1, 69, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 3]) {
      expect(values.write(index, -1, 0, sent, 0)).toBe(24);
      const [, literal] = /\(\[(.*)\]\)$/.exec(insert.item(index))!;
      const numbers = [0, 1, 2, 3, 4].map((at) => sent.readFloatBE(4 + 4 * at));
      expect(numbers).toEqual(literal!.split(', ').map((text) => Math.fround(Number(text))));
    }
  },
);
