import { describe, expect, test } from 'vitest';
import { Source } from '../../src/lexer/source.ts';
import type { StatementNode } from '../../src/parser/ast.ts';
import { parse } from '../../src/parser/parse.ts';
import { printStatement } from '../../src/parser/print.ts';

/** Each statement as the printer prints it; a script with an error gives its messages. */
function statementsOf(text: string): string[] {
  const { script, diagnostics } = parse([new Source('script.sql', text)]);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.length > 0
    ? errors.map(({ message }) => `error: ${message}`)
    : script.statements.map((statement) => printStatement(statement));
}

describe('statements end where the language says', () => {
  test.each<[string, string, string[]]>([
    ['a blank line ends a text', 'SHOW a\n\nSHOW b', ['SHOW a', 'SHOW b']],
    ['no blank line, no end for bare words', 'SHOW a\nSHOW b', ['SHOW a\nSHOW b']],
    ['a blank line may hold blanks', 'SHOW a\n \t \nSHOW b', ['SHOW a', 'SHOW b']],
    ['CRLF', 'SHOW a\r\n\r\nSHOW b\r\n', ['SHOW a', 'SHOW b']],
    ['a byte-order mark', '\uFEFFSHOW a', ['SHOW a']],
    [';  at a line’s end', 'SHOW a;\nSHOW b', ['SHOW a', 'SHOW b']],
    ['; before a comment', 'SHOW a; -- done\nSHOW b', ['SHOW a', 'SHOW b']],
    ['; within a line is text', 'SHOW a; SHOW b', ['SHOW a; SHOW b']],
    ['a lone ;', ';\n;\nSHOW a', ['SHOW a']],
    ['a line that begins a statement ends a text', 'SHOW a\nWAIT', ['SHOW a', 'WAIT']],
    [
      'GO alone on a line ends a text and takes what follows',
      'SHOW a\nGO\n\nEXEC b',
      ['SHOW a', 'GO EXEC b'],
    ],
    [
      'the values of RETURNS end at a clause, a blank line or a statement',
      "QUERY a SELECT 1\nRETURNS 1, 'DO 5', [\n\n2] DO 5\n\nQUERY b SELECT 1 DO 5\n\nRETURNS [int inc(0)],\n  2\nWAIT",
      [
        "QUERY a\nSELECT 1\nRETURNS 1, 'DO 5', [\n\n2]\nDO 5",
        'QUERY b\nSELECT 1\nDO 5\nRETURNS [int inc(0)],\n  2',
        'WAIT',
      ],
    ],
    [
      'RETURNS has values or a star',
      'QUERY a SELECT 1 RETURNS * DO 5',
      ['QUERY a\nSELECT 1\nRETURNS *\nDO 5'],
    ],
    [
      'POPULATION and RETURNS are text where no indexes and no value follow',
      'QUERY a SELECT population FROM x POPULATION y RETURNS NULLABLE DO 5',
      ['QUERY a\nSELECT population FROM x POPULATION y RETURNS NULLABLE\nDO 5'],
    ],
    [
      'POPULATION begins a clause before indexes and before a distribution',
      'QUERY a SELECT 1 POPULATION 1..5 DO 5\n\nQUERY b SELECT 1\npopulation ~exp (1..5, 3)\nDO 5',
      ['QUERY a\nSELECT 1\nPOPULATION 1..5\nDO 5', 'QUERY b\nSELECT 1\nPOPULATION ~exp(1..5,3)\nDO 5'],
    ],
    ['GO; is GO', 'SHOW a\nGO;\nEXEC b', ['error: found `;` where INSERT, QUERY, MIX or EXEC should stand']],
    ['keywords in any case', 'set Seed [1]\ngo exec a\nWait', ['SET Seed [1]', 'GO EXEC a', 'WAIT']],
    ['SET and its value on lines of their own', 'SET\nSeed\n[1]\nWAIT', ['SET Seed [1]', 'WAIT']],
    ['SET without a blank', 'SET Database[x]', ['SET Database [x]']],
    ['SET ends with its bracket', 'SET a [1] SET b [2]', ['SET a [1]', 'SET b [2]']],
    [
      'bare words after SET, WAIT and EXEC',
      'SET a [1]\nSHOW a\n\nWAIT\nSHOW b\n\nEXEC c\nSHOW d',
      ['SET a [1]', 'SHOW a', 'WAIT', 'SHOW b', 'EXEC c', 'SHOW d'],
    ],
    ['a value with a comment sign and brackets', 'SET a [x # y [z]]', ['SET a [x # y [z]]']],
    ['a quoted value takes anything', 'SET a ["]""# x"]', ['SET a ["]""# x"]']],
    ['quotes within a value are text', 'SET a ["x", "y"]', ['SET a ["""x"", ""y"""]']],
    ['SET PASSWORD FOR is a text', "SET PASSWORD FOR jane = 'x'", ["SET PASSWORD FOR jane = 'x'"]],
    ['a setting named password', 'SET Password [x]', ['SET Password [x]']],
    ['USE', 'USE thing\n\nWAIT', ['USE thing', 'WAIT']],
    ['WAIT’s argument stands on its line', 'WAIT\ncpu', ['error: `cpu` begins no statement']],
    [
      'WAIT with a name, a duration, a comment',
      'WAIT cpu\nWAIT 1m30s # long\nWAIT "a b"',
      ['WAIT cpu', 'WAIT 1m30s', 'WAIT "a b"'],
    ],
    ['EXEC to the line’s end', 'EXEC a --rows -- x\nWAIT', ['EXEC a --rows "--" x', 'WAIT']],
    ['EXEC and a comment', 'EXEC a b#c #d e', ['EXEC a b#c']],
    ['EXEC with quotes', `EXEC a 'b c' "d""e" ''`, ['EXEC a "b c" "d""e" ""']],
    ['EXEC and ;', 'EXEC a;b ;\nWAIT', ['EXEC "a;b"', 'WAIT']],
    [
      'BEGIN … END holds blank lines',
      'CREATE CONTINUOUS QUERY a ON b BEGIN\n\nSELECT x\nGO\n\nEND\n\nWAIT',
      ['CREATE CONTINUOUS QUERY a ON b BEGIN\n\nSELECT x\nGO\n\nEND', 'WAIT'],
    ],
    [
      'BEGIN BATCH … APPLY BATCH',
      'BEGIN BATCH\n\nINSERT INTO a (b) VALUES (1);\n\nAPPLY BATCH;\nWAIT',
      ['BEGIN BATCH\n\nINSERT INTO a (b) VALUES (1);\n\nAPPLY BATCH', 'WAIT'],
    ],
    [
      'an END in a batch is a column',
      'BEGIN UNLOGGED BATCH\n\nUPDATE a SET end = 1;\n\nAPPLY BATCH\n\nWAIT',
      ['BEGIN UNLOGGED BATCH\n\nUPDATE a SET end = 1;\n\nAPPLY BATCH', 'WAIT'],
    ],
    [
      'UPDATE over two lines',
      "UPDATE a\nSET m['k'] = 1\nWHERE b = 2\n\nWAIT",
      ["UPDATE a\nSET m['k'] = 1\nWHERE b = 2", 'WAIT'],
    ],
    [
      'UPDATE before its SET is open',
      'UPDATE a\n\nSET b [1] = 2\n\nWAIT',
      ['UPDATE a\n\nSET b [1] = 2', 'WAIT'],
    ],
    [
      '$$ functions',
      'CREATE FUNCTION f () AS\n\n$$\nGO x;\n\nWAIT\n$$\n\nWAIT',
      ['CREATE FUNCTION f () AS\n\n$$\nGO x;\n\nWAIT\n$$', 'WAIT'],
    ],
    [
      'a materialized view AS, then SELECT',
      'CREATE MATERIALIZED VIEW v AS\n\nSELECT a\n\nWAIT',
      ['CREATE MATERIALIZED VIEW v AS\n\nSELECT a', 'WAIT'],
    ],
    [
      'EXPLAIN ANALYZE and GRANT are open',
      'EXPLAIN\n\nANALYZE\n\nSELECT a\n\nGRANT\n\nSELECT ON b',
      ['EXPLAIN\n\nANALYZE\n\nSELECT a', 'GRANT\n\nSELECT ON b'],
    ],
    [
      'blank lines in CREATE TABLE',
      'CREATE TABLE a (\n\n  b int,\n\n  GO int\n)\n\nWAIT',
      ['CREATE TABLE a (\n\n  b int,\n\n  GO int\n)', 'WAIT'],
    ],
    [
      'quotes hide everything',
      "SELECT '\n\nGO EXEC x\n' FROM a\n\nWAIT",
      ["SELECT '\n\nGO EXEC x\n' FROM a", 'WAIT'],
    ],
    ['a doubled quote', "SELECT 'it''s\n\n' FROM a\n\nWAIT", ["SELECT 'it''s\n\n' FROM a", 'WAIT']],
    [
      'InfluxQL escapes quotes',
      "INFLUXQL SELECT 'it\\'s\n\n'\n\nWAIT",
      ["INFLUXQL SELECT 'it\\'s\n\n'", 'WAIT'],
    ],
    ['CQL does not', "CQL SELECT 'a\\'\n\nWAIT", ["CQL SELECT 'a\\'", 'WAIT']],
    ['a regular expression hides quotes', "SELECT a FROM /it's/\n\nWAIT", ["SELECT a FROM /it's/", 'WAIT']],
    [
      'after =~ and (',
      "SELECT mean(/'/) WHERE h =~ /'\\//\n\nWAIT",
      ["SELECT mean(/'/) WHERE h =~ /'\\//", 'WAIT'],
    ],
    ['a slash elsewhere divides', "SELECT a / 'b' / c\n\nWAIT", ["SELECT a / 'b' / c", 'WAIT']],
    ['CQL has no regular expressions', "CQL SELECT (/ ' / ')\n\nWAIT", ["CQL SELECT (/ ' / ')", 'WAIT']],
    [
      'a fence holds anything',
      'CQL """\nGO\n\nWAIT # x \'\n"""\n\nWAIT',
      ['CQL """\nGO\n\nWAIT # x \'\n"""', 'WAIT'],
    ],
    ['a longer fence holds a fence', 'CQL """" a """ b """"', ['CQL """"\na """ b\n""""']],
    ['INFLUXQL takes its text from the next line', 'INFLUXQL\n\nSHOW a', ['INFLUXQL SHOW a']],
    [
      'QUERY name begins, QUERY alone does not',
      'SHOW\nQUERY\n5\nQUERY q SELECT a',
      ['SHOW\nQUERY\n5', 'QUERY q\nSELECT a'],
    ],
    ['INSERT INTO begins nothing', 'CQL\nINSERT INTO a (b) VALUES (1)', ['CQL INSERT INTO a (b) VALUES (1)']],
    [
      '… not even in a text',
      'CREATE x\nINSERT INTO a (b) VALUES (1)\n\nWAIT',
      ['CREATE x\nINSERT INTO a (b) VALUES (1)', 'WAIT'],
    ],
    [
      'bare INSERT INTO',
      'INSERT INTO a (b) VALUES (1)',
      ['error: INSERT INTO is CQL, which is passed on after the word CQL'],
    ],
    ['a measurement named select', 'INSERT a\nselect,host=b v=1\n5', ['INSERT a\nselect,\nhost=b\nv=1\n5']],
    ['a measurement named go', 'INSERT a\n\ngo v=1\n5', ['INSERT a\ngo\nv=1\n5']],
    ['a measurement named delete', 'INSERT a\ndelete v=1\n5', ['INSERT a\ndelete\nv=1\n5']],
    [
      'all of an INSERT on one line',
      'INSERT a cpu, host=b v=1,w=2 5 1s DO 3',
      ['INSERT a\ncpu,\nhost=b\nv=1,w=2\n5 1s\nDO 3'],
    ],
    [
      'a clause after a blank line',
      'INSERT a\ncpu v=1\n\n5 1s\n\nFOR 1m;\nTAG a = b\n\nWAIT',
      ['INSERT a\ncpu\nv=1\n5 1s\nFOR 1m\nTAG a = b', 'WAIT'],
    ],
    ['a clause after ;', 'QUERY a SELECT b;\nDO 5', ['QUERY a\nSELECT b\nDO 5']],
    ['a bare count belongs to points alone', 'QUERY a SELECT b\n5', ['QUERY a\nSELECT b\n5']],
    [
      'GO INSERT after an INSERT, no blank line',
      'GO INSERT a\ncpu v=1\n5\nGO INSERT b\nmem v=1\n6',
      ['GO INSERT a\ncpu\nv=1\n5', 'GO INSERT b\nmem\nv=1\n6'],
    ],
  ])('%s', (_, text, expected) => {
    expect(statementsOf(text)).toEqual(expected);
  });
});

describe('comments', () => {
  test.each<[string, string, string[]]>([
    ['# -- /* at a line’s start', '#a\n  --b\n/*c\n\nGO */\nWAIT', ['WAIT']],
    ['a comment line is neither blank nor text', 'SHOW a\n# x\nSHOW b', ['SHOW a\n# x\nSHOW b']],
    ['after the last text it is no part of it', 'SHOW a # x\n# y\n\nSHOW b', ['SHOW a', 'SHOW b']],
    ['within a text it is sent along', 'SHOW a -- it’s\nFROM b', ['SHOW a -- it’s\nFROM b']],
    ['quotes in it do not count', "SHOW a -- don't\nFROM b\n\nWAIT", ["SHOW a -- don't\nFROM b", 'WAIT']],
    ['a sign without blanks is text', 'SHOW a--b c#d #e --f', ['SHOW a--b c#d #e --f']],
    ['#ff0000 is a value', 'INSERT a\ncpu,color=#ff0000 v=1 5', ['INSERT a\ncpu,\ncolor=#ff0000\nv=1\n5']],
    [
      'in a query it is left out',
      'QUERY a\nSELECT b -- c\n# d\nFROM e\nDO 5',
      ['QUERY a\nSELECT b\nFROM e\nDO 5'],
    ],
    [
      'in a query it parts words',
      'QUERY a\nSELECT /* b */c, [a|b]\n/* d */FROM /* e */ f /* g */;',
      ['QUERY a\nSELECT c, [a|b] FROM f'],
    ],
    [
      'between all parts of an INSERT',
      'INSERT # a\ncpu # b\nm, # c\nh=1 # d\n# e\nv=1 # f\n5 # g\n1s # h\nDO 3 # i',
      ['INSERT cpu\nm,\nh=1\nv=1\n5 1s\nDO 3'],
    ],
    [
      'behind the word that begins a clause',
      'QUERY a SELECT 1\nDO -- b\n5 EXPECT # c\np99 /* d */\n<\n1s TAG # e\n--f\nx -- g\n= y\nPICK /* h */ /* i */ each',
      ['QUERY a\nSELECT 1\nDO 5\nEXPECT p99 < 1s\nTAG x = y\nPICK each'],
    ],
    [
      'behind ROW, where values stand before it',
      'QUERY a SELECT 1\nROWS [int inc(0)], 5\nROW -- b\n[int inc(1)], ROW\n# c\nDO 5',
      ['QUERY a\nSELECT 1\nROWS [int inc(0)], 5\nROW [int inc(1)], ROW\nDO 5'],
    ],
    [
      'what it holds begins nothing',
      'QUERY a SELECT do -- 5\nFROM tag -- = b\nDO 5',
      ['QUERY a\nSELECT do\nFROM tag\nDO 5'],
    ],
    ['its mark is no name', 'QUERY a SELECT tag # = b\nFROM c', ['QUERY a\nSELECT tag\nFROM c']],
    [
      'behind WRITTEN, where the statement ends or goes on',
      'QUERY a SELECT 1\nWRITTEN # b\n# c\n\nQUERY d SELECT 1\nWRITTEN /* e\n\nf */ DO 5\n\nQUERY g SELECT\nWRITTEN -- h\nFROM i',
      ['QUERY a\nSELECT 1\nWRITTEN', 'QUERY d\nSELECT 1\nWRITTEN\nDO 5', 'QUERY g\nSELECT\nWRITTEN\nFROM i'],
    ],
    ['behind OF', 'QUERY a OF -- b\nc\nSELECT 1', ['QUERY a OF c\nSELECT 1']],
    [
      'behind the word that begins a statement',
      'SHOW a\nQUERY -- b\nc SELECT 1\nSET # d\ne [f]\nCREATE g\nINSERT # h\nINTO i',
      ['SHOW a', 'QUERY c\nSELECT 1', 'SET e [f]', 'CREATE g\nINSERT # h\nINTO i'],
    ],
    ['none in a fence', 'QUERY a """\nSELECT # b\n"""', ['QUERY a """\nSELECT # b\n"""']],
    ['none in $$', 'SELECT $$\n-- it’s\n$$ FROM b', ['SELECT $$\n-- it’s\n$$ FROM b']],
    ['none in a slot', 'INSERT a\ncpu,h=[a # b|c] v=1', ['INSERT a\ncpu,\nh=[a # b|c]\nv=1']],
  ])('%s', (_, text, expected) => {
    expect(statementsOf(text)).toEqual(expected);
  });
});

/** The kinds of the parts of a statement's template, texts as they are. */
function partsOf(text: string): unknown[] {
  const { script, diagnostics } = parse([new Source('script.sql', text)]);
  expect(diagnostics).toEqual([]);
  const node = script.statements[0] as Extract<StatementNode, { kind: 'insert' | 'query' }>;
  if (node.template.kind === 'point-template') return node.template.tags[0]!.value.parts.map(nameOf);
  return node.template.parts.map(nameOf);
}

function nameOf(part: unknown): unknown {
  if (typeof part === 'string') return part;
  const node = part as { kind: string; name?: string; parts?: readonly unknown[] };
  return node.parts === undefined
    ? [node.kind, ...(node.name === undefined ? [] : [node.name])]
    : { quoted: node.parts.map(nameOf) };
}

describe('slots, placeholders and clauses among text', () => {
  test.each<[string, unknown[]]>([
    ['QUERY q SELECT [1, 2, 3]', ['SELECT [1, 2, 3]']],
    ["QUERY q SELECT m['k']", ["SELECT m['k']"]],
    ['QUERY q SELECT a[0] , b[i]', ['SELECT a[0] , b[i]']],
    ['QUERY q SELECT [uuid(), now()]', ['SELECT [uuid(), now()]']],
    ['QUERY q SELECT [int inc(0) 5]', ['SELECT ', ['value-slot']]],
    ['QUERY q SELECT [list(3) of int rand(5)]', ['SELECT ', ['value-slot']]],
    ['QUERY q SELECT [vector(8) rand(5)]', ['SELECT ', ['value-slot']]],
    [
      'QUERY q SELECT [id: uuid rand(5)], [=id]',
      ['SELECT ', ['value-slot', 'id'], ', ', ['slot-reference', 'id']],
    ],
    ['QUERY q SELECT [a|b]', ['SELECT ', ['choice-slot']]],
    ["QUERY q SELECT ['a'|'b']", ['SELECT ', ['choice-slot']]],
    ['QUERY q SELECT \\[a|b]', ['SELECT [a|b]']],
    ['QUERY q SELECT \\\\[a|b]', ['SELECT \\', ['choice-slot']]],
    ['QUERY q SELECT a FROM /x[a|b]/', ['SELECT a FROM /x[a|b]/']],
    ["QUERY q SELECT 'a-[int inc(0)]'", ['SELECT ', { quoted: ['a-', ['value-slot']] }]],
    ["QUERY q SELECT 'it''s [a|b]'", ['SELECT ', { quoted: ["it's ", ['choice-slot']] }]],
    ["QUERY q SELECT '[1, 2]' x", ["SELECT '[1, 2]' x"]],
    [
      'QUERY q SELECT %t %T %f %m %a %k %K',
      [
        'SELECT ',
        ['placeholder'],
        ' ',
        ['placeholder'],
        ' ',
        ['placeholder'],
        ' ',
        ['placeholder'],
        ' ',
        ['placeholder'],
        ' ',
        ['placeholder'],
        ' ',
        ['placeholder'],
      ],
    ],
    [
      'QUERY q SELECT %(host) "%f" \'%f\'',
      ['SELECT ', ['placeholder', 'host'], ' "', ['placeholder'], `" '%f'`],
    ],
    ['QUERY q SELECT v % 5, v %5, v %% x', ['SELECT v % 5, v %5, v % x']],
    ['QUERY q SELECT v %', ['SELECT v %']],
    ['QUERY q SELECT a =~ /x%y/', ['SELECT a =~ /x%y/']],
    [
      'QUERY q SELECT at, for, do, tag FROM t WHERE at = 1 AND for = 2 AND do = 3 AND tag = 4',
      ['SELECT at, for, do, tag FROM t WHERE at = 1 AND for = 2 AND do = 3 AND tag = 4'],
    ],
    ['QUERY q SELECT written FROM pick', ['SELECT written FROM pick']],
    ['QUERY q SELECT (DO 5)', ['SELECT (DO 5)']],
    ["QUERY q SELECT 'DO 5' DO 5", ["SELECT 'DO 5'"]],
    ['QUERY q SELECT with FROM series WITH x [1]', ['SELECT with FROM series']],
    ['QUERY q SELECT a\nWRITTEN\n\nDO 5', ['SELECT a']],
    ['INSERT i cpu,h=[a|b*3|c\\|d] v=1', [['choice-slot']]],
    ['INSERT i cpu,h=[lone] v=1', [['choice-slot']]],
    ['INSERT i cpu,h=[a:1|b:2] v=1', [['choice-slot']]],
    ['INSERT i cpu,h=[n: a|b] v=1', [['choice-slot', 'n']]],
    ['INSERT i cpu,h=a\\ b\\,c\\=d\\[e v=1', ['a b,c=d[e']],
    ["INSERT i cpu,h=it's\\n v=1", ["it's\\n"]],
    ['INSERT i cpu,h=a[int inc(0)]b[int inc(0)]c v=1', ['a', ['value-slot'], 'b', ['value-slot'], 'c']],
    ['INSERT i cpu,h=${H}-$${x}-$y v=1', [['parameter', 'H'], '-${x}-$y']],
    ['INSERT i DELETE FROM t WHERE a = [int inc(0)]', ['DELETE FROM t WHERE a = ', ['value-slot']]],
    ["INSERT i UPDATE t SET m['k'] = [a|b] DO 5", ["UPDATE t SET m['k'] = ", ['choice-slot']]],
    ['INSERT i INSERT INTO t (a) VALUES ([1, 2]) DO 5', ['INSERT INTO t (a) VALUES ([1, 2])']],
    [
      'INSERT i INSERT INTO t JSON \'{"a": [int inc(0)]}\'',
      ['INSERT INTO t JSON ', { quoted: ['{"a": ', ['value-slot'], '}'] }],
    ],
  ])('%s', (text, expected) => {
    expect(partsOf(text)).toEqual(expected);
  });
});
