import { expect, test } from 'vitest';
import { Tracer } from '../../src/stress-client/tracer.ts';

test('waiting ends when as many are done as were added', async () => {
  const tracer = new Tracer({ region: 'north' });
  const ends: string[] = [];
  await tracer.wait();
  tracer.add(2);
  const waits = Promise.all([
    tracer.wait().then(() => ends.push('one')),
    tracer.wait().then(() => ends.push('two')),
  ]);
  tracer.done();
  await Promise.resolve();
  expect([ends, tracer.pending]).toEqual([[], 1]);
  tracer.done();
  await waits;
  expect(ends).toEqual(['one', 'two']);
  expect(() => tracer.done()).toThrow('more often');
});
