import { describe, expect, test } from 'vitest';
import { printStatement } from '../../src/parser/print.ts';
import { parse } from '../../src/parser/parse.ts';
import { format } from '../../src/parser/format.ts';
import { Source } from '../../src/lexer/source.ts';
import { loadStepsOf, type MixStep } from '../../src/statement/analyse.ts';
import { analysed } from './analysed.ts';

const insert = (name: string, clauses = ''): string =>
  `INSERT ${name}\nm,host=h-[int inc(0) 10]\nv=1\n${clauses}\n`;
const query = (name: string, clauses = ''): string => `QUERY ${name}\nSELECT v FROM m\n${clauses}\n`;
const mix = (members: string, clauses = 'DO 100'): string => `MIX mixed\n${members}END\n${clauses}`;

const needsBoth = 'C024 LOOKBACK needs an INSERT and a QUERY in the MIX';

/** A script, and the code and message of everything that is told about it. */
const table: readonly [script: string, ...told: string[]][] = [
  [mix(insert('a') + query('b'))],
  [mix(`${insert('a', 'WEIGHT 1')}\n\n# between\n${query('b', 'WEIGHT 2.5')}`, 'FOR 10s AT 5/s')],
  [mix(insert('a', 'EVERY 10s') + query('b', 'EXPECT errors = 0\nTAG a = b'), 'DO 10 TAG c = d')],
  [`GO ${mix(insert('a'))}\n\nWAIT mixed`],
  [`GO ${mix(insert('a'))}`, 'W001 GO … mixed is never waited for'],
  [
    `GO ${mix(insert('a'))}\n\nWAIT a`,
    'C016 WAIT a, but no GO before it starts a',
    'W001 GO … mixed is never waited for',
  ],

  // What belongs where.
  [mix(insert('a', 'DO 5')), 'C001 DO belongs to the MIX, below its END'],
  [mix(insert('a', '5 10s')), 'C001 a bare count belongs to an INSERT by itself'],
  [mix(insert('a', 'AT 5/s')), 'C001 AT belongs to the MIX, below its END'],
  [mix(insert('a', 'POPULATION 1..5')), 'C001 POPULATION belongs to the MIX, below its END'],
  [mix(insert('a', 'WITH BatchSize [5]')), 'C001 WITH belongs to the MIX, below its END'],
  [mix(insert('a', 'WRITTEN')), 'C001 WRITTEN belongs to an INSERT by itself'],
  [mix(insert('a', 'PICK latest')), 'C001 PICK belongs to QUERY'],
  [mix(insert('a'), 'DO 5 EXPECT errors = 0'), 'C001 EXPECT belongs to a member of the MIX'],
  [mix(insert('a'), 'DO 5 WEIGHT 5'), 'C001 WEIGHT belongs to a member of the MIX'],
  [mix(insert('a'), 'DO 5 WRITTEN'), 'C001 WRITTEN belongs to an INSERT by itself'],
  [`${insert('a', 'DO 5 WEIGHT 5')}`, 'C001 WEIGHT belongs to a member of a MIX'],
  [`${insert('a', 'DO 5 CLUSTER fixed(5)')}`, 'C001 CLUSTER belongs to a MIX'],

  // Twice, nothing, no end.
  [mix(insert('a') + query('a')), 'C002 MIX mixed has two members a'],
  [mix(insert('a', 'WEIGHT 1 WEIGHT 1')), 'C002 WEIGHT is given twice'],
  [mix(insert('a'), 'DO 0'), 'C003 a count of 0 sends nothing'],
  [mix(insert('a'), 'DO 10 WARMUP 10'), 'C003 WARMUP 10 is all of the statement: nothing is left to measure'],
  [mix(insert('a'), ''), 'C006 MIX mixed has no end'],
  [
    `SET QueryInterval [1s]\n\n${mix(insert('a'), 'FOR 10s AT 5/s')}`,
    'C004 AT together with QueryInterval: a rate and a pause after each answer contradict each other',
  ],

  // Weights and clusters.
  [mix(insert('a', 'WEIGHT 0')), 'T017 a WEIGHT is a number above 0'],
  [mix(insert('a'), 'DO 5 CLUSTER gaussian(1..10, 2)')],
  [mix(insert('a'), 'DO 5 CLUSTER ~exp(1..10)')],
  [mix(insert('a'), 'DO 5 CLUSTER fixed(0)'), 'C020 fixed(0) is no distribution of sizes of at least 1'],
  [
    mix(insert('a'), 'DO 5 CLUSTER gausian(1..5)'),
    'C020 gausian(1..5) is no distribution of sizes of at least 1',
  ],

  // Looking back.
  [mix(insert('a') + query('b'), 'DO 5 POPULATION 1..9 LOOKBACK exp(1..5) WITH BatchSize [1]')],
  [mix(insert('a') + query('b'), 'DO 5 POPULATION 7..7 LOOKBACK fixed(0) WITH BatchSize [1]')],
  [mix(insert('a'), 'DO 5 POPULATION 1..9 LOOKBACK exp(1..5)'), needsBoth],
  [mix(query('b'), 'DO 5 POPULATION 1..9 LOOKBACK exp(1..5)'), needsBoth],
  [
    mix(insert('a') + query('b'), 'DO 5 POPULATION uniform(1..9) LOOKBACK exp(1..5)'),
    'C024 LOOKBACK looks back in a sequence',
  ],
  [
    mix(insert('a') + query('b'), 'DO 5 POPULATION ~seq(1..9) LOOKBACK exp(1..5)'),
    'C024 LOOKBACK looks back in a sequence',
  ],
  [
    mix(insert('a') + query('b'), 'DO 5 POPULATION 1..9 LOOKBACK uniform(-1..5)'),
    'C024 uniform(-1..5) is no distribution of numbers from 0 on',
  ],
  [
    mix(insert('a') + query('b'), 'DO 5 POPULATION 1..9 LOOKBACK exp(1..5) WITH BatchSize [2]'),
    'C024 LOOKBACK counts points written one by one, not batches',
  ],
  [insert('a', 'DO 5 POPULATION 1..9 LOOKBACK exp(1..5)'), 'C001 LOOKBACK belongs to a MIX'],

  // Companions.
  [`${insert('a', 'DO 5')}\n${mix('QUERY q OF a\nSELECT v FROM m WHERE %t\n')}`],
  [mix(`${insert('a')}QUERY q OF a\nSELECT v FROM m WHERE %t\n`), 'C021 INSERT a is a member of a MIX'],
  [
    `${mix(insert('a'))}\n\nQUERY q OF a\nSELECT v FROM m WHERE %t\nDO 5`,
    'C021 INSERT a is a member of a MIX',
  ],
  [
    mix('INSERT a\nINSERT INTO t (a) VALUES ([int inc(0)])\n'),
    'C015 INSERT a is CQL, and Target [influx] speaks line protocol',
  ],

  // The text.
  ['MIX mixed\nEND\nDO 5', 'S001 found `END` where an INSERT or QUERY should stand'],
  [`MIX mixed\n${insert('a')}\nDO 5`, 'S010 the MIX is not closed'],
  [`MIX mixed\n${insert('a')}\n\n${insert('b', 'DO 5')}\n\nWAIT`, 'S010 the MIX is not closed'],
  [`MIX mixed\n${insert('a', 'WEIGHT x5')}END DO 5`, 'S026 `x5` is no number'],
];

describe('what is told about a MIX', () => {
  test.each(table)('%s', (script, ...told) => {
    expect(analysed(script).diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual(told);
  });
});

test('a MIX and its members have positions, and plans that are made again', () => {
  const text = `${insert('before', 'DO 5')}\nGO ${mix(
    `${insert('a', 'WEIGHT 1\nTAG own = x')}${query('b', 'WEIGHT 3')}`,
    'DO 100\nTAG own = y, all = z\nCLUSTER fixed(3)\nWITH BatchSize [7]',
  )}\n\nWAIT mixed`;
  const { steps } = analysed(text).analysis;
  expect(steps.map(({ kind, position, text: head }) => [kind, position, head])).toEqual([
    ['insert', 1, 'INSERT before'],
    ['mix', 2, 'GO MIX mixed'],
    ['wait', 5, 'WAIT mixed'],
  ]);
  const [, a, b] = loadStepsOf(steps);
  expect([a!.position, b!.position, a!.place, b!.place]).toEqual([3, 4, 'profile.sql:7', 'profile.sql:12']);
  expect([a!.mix!.share, b!.mix!.share]).toEqual([0.25, 0.75]);
  expect([a!.batchSize, a!.options.items, b!.options.items]).toEqual([7, 700, 100]);
  expect([a!.options.tags, b!.options.tags]).toEqual([
    { own: 'x', all: 'z' },
    { own: 'y', all: 'z' },
  ]);
  expect(a!.makePlan().kind).toBe('write');
  expect(b!.makePlan().kind).toBe('query');
  expect((steps[1] as MixStep).mix).toMatchObject({ weights: [1, 3], cluster: { kind: 'fixed', value: 3 } });
});

const written = `GO MIX mixed
  # the writes
  INSERT a
    m,
    host=h
    v=1
    WEIGHT 1  # one of four
  QUERY "END"
    SELECT v
    FROM m
    WEIGHT 3
END
CLUSTER gaussian(1..10,5)
# so many
DO 10

WAIT mixed
`;

test('a MIX is formatted with its comments', () => {
  const formatted = format(new Source('', written)).text;
  expect(formatted).toContain('  # the writes\n  INSERT a\n');
  expect(formatted).toContain('WEIGHT 1 # one of four\n');
  expect(format(new Source('', formatted)).text).toBe(formatted);
});

test('a text that would end a MIX stands in a fence', () => {
  const text = 'MIX mixed\nQUERY q """\nSELECT v\nEND\nFROM m\n"""\nEND\nDO 5';
  const [statement] = parse([new Source('', text)]).script.statements;
  expect(printStatement(statement!)).toBe(
    'MIX mixed\n  QUERY q """\n    SELECT v\nEND\nFROM m\n    """\nEND\nDO 5',
  );
});
