import * as fc from 'fast-check';
import type { ArgumentKind } from '../../src/statement/template/arguments.ts';
import type { Cell } from '../../src/statement/template/cell.ts';
import { slotTypes, type SlotTypeDefinition } from '../../src/statement/template/matrix.ts';

/** What may stand for an argument of a kind; some of it is right only together with other arguments. */
const argumentsOf: Readonly<Record<ArgumentKind, readonly string[]>> = {
  number: ['0', '-1', '2.5', '1e15', '1e300', '0.0000001', '-9007199254740991'],
  positive: ['1', '0.5', '1e-9', '1e15', '1e300'],
  deviation: ['0', '1', '0.001', '1e300'],
  share: ['0', '0.5', '1'],
  whole: ['0', '1', '-5', '127', '70000', '9007199254740991', '-9007199254740991'],
  size: ['1', '3', '5000', '1e15'],
  length: ['0', '1', '13', '14', '300'],
  words: ['1', '3', '10000'],
  period: ['1s', '1d', '1ns'],
  duration: ['0s', '1ns', '10s', '1w'],
  milliseconds: ['0s', '1ms', '1d'],
  days: ['0d', '1d', '1w'],
  timestamp: ["'1900-01-01'", "'2026-01-01T12:30:00Z'", "'9999-12-31'"],
  date: ["'1900-01-01'", "'2026-01-01'"],
  time: ["'00:00'", "'23:59:59.999999999'"],
  address: ["'0.0.0.0'", "'255.255.255.255'"],
  text: ['1', "'a b'", 'true', "'2026-01-01'", '0x00ff', '1s'],
  column: ["'key'", "'C0'", 'é'],
  sizes: ['0', '1', '10', '34', '300', "'uniform(1..40)'", "'~gaussian(1..9,2)'", "'qextreme(0..9,1,3)'"],
  draws: ['7', "'uniform(1..100)'", "'gaussian(-9..9)'", "'~exp(1..50)'", "'seq(1..3)'"],
  file: ["'f.txt'", "'empty.txt'", "'none.txt'"],
};
const anyArgument = fc.constantFrom(...Object.values(argumentsOf).flat(), 'nonsense');

const shapes = Object.entries<SlotTypeDefinition>(slotTypes).flatMap(([type, { functions }]) =>
  Object.entries<Cell>(functions as Readonly<Record<string, Cell>>).flatMap(([name, cell]) =>
    // What a row of a partition has can't be had one value by one.
    cell
      .filter(({ parameters }) => parameters.every(({ kind }) => kind !== 'draws'))
      .map(({ parameters }) => ({ type, name, parameters })),
  ),
);

/** Slots of which most are right. */
export const anySlot = fc.constantFrom(...shapes).chain(({ type, name, parameters }) =>
  fc
    .record({
      type: fc.oneof(
        { weight: 20, arbitrary: fc.constant(type) },
        {
          weight: 2,
          arbitrary: fc.constantFrom(`list(3) of ${type}`, `set(2) of ${type}`, `map(2) of ${type}, ${type}`),
        },
        { weight: 1, arbitrary: fc.constantFrom('nonsense', 'vector(2)', 'list of int', 'int(3)', 'text') },
      ),
      name: fc.oneof(
        { weight: 30, arbitrary: fc.constant(name) },
        { weight: 1, arbitrary: fc.constantFrom('nonsense', 'rand') },
      ),
      given: fc.tuple(
        ...parameters.map(({ kind }) =>
          fc.oneof(
            { weight: 20, arbitrary: fc.constantFrom(...argumentsOf[kind]) },
            { weight: 1, arbitrary: anyArgument },
          ),
        ),
      ),
      count: fc.constantFrom('', '', ' 0', ' 1', ' 3', ' 5000', ' 1e12'),
    })
    .map((parts) => `[${parts.type} ${parts.name}(${parts.given.join(', ')})${parts.count}]`),
);
/** Indexes of items, small ones and any. */
export const anyIndex = fc.oneof(fc.nat(1000), fc.maxSafeInteger().map(Math.abs));
/** Files that the slots read. */
export const slotFiles = { 'f.txt': '1\n2*3\n', 'empty.txt': '\n' };
