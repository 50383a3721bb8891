import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { QueryAnswer } from '../../src/stress-client/target/influx/query-answer.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const tricky = fc.oneof(text, fc.constantFrom('error', '"error":"', '[[[[', '\\', '"', ']}', '{"values":[['));
const value = fc.oneof(tricky, fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
const series = fc.record(
  {
    name: tricky,
    tags: fc.dictionary(tricky, tricky, { maxKeys: 3 }),
    columns: fc.array(tricky, { maxLength: 3 }),
    values: fc.array(fc.array(value, { maxLength: 4 }), { maxLength: 5 }),
    partial: fc.boolean(),
  },
  { requiredKeys: [] },
);
const result = fc.record(
  {
    statement_id: fc.nat(),
    series: fc.array(series, { maxLength: 3 }),
    messages: fc.array(fc.record({ level: tricky, text: tricky }), { maxLength: 2 }),
    error: tricky,
  },
  { requiredKeys: ['statement_id'] },
);
const answer = fc.record(
  { results: fc.array(result, { maxLength: 3 }), error: tricky },
  { requiredKeys: ['results'] },
);

it('finds the rows and the first error of any answer, however its bytes arrive', () => {
  let withError = 0;
  let withRows = 0;
  fc.assert(
    fc.property(answer, fc.boolean(), fc.integer({ min: 1, max: 40 }), (given, indented, chunkBytes) => {
      const bytes = Buffer.from(JSON.stringify(given, null, indented ? 2 : 0));
      const read = new QueryAnswer();
      for (let at = 0; at < bytes.length; at += chunkBytes) read.read(bytes.subarray(at, at + chunkBytes));
      const rows = given.results
        .flatMap((each) => each.series ?? [])
        .reduce((sum, { values }) => sum + (values?.length ?? 0), 0);
      const errors = [...given.results.map(({ error }) => error), given.error];
      expect(read.complete).toBe(true);
      expect(read.rows).toBe(rows);
      expect(read.error).toBe(errors.find((error) => error !== undefined));
      if (rows > 0) withRows++;
      if (read.error !== undefined) withError++;
    }),
    { seed: 20160101, numRuns: 1000 },
  );
  expect(withRows).toBeGreaterThan(100);
  expect(withError).toBeGreaterThan(100);
});

it.each([
  [''],
  ['<html></html>'],
  ['{"results":[{"statement_id":0'],
  ['{"results":[{"statement_id":0}]'],
  ['{"results":["'],
])('sees that %j is not a whole answer', (bytes) => {
  const read = new QueryAnswer();
  read.read(Buffer.from(bytes));
  expect(read.complete).toBe(false);
});

it('keeps a bounded part of an endless error', () => {
  const read = new QueryAnswer();
  read.read(Buffer.from(`{"error":"${'x'.repeat(100_000)}"}`));
  expect(read.error?.length).toBe(1024);
});
