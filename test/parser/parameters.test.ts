import { describe, expect, test } from 'vitest';
import { Source } from '../../src/lexer/source.ts';
import { BoundScript } from '../../src/parser/bound-script.ts';
import { parse } from '../../src/parser/parse.ts';
import { print } from '../../src/parser/print.ts';
import { redactScript, redactSecrets } from '../../src/parser/redact.ts';
import { secretTextsOf } from '../../src/parser/secret-texts.ts';
import { syntaxTreeToJson } from '../../src/parser/syntax-tree-json.ts';

function bound(text: string, given: Record<string, string> = {}, environment: Record<string, string> = {}) {
  const script = new BoundScript(
    [new Source('profile.sql', text)],
    new Map(Object.entries(given)),
    environment,
  );
  const statements = [...script];
  expect(script.diagnostics).toEqual([]);
  for (const statement of statements) expect(script.again(statement.span)).toEqual(statement);
  const { parameters } = script;
  return {
    text: print({ kind: 'script', statements }),
    said: [...parameters.diagnostics, ...parameters.unused()].map(({ code, message, suggestion }) =>
      [code, message, ...(suggestion ? [suggestion] : [])].join(' '),
    ),
    environmentNames: parameters.environmentNames,
  };
}

describe('parameters', () => {
  test.each<[string, Record<string, string>, string]>([
    ['SET Seed [${S}]', { S: '7' }, 'SET Seed [7]\n'],
    ['SET Seed [a${S:-b}c]', {}, 'SET Seed [abc]\n'],
    ['SET Seed [${S:-}]', {}, 'SET Seed []\n'],
    ['SET Seed [${S:-a\\}b}]', {}, 'SET Seed [a}b]\n'],
    ['SET ${N} [x]', { N: 'my name' }, 'SET "my name" [x]\n'],
    ['WAIT ${N}', { N: '30s' }, 'WAIT 30s\n'],
    ['EXEC ${P} ${P}', { P: 'a b' }, 'EXEC "a b" "a b"\n'],
    ['SHOW ${WHAT}', { WHAT: 'DATABASES' }, 'SHOW DATABASES\n'],
    [
      'INSERT ${N} ${M},h=${H}-[int inc(${A}) ${C}] v="${V}" ${C} 1s DO ${C}',
      { N: 'n', M: 'm', H: 'a b', A: '0', C: '5', V: 'x"y' },
      'INSERT n\nm,\nh=a\\ b-[int inc(0) 5]\nv="x\\"y"\n5 1s\nDO 5\n',
    ],
    [
      'QUERY q SELECT 1 AT ${R} TO ${R} FOR ${D} EXPECT p99 < ${D}',
      { R: '5/s', D: '1m' },
      'QUERY q\nSELECT 1\nAT 5/s TO 5/s FOR 1m\nEXPECT p99 < 1m\n',
    ],
  ])('%j', (text, given, expected) => {
    expect(bound(text, given)).toEqual({ text: expected, said: [], environmentNames: [] });
  });

  test('from the environment, and listed by name', () => {
    expect(bound('SET a [${env:B}${env:A:-x}]', {}, { B: 'b' })).toEqual({
      text: 'SET a [bx]\n',
      said: [],
      environmentNames: ['A', 'B'],
    });
  });

  test.each<[string, Record<string, string>, string[]]>([
    ['SET a [${S}]', {}, ['S050 the parameter S has no value']],
    ['SET a [${env:S}]', {}, ['S052 the environment variable S is not set']],
    ['SET a [${COUNT}]', { COUNT: '1', CUONT: '2' }, ['S051 the script has no parameter `CUONT` COUNT']],
    ['QUERY q SELECT 1 DO ${N}', { N: 'ten' }, ['S020 `ten` is no count']],
    [
      'QUERY q SELECT 1 DO ${N}',
      { N: '2e15' },
      ['S021 the count 2e15 is above 1e15: it looks like a timestamp'],
    ],
    ['QUERY q SELECT 1 FOR ${N}', { N: '5' }, ['S022 `5` is no duration']],
    ['QUERY q SELECT 1 AT ${N}', { N: '5' }, ['S023 `5` is no rate']],
    ['QUERY ${N} SELECT 1', { N: '' }, ['S004 `` is no name']],
  ])('%j is refused', (text, given, said) => {
    expect(bound(text, given).said).toEqual(said);
  });

  test('none in comments and $$ … $$', () => {
    expect(bound('SELECT $$ ${A} $$ -- ${B}\nFROM c').said).toEqual([]);
  });

  test('the place of what was bound is kept', () => {
    const sources = [new Source('profile.sql', 'QUERY q SELECT 1 DO ${N}')];
    const script = new BoundScript(sources, new Map([['N', 'x']]), {});
    expect([...script]).toEqual([]);
    expect(script.parameters.diagnostics[0]!.span).toEqual({ source: 0, start: 20, end: 24 });
  });
});

describe('secrets', () => {
  test.each<[string, string]>([
    ["CREATE USER a WITH PASSWORD 'x'", 'CREATE USER a WITH PASSWORD [REDACTED]'],
    [
      "create role a with password = 'it''s' and login = true",
      'create role a with password = [REDACTED] and login = true',
    ],
    ["SET PASSWORD FOR \"jane d\" = 'a\\'b'", 'SET PASSWORD FOR "jane d" = [REDACTED]'],
    ["SET PASSWORD FOR jane = 'unclosed", 'SET PASSWORD FOR jane = [REDACTED]'],
    ["CREATE USER a WITH PASSWORD '${env:P}'", "CREATE USER a WITH PASSWORD '${env:P}'"],
    ["SELECT 'password' FROM a", "SELECT 'password' FROM a"],
  ])('%s', (text, expected) => {
    expect(redactSecrets(text)).toBe(expected);
  });

  const text = `# mine
SET Password [geheim]
set  TOKEN ["a]b"] # stays
SET Password []
SET Token [\${env:T}]
SET Username [jane]

CREATE USER a WITH PASSWORD 'x' -- note
  WITH ALL

GO INSERT cpu cpu v=1 5 WITH Password [hush], BatchSize [1]
`;

  test('printed', () => {
    const { script } = parse([new Source('profile.sql', text)]);
    expect(print(script, { redact: true })).toBe(`SET Password [REDACTED]
SET TOKEN [REDACTED]
SET Password []
SET Token [\${env:T}]
SET Username [jane]

CREATE USER a WITH PASSWORD [REDACTED] -- note
  WITH ALL

GO INSERT cpu
cpu
v=1
5
WITH Password [REDACTED], BatchSize [1]
`);
  });

  test('cut out of the text as its author wrote it', () => {
    const source = new Source('profile.sql', text);
    const secrets = parse([source]).script.statements.flatMap(secretTextsOf);
    expect(redactScript(source, secrets)).toBe(
      text
        .replace('[geheim]', '[REDACTED]')
        .replace('["a]b"]', '[REDACTED]')
        .replace("'x'", '[REDACTED]')
        .replace('[hush]', '[REDACTED]'),
    );
  });
});

function treeOf(sources: readonly Source[]): unknown {
  const text = [...syntaxTreeToJson(parse(sources).script.statements, sources)].join('');
  const tree: unknown = JSON.parse(text);
  expect(text).toBe(`${JSON.stringify(tree, null, 2)}\n`);
  return tree;
}

test('the syntax tree of nothing has no statements', () => {
  expect(treeOf([new Source('a.sql', '# nothing')])).toEqual({
    schemaVersion: 1,
    kind: 'script',
    statements: [],
  });
});

test('the syntax tree as JSON has lines and columns', () => {
  const sources = [new Source('a.sql', 'WAIT'), new Source('b.sql', '\nWAIT cpu')];
  expect(treeOf(sources)).toEqual({
    schemaVersion: 1,
    kind: 'script',
    statements: [
      {
        kind: 'wait',
        span: {
          file: 'a.sql',
          start: { offset: 0, line: 1, column: 1 },
          end: { offset: 4, line: 1, column: 5 },
        },
      },
      {
        kind: 'wait',
        argument: {
          kind: 'text',
          parts: ['cpu'],
          span: {
            file: 'b.sql',
            start: { offset: 6, line: 2, column: 6 },
            end: { offset: 9, line: 2, column: 9 },
          },
        },
        span: {
          file: 'b.sql',
          start: { offset: 1, line: 2, column: 1 },
          end: { offset: 9, line: 2, column: 9 },
        },
      },
    ],
  });
});
