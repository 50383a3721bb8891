import { describe, expect, it } from 'vitest';
import { compiled, insertPlan, lines, type Conditions } from './compiled.ts';

/** Point template, and its first lines without timestamps. */
const templates: readonly [string, readonly string[], Conditions?][] = [
  ['cpu,host=a value=1', ['cpu,host=a value=1', 'cpu,host=a value=1']],
  ['cpu value=1.5,n=2i,ok=true,f=F,e=1e3', ['cpu value=1.5,n=2i,ok=true,f=F,e=1e3']],
  ['cpu text="a b"', ['cpu text="a b"']],
  [
    'cpu,host=h-[int inc(5) 3] v=[int inc(5)]',
    ['h-5 v=5i', 'h-6 v=6i', 'h-7 v=7i', 'h-5 v=8i'].map((rest) => `cpu,host=${rest}`),
  ],
  [
    'cpu,a=[x|y],b=[int inc(0) 2] v=1',
    ['a=x,b=0', 'a=y,b=0', 'a=x,b=1', 'a=y,b=1', 'a=x,b=0'].map((tags) => `cpu,${tags} v=1`),
  ],
  ['cpu[int inc(0) 2],a=[x|y] v=1', ['cpu0,a=x v=1', 'cpu1,a=x v=1', 'cpu0,a=y v=1', 'cpu1,a=y v=1']],
  ['cpu v=[int inc(0) 3]', ['cpu v=0i', 'cpu v=1i', 'cpu v=2i', 'cpu v=0i']],
  ['cpu v=[float inc(0, 0.1)]', ['cpu v=0', 'cpu v=0.1', 'cpu v=0.2', 'cpu v=0.3']],
  ['cpu v=[int inc(-2, 2)]', ['cpu v=-2i', 'cpu v=0i', 'cpu v=2i']],
  ['cpu v=[float const(-2.50)]', ['cpu v=-2.50']],
  ['cpu v=[1|2]', ['cpu v=1', 'cpu v=2', 'cpu v=1']],
  ['cpu v=[1i|2i]', ['cpu v=1i', 'cpu v=2i']],
  ['cpu v=[true|false]', ['cpu v=true', 'cpu v=false']],
  ['cpu v=[on|off]', ['cpu v="on"', 'cpu v="off"']],
  ['cpu v=[1|off]', ['cpu v="1"', 'cpu v="off"']],
  ['cpu v=[str inc(0)]', ['cpu v="0"', 'cpu v="1"']],
  ['cpu v=[bigint inc(0)]', ['cpu v="0"', 'cpu v="1"']],
  ['cpu v="[int inc(0)]"', ['cpu v="0"', 'cpu v="1"']],
  ['cpu v=n[int inc(0)]-[a|b]', ['cpu v="n0-a"', 'cpu v="n1-b"']],
  [
    'cpu,h=[id: int inc(3) 2] a=[=id],b="[=id]"',
    ['cpu,h=3 a=3i,b="3"', 'cpu,h=4 a=4i,b="4"', 'cpu,h=3 a=3i,b="3"'],
  ],
  ['cpu,h=[=id] v=[id: int inc(3) 2]', ['cpu,h=3 v=3i', 'cpu,h=4 v=4i', 'cpu,h=3 v=3i']],
  [
    'cpu,h=[int inc(0) 2] v=[int seq(7, 3)],w=[int seq(0, 1) 2]',
    ['h=0 v=7i,w=0i', 'h=1 v=7i,w=0i', 'h=0 v=10i,w=1i', 'h=1 v=10i,w=1i', 'h=0 v=13i,w=0i'].map(
      (rest) => `cpu,${rest}`,
    ),
  ],
  [
    "cpu,h=[str file('h.txt')] v=1",
    ['cpu,h=one v=1', 'cpu,h=two\\ words v=1', 'cpu,h=one v=1'],
    { files: { 'h.txt': 'one\r\n\n two words \n' } },
  ],
  [
    "cpu,h=[str file('h.txt') 2] v=1",
    ['cpu,h=a v=1', 'cpu,h=b v=1', 'cpu,h=a v=1'],
    { files: { 'h.txt': 'a\nb\nc' } },
  ],
  [
    "cpu v=[bool const(true)],t=[timestamp seq('2026-01-01', 10s)]",
    ['cpu v=true,t="2026-01-01T00:00:00.000Z"', 'cpu v=true,t="2026-01-01T00:00:10.000Z"'],
  ],
  ['cpu v=[sine: float sine(4s, 10, 1)]', ['cpu v=1', 'cpu v=11', 'cpu v=1', 'cpu v=-9', 'cpu v=1']],
];

describe('points of a template', () => {
  it.each(templates)('%s', (template, expected, conditions) => {
    const plan = insertPlan(`INSERT t\n${template}\n100 1s\n`, conditions);
    expect(lines(plan, expected.length).map((line) => line.replace(/ -?\d+$/, ''))).toEqual(expected);
  });
});

/** Raw text of each place, and the line that says it. */
const escapes: readonly [string, string][] = [
  [
    'a\\,b\\ c,k\\=1\\ \\,2=v\\=1\\ \\,2 f\\=1\\ \\,2=1',
    'a\\,b\\ c,k\\=1\\ \\,2=v\\=1\\ \\,2 f\\=1\\ \\,2=1',
  ],
  ['m,t=[a b|c\\=d] f="x"', 'm,t=a\\ b f="x"'],
  ['m f="say \\"hi\\" \\\\ there"', 'm f="say \\"hi\\" \\\\ there"'],
  [
    "m,t=[str file('odd.txt')] f=[str file('odd.txt')]",
    'm,t=some\\ "quoted"\\,\\ back\\slash\\=1 f="some \\"quoted\\", back\\\\slash=1"',
  ],
  ['größe,straße=münchen\\ 🚀 f="🚀"', 'größe,straße=münchen\\ 🚀 f="🚀"'],
];

describe('escaping', () => {
  it.each(escapes)('%s', (template, expected) => {
    const files = { 'odd.txt': 'some "quoted", back\\slash=1' };
    expect(insertPlan(`INSERT t\n${template}\n1\n`, { files }).item(0)).toBe(`${expected} 1451606400`);
  });
});

/** Point template, code, and a word of the message or what is expected. */
const mistakes: readonly [string, string, RegExp][] = [
  ['m v=[flaot rand(1)]', 'T001', /float/],
  ['m v=[float rnd(1)]', 'T002', /rand/],
  ['m v=[bool normal(1, 2)]', 'T002', /bool has no function/],
  ['m v=[int rand()]', 'T003', /rand\(min, max\)/],
  ['m v=[int inc(a)]', 'T004', /a whole number/],
  ['m v=[int rand(5, 2)]', 'T004', /below 5/],
  ["m v=[str file('x')]", 'T004', /there is no such file/],
  ['m v=[int const(1.5)]', 'T004', /field v, \[int const\(1.5\)\]: '1.5' is not a whole number/],
  ['m,a=[x: int inc(0) 2] v=[x: int inc(0)]', 'T007', /x/],
  ['m,a=[host: int inc(0) 2] v=[=hots]', 'T008', /host/],
  ['m,a=[x*2|y] v=1', 'T009', /tag a/],
  ['m,a=[x|x] v=1', 'T010', /tag a/],
  ['m,a=[int normal(5, 2) 3] v=1', 'T010', /may be equal/],
  ['m,a=[int inc(0) 12][int inc(0) 12] v=1', 'T010', /tag a is 110 for different/],
  ['m,a=[int inc(0, 0) 3] v=1', 'W102', /1 different/],
  ['m v=[tinyint inc(0)]', 'T011', /reaches 999, outside -128 to 127/],
  ['m v=abc', 'T012', /double quotes/],
  ['m v=99999999999999999999i', 'T012', /99999999999999999999i/],
  ["m,a=[str const('x\\\\')] v=1", 'T013', /backslash/],
  ['m,a=[str rand(0, 5)] v=1', 'T013', /empty/],
  ['m v=[${TYPE:-int} rand(1)]', 'T001', /type can not be a parameter/],
  ['m,a=[rand(10)] v=1', 'T001', /\[rand\(10\)\] has no type/],
  ['m v=[str(5)]', 'T002', /\[str\(5\)\] has no function/],
  ['m,time=1 v=1', 'T013', /tag key is time/],
  ['m time=1', 'T013', /field key is time/],
  ['m,a=1,a=2 v=1', 'T014', /two tags a/],
  ['m v=1,v=2', 'T014', /two fields v/],
  ['m v=[a*x|b]', 'T017', /weight/],
  ['m v=[list of int rand(2)]', 'T018', /list\(3\) of int/],
  ['m,a=[int inc(0)] v=1', 'W101', /tag a/],
  ['m,a=[int rand(3) 5] v=1', 'W102', /3 different values, not 5/],
  ['m v=[1|2i]', 'W103', /float or integer/],
  ['m v=[int inc(0)]i', 'W104', /string such as "0i"/],
  ['m v=[int now()]', 'W105', /every run/],
];

describe('mistakes', () => {
  it.each(mistakes)('%s is %s', (template, code, words) => {
    const { diagnostics, insert } = compiled(`INSERT t\n${template}\n1000 1s\n`);
    const found = diagnostics.find((diagnostic) => diagnostic.code === code);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect([found!.message, found!.suggestion, ...(found!.expected ?? [])].join(' ')).toMatch(words);
    expect(insert === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  });

  it('reports all of them at once, where they stand', () => {
    const text = 'INSERT t\nm,a=[x|x] v=[flaot rand(1)],w=[int rnd(1)]\n10\n';
    const { diagnostics } = compiled(text);
    expect(diagnostics.map(({ code, span }) => [code, text.slice(span.start, span.end)])).toEqual([
      ['T001', 'flaot'],
      ['T002', 'rnd(1)'],
      ['T010', '[x|x]'],
    ]);
  });

  it('reports a reference once, wherever it is looked at', () => {
    const { diagnostics } = compiled('INSERT t\nm,a=x[=none],b=[y: int inc(0) 2] v=[=none]\n10\n');
    expect(diagnostics.map(({ code }) => code)).toEqual(['T008', 'T008']);
  });

  it('a request that is too large', () => {
    const { diagnostics } = compiled('INSERT t\nm v=[str rand(1000000)]\n10000\n');
    expect(diagnostics.map(({ code }) => code)).toEqual(['T015', 'W106']);
  });

  it('requests that together need much memory, as a warning', () => {
    const codes = (WriteConcurrency: number): readonly string[] =>
      compiled('INSERT t\nm v=[str rand(1000)]\n10000\n', { settings: { WriteConcurrency } }).diagnostics.map(
        ({ code }) => code,
      );
    expect(codes(300)).toEqual([]);
    expect(codes(1000)).toEqual(['W106']);
  });
});

describe('requests', () => {
  it('are the items of the operation, joined by line ends', () => {
    const plan = insertPlan(
      'INSERT t\nm,h=[int inc(0) 7],k=[str rand(5) 3] v=[float rand(10)],s="ü [str text(1,4)]"\n1000 1s\n',
      { settings: { BatchSize: 64 } },
    );
    expect(plan.batchSize).toBe(64);
    const staging = Buffer.alloc(plan.operationBytesAtMost + 10);
    for (const [operation, count] of [
      [0, 64],
      [1, 64],
      [15, 40],
      [16, 0],
    ] as const) {
      const end = plan.write({ operation, intendedNs: 0, pick: -1 }, 1000, staging, 10);
      const expected = Array.from({ length: count }, (_, at) => plan.item(operation * 64 + at)).join('\n');
      expect(staging.toString('utf8', 10, end)).toBe(expected);
      expect(end - 10).toBeLessThanOrEqual(plan.operationBytesAtMost);
    }
  });

  it('carry the intended time where now() asks for it', () => {
    const plan = insertPlan('INSERT t\nm v=[int now()],d=[timestamp now()]\n10\n', {
      startMs: Date.UTC(2026, 0, 1),
    });
    const staging = Buffer.alloc(plan.operationBytesAtMost);
    const end = plan.write({ operation: 0, intendedNs: 1_500_000_001, pick: -1 }, 1, staging, 0);
    expect(staging.toString('utf8', 0, end)).toBe(
      'm v=1767225601500000001i,d="2026-01-01T00:00:01.500Z" 1451606400',
    );
  });

  it('say how large they are', () => {
    const plan = insertPlan('INSERT t\nm v=[int inc(0)]\n1000 1s\n');
    const bytes = Array.from({ length: 1000 }, (_, index) => plan.item(index).length + 1);
    expect(plan.averageItemBytes(1000)).toBeCloseTo(bytes.reduce((sum, each) => sum + each) / 1000);
  });
});

it('a plan says what an item holds', () => {
  const plan = insertPlan(
    'INSERT t\ncpu,host=h-[id: int inc(0) 10],dc=[a|b] v=[float inc(0)],s="x"\n100 1s\n',
  );
  expect(plan.odometer).toEqual([
    { place: 'tag host', text: '[id: int inc(0) 10]', count: 10 },
    { place: 'tag dc', text: '[a|b]', count: 2 },
  ]);
  expect([plan.seriesCardinality, plan.itemsOfTurn, plan.fieldCount]).toEqual([20, 20, 2]);
  expect(plan.measurementOf(3)).toBe('cpu');
  expect(plan.tagsOf(13)).toEqual([
    ['host', { text: 'h-3', isText: true }],
    ['dc', { text: 'b', isText: true }],
  ]);
  expect(plan.valueNames).toEqual(['id', 'host', 'dc', 'v', 's']);
  expect(plan.valueOf('id', 13)).toEqual({ text: '3', isText: false });
  expect(plan.valueOf('v', 13)).toEqual({ text: '13', isText: false });
  expect(plan.valueOf('s', 13)).toEqual({ text: 'x', isText: true });
  expect(plan.distributions().map(({ place, text, sample }) => [place, text, sample(13)])).toEqual([
    ['tag host', '[id: int inc(0) 10]', 3],
    ['field v', '[float inc(0)]', 13],
  ]);
});
