import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ExpectedRow, ExpectedValues } from '../../src/stress-client/cql-plan.ts';
import type { CqlType } from '../../src/stress-client/cql-type.ts';
import type { QueryPlan } from '../../src/statement/template/compile-query.ts';
import { bound, serializedValues } from './bound.ts';
import { compiled, queryPlan } from './compiled.ts';
import { cqlType } from './cql-types.ts';

const cql = { settings: { Target: 'cql' } } as const;
const select = 'SELECT a FROM t WHERE k = [int inc(0)]';

function plan(returns: string, { insert = '', query = select } = {}): QueryPlan {
  return queryPlan(`${insert}\n\nQUERY t\n${query}\nRETURNS ${returns}\nDO 1000`, cql);
}

function expectedRow({ cql }: QueryPlan): ExpectedRow {
  const expected = cql!.expected!;
  if (expected === 'any') throw new Error('any row will do');
  return expected;
}

function fitted(of: QueryPlan, types: readonly CqlType[]): ExpectedValues {
  const values = expectedRow(of).bind(types);
  if ('problem' in values) throw new Error(values.problem);
  return values;
}

/** A row as a RESULT has it. */
function row(values: ExpectedValues, operation: number, pick = -1): Buffer {
  const staging = Buffer.alloc(values.bytesAtMost + 2, 0xee);
  const end = values.write({ operation, pick, intendedNs: 0 }, staging, 1);
  expect(staging[end]).toBe(0xee);
  return staging.subarray(1, end);
}

/** Values as [bytes] of the protocol. */
function bytes(...values: readonly (Uint8Array | string | null)[]): Buffer {
  return Buffer.concat(
    values.flatMap((value) => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(value === null ? -1 : value.length);
      return value === null ? [length] : [length, Buffer.from(value)];
    }),
  );
}

function int(value: number): Uint8Array {
  const written = Buffer.alloc(4);
  written.writeInt32BE(value);
  return written;
}

describe('the row that is expected', () => {
  test.each<[string, readonly string[], Buffer]>([
    ['[int inc(5)]', ['int'], bytes(int(12))],
    [
      "'x-[int inc(5)]', 'it''s', 7, null",
      ['text', 'text', 'int', 'blob'],
      bytes('x-12', "it's", int(7), null),
    ],
    ['[int inc(5)], -5 , true', ['int', 'int', 'boolean'], bytes(int(12), int(-5), Uint8Array.of(1))],
    ['[str inc(3)], 0x00ff', ['text', 'blob'], bytes('10', Uint8Array.of(0, 255))],
    ['[(1, [int inc(0)])]', ['list<tuple<int, int>>'], bytes(listOfTuple(1, 7))],
    ["{'a': [int inc(0)]}", ['map<text, int>'], bytes(mapOf('a', 7))],
    ['[=key]', ['int'], bytes(int(7))],
    ['[a|b]', ['text'], bytes('b')],
  ])('RETURNS %s', (returns, types, expected) => {
    const of = plan(returns, { query: 'SELECT a FROM t WHERE k = [key: int inc(0)]' });
    expect(expectedRow(of).columns).toBe(types.length);
    expect(
      row(
        fitted(
          of,
          types.map((type) => cqlType(type)),
        ),
        7,
      ),
    ).toEqual(expected);
  });

  function listOfTuple(one: number, other: number): Buffer {
    const tuple = bytes(int(one), int(other));
    return Buffer.concat([int(1), int(tuple.length), tuple]);
  }

  function mapOf(key: string, value: number): Buffer {
    return Buffer.concat([int(1), bytes(key, int(value))]);
  }

  it('has values of its INSERT', () => {
    const insert = 'INSERT t\nINSERT INTO t (k, v) VALUES ([int inc(0)], [who: int rand(1000)]) DO 1000';
    const of = plan('%(v), %(who), [int inc(0)], {%(v)}', {
      insert,
      query: 'SELECT v FROM t WHERE k = %(k)',
    });
    const { insert: written } = compiled(insert, cql);
    const v = Number(written!.columnOf('v', 33).text);
    const types = ['int', 'int', 'int', 'set<int>'].map((type) => cqlType(type));
    const set = Buffer.concat([int(1), bytes(int(v))]);
    expect(row(fitted(of, types), 2, 33)).toEqual(bytes(int(v), int(v), int(2), set));
    expect(of.answer!(2, 33)).toBe(`${v}, ${v}, 2, {${v}}`);
  });

  it.each([
    ["{'b', 'a', 'ab'}", 'set<text>', ['a', 'ab', 'b'].map((text) => Buffer.from(text))],
    ['{3, -1, 0}', 'set<int>', [-1, 0, 3].map(int)],
    [
      '{200, -1, 0, 70000}',
      'set<varint>',
      ['ff', '00', '00c8', '011170'].map((hex) => Buffer.from(hex, 'hex')),
    ],
    [
      '{1.5, 0.0, -2.5, -0.0}',
      'set<double>',
      ['c004000000000000', '8000000000000000', '0000000000000000', '3ff8000000000000'].map((hex) =>
        Buffer.from(hex, 'hex'),
      ),
    ],
    ["{2: 'x', -2: 'y'}", 'map<int, text>', [int(-2), Buffer.from('y'), int(2), Buffer.from('x')]],
    ["{['b', 'a']}", 'set<frozen<list<text>>>', [Buffer.concat([int(2), bytes('b', 'a')])]],
  ])('%s: a %s in the order of the server', (text, type, elements) => {
    const count = type.startsWith('map') ? elements.length / 2 : elements.length;
    expect(row(fitted(plan(text), [cqlType(type)]), 0)).toEqual(
      bytes(Buffer.concat([int(count), bytes(...elements)])),
    );
  });

  it('has numbers of every size in their order', () => {
    const whole = fc
      .constantFrom<[string, number]>(
        ['tinyint', 8],
        ['smallint', 16],
        ['int', 32],
        ['bigint', 64],
        ['timestamp', 64],
        ['varint', 64],
      )
      .chain(([type, bits]) =>
        fc.tuple(
          fc.constant(type),
          fc.uniqueArray(fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }), {
            minLength: 2,
          }),
        ),
      );
    fc.assert(
      fc.property(whole, ([type, numbers]) => {
        const listed = (of: readonly bigint[], open: string, close: string, as: string): Buffer =>
          row(fitted(plan(`${open}${of.join(', ')}${close}`), [cqlType(as)]), 0);
        const ordered = numbers.toSorted((one, other) => (one < other ? -1 : 1));
        expect(listed(numbers, '{', '}', `set<${type}>`)).toEqual(listed(ordered, '[', ']', `list<${type}>`));
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('is asked about an item where only RETURNS is filled from one', () => {
    const insert = 'INSERT t\nINSERT INTO t (k, v) VALUES ([int inc(0)], [int rand(1000)]) DO 1000';
    expect(plan('%(v)', { insert }).pick).toBeDefined();
    expect(plan('5', { insert }).pick).toBeUndefined();
  });

  it('is shown as CQL writes it', () => {
    expect(plan("[int inc(5)], 'x-[int inc(5)]', [blob hash(2)], {1: 'it''s'}").answer!(3, -1)).toMatch(
      /^8, 'x-8', 0x[0-9a-f]{4}, \{1: 'it''s'\}$/,
    );
  });

  it('is any for *', () => {
    const any = plan('*');
    expect(any.cql!.expected).toBe('any');
    expect(any.answer!(3, -1)).toBe('*');
  });

  it('is not sent', () => {
    const one = plan('5');
    const many = plan("[blob hash(1000)], 'xxxxxxxxxxxxxxxxxxxxxxxxxxxx'");
    expect(many.operationBytesAtMost).toBe(one.operationBytesAtMost);
    expect(many.cql!.texts([])).toEqual(['SELECT a FROM t WHERE k = ?']);
  });
});

test('the thousand rows of cassandra-stress', () => {
  const rows = readFileSync(new URL('../cassandra-stress/rows-of-seeds.bin', import.meta.url));
  const columns = ['C0', 'C1', 'C2', 'C3', 'C4'];
  const slots = columns.map((column) => `[blob stress('${column}', 34)]`).join(', ');
  const query = queryPlan(
    `QUERY READ\nSELECT * FROM s WHERE key = [blob stresskey('key', 10)]\nRETURNS ${slots}\nPOPULATION 1..1000\nDO 1000`,
    cql,
  );
  const values = fitted(
    query,
    columns.map(() => cqlType('blob')),
  );
  const different: number[] = [];
  for (let seed = 1; seed <= 1000; seed++) {
    const data = rows.subarray(180 * (seed - 1) + 10, 180 * seed);
    const wanted = bytes(...columns.map((_, at) => data.subarray(34 * at, 34 * at + 34)));
    if (!row(values, seed - 1).equals(wanted)) different.push(seed);
  }
  expect(different).toEqual([]);
});

test('a read expects what a write of the same index has written', () => {
  const population = fc.constantFrom('1..50', 'gaussian(1..90)', '~exp(1..1b)');
  fc.assert(
    fc.property(population, fc.nat(1e9), (of, operation) => {
      const values = "[blob stress('C0', 'uniform(3..9)')], [blob hash(3)]";
      const [c0, c1] = values.split(/, (?=\[)/);
      const clauses = `POPULATION ${of}\nFOR 1s`;
      const { insert, query } = compiled(
        `INSERT t\nUPDATE s SET C0 = ${c0}, C1 = ${c1} WHERE key = [blob stresskey('key', 10)]\n${clauses}\n\nQUERY t\nSELECT * FROM s WHERE key = [blob stresskey('key', 10)]\nRETURNS ${values}\n${clauses}`,
        cql,
      );
      const types = { C0: 'blob', C1: 'blob', key: 'blob' } as const;
      const written = serializedValues(bound(insert!.cql!, types).values, operation, -1);
      const asked = serializedValues(bound(query!.cql!, types).values, operation, -1);
      expect(asked[0]).toEqual(written[2]);
      const answer = row(fitted(query!, [cqlType('blob'), cqlType('blob')]), operation);
      expect(answer).toEqual(bytes(written[0]!, written[1]!));
    }),
    { seed: 7, numRuns: 200 },
  );
});

describe('what does not fit the answer', () => {
  test.each([
    ['5', ['int', 'int'], 'the answer has 2 columns, and RETURNS has 1 value'],
    [
      '5, [int inc(0)]',
      ['int', 'uuid'],
      'value 2 of RETURNS (uuid): [int inc(0)] is a whole number, which can not become uuid',
    ],
    ["'x'", ['int'], "value 1 of RETURNS (int): 'x' has 'x', which can not become int"],
  ])('RETURNS %s of columns %j', (returns, types, problem) => {
    expect(expectedRow(plan(returns)).bind(types.map((type) => cqlType(type)))).toMatchObject({ problem });
  });
});

describe('refused', () => {
  test.each([
    ['5,', 'T029'],
    ['5 6', 'T029'],
    ['5, *', 'T029'],
    ['*, 5', 'T029'],
    ['[int inc(0)] [int inc(0)]', 'T029'],
    ['[1, 2', 'S010'],
    ['%(v)', 'T020'],
    ['[=nobody]', 'T008'],
    ["[blob stress('C0', 5)]", 'T028'],
    ['[int nonsense()]', 'T002'],
  ])('RETURNS %s', (returns, code) => {
    const { diagnostics } = compiled(`QUERY t\n${select}\nRETURNS ${returns}\nDO 1000`, cql);
    expect(diagnostics.map((each) => each.code)).toContain(code);
  });

  test.each([
    ['%t', 'T021'],
    ['%f', 'T021'],
    ['%m', 'T021'],
    ['%k', 'T021'],
    ['%(w)', 'T022'],
    ['{%(v), [int inc(0)]}', 'T029'],
  ])('RETURNS %s of an INSERT', (returns, code) => {
    const insert = 'INSERT t\nINSERT INTO t (k, v) VALUES ([int inc(0) 5], [int rand(1000)]) DO 1000';
    const { diagnostics } = compiled(`${insert}\n\nQUERY t\n${select}\nRETURNS ${returns}\nDO 1000`, cql);
    expect(diagnostics.map((each) => each.code)).toEqual([code]);
  });

  test('on InfluxDB, but not where nothing is sent', () => {
    const text = 'QUERY t\nSELECT a FROM t\nRETURNS 5\nDO 10';
    expect(compiled(text).diagnostics.map(({ code }) => code)).toEqual(['C022']);
    expect(compiled(text, { settings: { Target: 'sink' } }).diagnostics).toEqual([]);
  });

  test('of an INSERT', () => {
    const { diagnostics } = compiled(
      'INSERT t\nINSERT INTO t (k) VALUES ([int inc(0)])\nRETURNS 5\nDO 10',
      cql,
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(['C001']);
  });
});
