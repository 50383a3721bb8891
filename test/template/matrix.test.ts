import { describe, expect, it } from 'vitest';
import type { ArgumentKind } from '../../src/statement/template/arguments.ts';
import { functionReference, typeReference } from '../../src/statement/template/matrix-reference.ts';
import { slotTypes, type SlotTypeDefinition } from '../../src/statement/template/matrix.ts';
import type { Cell } from '../../src/statement/template/cell.ts';
import { insertPlan } from './compiled.ts';

/** Arguments that every function takes in a place of this kind. */
const argumentsOf: Readonly<Record<Exclude<ArgumentKind, 'text'>, readonly [string, string]>> = {
  number: ['2.5', '50'],
  positive: ['1.5', '20'],
  deviation: ['2', '3.5'],
  share: ['0.25', '1'],
  whole: ['3', '40'],
  size: ['5', '9'],
  length: ['5', '9'],
  words: ['2', '4'],
  period: ['1h', '2h'],
  duration: ['1s', '90s'],
  milliseconds: ['20ms', '10s'],
  days: ['1d', '2d'],
  timestamp: ["'2026-01-01'", "'2026-02-01T12:00:00Z'"],
  date: ["'2026-01-01'", "'2026-02-01'"],
  time: ["'08:00'", "'17:30:05.5'"],
  address: ["'10.0.0.1'", "'10.0.3.1'"],
  column: ['key', "'C0'"],
  sizes: ['10', "'uniform(1..40)'"],
  draws: ["'uniform(1..1000)'", "'gaussian(1..100)'"],
  file: ["'values.txt'", "'values.txt'"],
};

/** A value of each type, as const takes it. */
const values: Readonly<Record<string, string>> = {
  int: '-7',
  float: '7.5',
  str: 'some text',
  bool: 'true',
  bigint: '9223372036854775807',
  smallint: '-32768',
  tinyint: '127',
  counter: '5',
  varint: '123456789012345678901234567890',
  decimal: '1.10',
  double: '-1e-5',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  timeuuid: '50554d6e-29bb-11e5-b345-feff819cdc9f',
  blob: '0x00ff',
  timestamp: '2026-01-01T12:30:00.000Z',
  date: '2026-01-01',
  time: '12:30:00.000000000',
  duration: '1m30s',
  inet: '::1',
};

interface Call {
  readonly type: string;
  readonly name: string;
  readonly definition: SlotTypeDefinition;
  readonly call: string;
}

/** Every cell of the matrix, each way to call it. */
const calls: readonly Call[] = Object.entries<SlotTypeDefinition>(slotTypes).flatMap(([type, definition]) =>
  Object.entries<Cell>(definition.functions as Readonly<Record<string, Cell>>).flatMap(([name, cell]) =>
    // What a row of a partition has is not of the index alone.
    cell
      .filter(({ parameters }) => parameters.every(({ kind }) => kind !== 'draws'))
      .map(({ parameters }) => {
        const given = parameters.map(({ kind }, index) =>
          kind === 'text' ? `'${values[type]!}'` : argumentsOf[kind][Math.min(index, 1)]!,
        );
        return { type, name, definition, call: `${name}(${given.join(', ')})` };
      }),
  ),
);

describe('every cell of the matrix', () => {
  // What follows from a key has tests of its own.
  it.each(calls.filter(({ name }) => name !== 'stress'))(
    '[$type $call] gives values that its type reads, as line protocol and as CQL',
    ({ type, name, definition, call }) => {
      const conditions = { files: { 'values.txt': values[type]! }, startMs: Date.UTC(2026, 5, 1) };
      const line = insertPlan(`INSERT t\nm f=[${type} ${call}]\nFOR 1s`, conditions);
      for (let index = 0; index < 50; index++) {
        const { text } = line.valueOf('f', index);
        expect(definition.read(text)).toBe(text);
        const field = { integer: `${text}i`, float: text, boolean: text, string: `"${text}"` }[
          definition.field
        ];
        expect(line.item(index)).toMatch(new RegExp(`^m f=${field.replaceAll(/[.+]/g, '\\$&')} \\d+$`));
      }
      // Nanoseconds since 1970 are more than a CQL int holds.
      if (type === 'int' && name === 'now') return;
      const row = insertPlan(`INSERT t\nINSERT INTO t (f) VALUES ([${type} ${call}])\nFOR 1s`, conditions);
      const { text } = row.valueOf('f', 7);
      const literal = definition.literal === 'quoted' ? `'${text}'` : text;
      expect(definition.read(text)).toBe(text);
      expect(row.item(7)).toBe(`INSERT INTO t (f) VALUES (${literal})`);
    },
  );
});

describe('the reference', () => {
  it('names every cell once', () => {
    const named = functionReference.flatMap(({ name, forms }) =>
      forms.flatMap(({ types }) => types.map((type) => `${type} ${name}`)),
    );
    const cells = typeReference.flatMap(({ name, functions }) => functions.map((each) => `${name} ${each}`));
    expect(new Set(named)).toEqual(new Set(cells));
    const all = Object.values<SlotTypeDefinition>(slotTypes).flatMap(({ functions }) =>
      Object.values<Cell>(functions as Readonly<Record<string, Cell>>).flat(),
    );
    expect(named.length).toBe(all.length);
  });

  it('writes signatures with what may be left out', () => {
    const signatures = functionReference.flatMap(({ forms }) => forms.map(({ signature }) => signature));
    expect(new Set(signatures)).toContain('inc(start[, step])');
    expect(new Set(signatures)).toContain('sine(period, amplitude[, offset])');
    expect(new Set(signatures)).toContain('rand([share])');
  });

  it('gives an alias to one type only', () => {
    const names = [
      ...typeReference.map(({ name }) => name),
      ...typeReference.flatMap(({ aliases }) => aliases),
    ];
    expect(new Set(names).size).toBe(names.length);
  });
});
