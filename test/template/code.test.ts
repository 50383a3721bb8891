import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { InsertPlan } from '../../src/statement/template/insert-plan.ts';
import { anyIndex, anySlot, slotFiles } from './any-slot.ts';
import { compiled, insertPlan } from './compiled.ts';

const seed = 20261121;
const batch = 23;

/** The lines of an operation, as the plan sends them. */
function sent(plan: InsertPlan, operation: number, items = Infinity): string {
  const staging = Buffer.alloc(plan.operationBytesAtMost + 5);
  return staging.toString('utf8', 5, plan.write({ operation, intendedNs: 0, pick: -1 }, items, staging, 5));
}

function plain(plan: InsertPlan, operation: number): string {
  return Array.from({ length: batch }, (_, at) => plan.item(operation * batch + at)).join('\n');
}

describe('straight-line code writes what the plain evaluator says', () => {
  it('whatever the slots are', () => {
    let accepted = 0;
    const step = fc.constantFrom('1ns', '1us', '999ms', '10s', '90000s');
    const precision = fc.constantFrom('s', 'ms', 'us', 'ns');
    fc.assert(
      fc.property(anySlot, anySlot, anyIndex, step, precision, (one, other, index, every, Precision) => {
        const text = `INSERT t\nm,a=[int inc(0) 3],b=x[r|s],e=${one} f=${other},g="${one}",h=x${other},n=[n: int rand(9)],i=[=n]\nEVERY ${every}\nFOR 1s\n`;
        const { insert } = compiled(text, { files: slotFiles, settings: { BatchSize: batch, Precision } });
        const operation = Math.floor(index / batch / 2);
        const last = insert?.timestampNs((operation + 1) * batch);
        // Later than 2262 there are no points.
        if (insert === undefined || last !== BigInt.asIntN(64, last!)) return;
        accepted++;
        expect(sent(insert, operation)).toBe(plain(insert, operation));
      }),
      { seed, numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  const templates = [
    ['an odometer of three digits', 'm,a=[int inc(0) 3],b=[x|y],c=[int rand(100) 5] v=[float rand(100)]'],
    ['no series', 'm v=[int inc(-50, 7)],w=[int seq(3, -2)],x=[float inc(0.1, 0.1)]'],
    ['one series', 'm,a=[int inc(5) 1] v=[int rand(-5, 5)]'],
    ['cycles beside the odometer', 'm,a=[int inc(0) 4] v=[int inc(0) 3],w=[int seq(0) 5],x=[get*3|put|del]'],
    ['long constants', `m,a=${'x'.repeat(200)} v="${'y'.repeat(67)}",w=[float rand(1)]`],
    ['many texts', `m,a=[${Array.from({ length: 30 }, (_, at) => `text-${at}`).join('|')}] v=1i`],
    ['escapes', 'm,a=[a b|c\\,d|e=f] v="[say \\"x\\"|y]",w="[str rand(3)]"'],
    [
      'decimals',
      'm v=[float rand(1e-9, 5e-9)],w=[float rand(1e9)],x=[float normal(0, 1e-6)],y=[float rand(-1, 1)]',
    ],
    [
      'numbers of every size',
      'm v=[int inc(9007199254740000)],w=[int rand(0, 9007199254740990)],x=[int inc(2147483640)]',
    ],
  ] as const;
  test.each(templates)('%s, at any index', (_, template) => {
    for (const Precision of ['s', 'ms', 'us', 'ns'] as const) {
      const plan = insertPlan(`INSERT t\n${template}\n2e12 110us\n`, {
        settings: { BatchSize: batch, Precision },
      });
      // Around the ends of 31 and 32 bits, and of the first blocks of random numbers.
      for (const index of [0, 1, 50, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 33 + 7, 1e12]) {
        const operation = Math.floor(index / batch);
        expect(sent(plan, operation)).toBe(plain(plan, operation));
      }
    }
  });

  it('to the last of the declared items, and nothing behind it', () => {
    const plan = insertPlan('INSERT t\nm,a=[int inc(0) 4] v=[int inc(0)]\n50 1s\n', {
      settings: { BatchSize: batch },
    });
    expect(sent(plan, 2, 50).split('\n')).toHaveLength(4);
    expect(sent(plan, 3, 50)).toBe('');
  });

  it('of more fields than a function can have variables for', () => {
    const fields = Array.from({ length: 6000 }, (_, at) => `f${at}=[float rand(100)]`).join();
    const plan = insertPlan(`INSERT t\nm ${fields}\n50 1s\n`, { settings: { BatchSize: batch } });
    expect(sent(plan, 0)).toBe(plain(plan, 0));
  });

  it('before 1970', () => {
    const plan = insertPlan('INSERT t\nm v=[int inc(0)]\n1e6 900ms\n', {
      settings: { BatchSize: batch, StartDate: '1969-12-31T23:59:50Z', Precision: 'ms' },
    });
    expect(sent(plan, 0)).toBe(plain(plan, 0));
  });
});

it('is done without where Node may make no code from text', () => {
  const script = `
    import { insertPlan } from './test/template/compiled.ts';
    const plan = insertPlan('INSERT t\\nm,a=[int inc(0) 4] v=[float rand(100)]\\n50 1s\\n');
    const staging = Buffer.alloc(plan.operationBytesAtMost);
    process.stdout.write(staging.toString('utf8', 0, plan.write({ operation: 0, intendedNs: 0, pick: -1 }, 50, staging, 0)));`;
  const run = (...flags: string[]): string =>
    execFileSync(
      process.execPath,
      [...flags, '--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', script],
      {
        encoding: 'utf8',
      },
    );
  const lines = run();
  expect(lines.split('\n')).toHaveLength(50);
  expect(run('--disallow-code-generation-from-strings')).toBe(lines);
});
