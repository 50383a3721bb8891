import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeMarker } from '../../src/statement/template/bind-markers.ts';
import type { ValueEncoder } from '../../src/statement/template/value-source.ts';
import { cqlNativeCodes, type CqlNativeName, type CqlType } from '../../src/stress-client/cql-type.ts';
import { anyIndex, anySlot, slotFiles } from './any-slot.ts';
import { compiled } from './compiled.ts';

const natives: readonly CqlType[] = (Object.keys(cqlNativeCodes) as CqlNativeName[]).map((name) => ({
  kind: 'native',
  name,
}));
const bigint: CqlType = { kind: 'native', name: 'bigint' };
const text: CqlType = { kind: 'native', name: 'text' };

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
        const values = insert.cql!.bind([{ markers }], []);
        if ('problem' in values) throw new Error(values.problem);
        const plain = Buffer.alloc(values.itemBytesAtMost + 3);
        const place = insert.places.at(index);
        const end = encoders.reduce(
          (at, encoder) => writeMarker(encoder as ValueEncoder, place, plain, at),
          3,
        );
        const sent = Buffer.alloc(values.itemBytesAtMost + 3);
        expect(values.write(index, -1, 0, sent, 3)).toBe(end);
        expect(sent.toString('hex', 3, end)).toBe(plain.toString('hex', 3, end));
      }
    }),
    { seed: 20261121, numRuns: 1500 },
  );
  expect([...fitting].sort()).toEqual(Object.keys(cqlNativeCodes).sort());
});
