import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueQueue } from '../../src/stress-client/due-queue.ts';

test('ids come by time, and by id at the same time, whatever is put, postponed and removed', () => {
  const step = fc.oneof(
    fc.record({ what: fc.constant('put' as const), ns: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ what: fc.constantFrom('take' as const, 'remove' as const), ns: fc.nat(99) }),
    fc.record({ what: fc.constant('postpone' as const), ns: fc.integer({ min: 0, max: 20 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new DueQueue();
      let model: [number, number][] = [];
      let nextId = 0;
      for (const { what, ns } of steps) {
        if (what === 'put') {
          queue.put(nextId, ns);
          model.push([ns, nextId++]);
        } else if (what === 'remove') {
          queue.remove(ns);
          model = model.filter(([, id]) => id !== ns);
        } else if (queue.size > 0) {
          const [firstNs, firstId] = model.shift()!;
          if (what === 'take') expect(queue.take()).toBe(firstId);
          else {
            queue.postponeFirst(firstNs + ns);
            model.push([firstNs + ns, firstId]);
          }
        }
        model.sort(([oneNs, one], [otherNs, other]) => oneNs - otherNs || one - other);
        expect([queue.size, queue.firstNs]).toEqual([model.length, model[0]?.[0] ?? Infinity]);
        if (model.length > 0) expect(queue.first).toBe(model[0]![1]);
      }
    }),
    { seed: 42, numRuns: 500 },
  );
});
