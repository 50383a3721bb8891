import { expect, test } from 'vitest';
import { Source } from '../../src/lexer/source.ts';
import { parse } from '../../src/parser/parse.ts';

/** Line, column, code, message and suggestion of everything that is said about the text. */
function saidOf(text: string): string[] {
  const source = new Source('script.sql', text);
  return parse([source]).diagnostics.map(({ code, message, span, suggestion }) => {
    const { line, column } = source.position(span.start);
    const meant = suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`;
    return `${line}:${column} ${code} ${message}${meant}`;
  });
}

test.each<[string, string[]]>([
  ['FOO bar', ['1:1 S002 `FOO` begins no statement']],
  ['INSRT cpu', ['1:1 S002 `INSRT` begins no statement (did you mean INSERT?)']],
  ['QUERRY a', ['1:1 S002 `QUERRY` begins no statement (did you mean QUERY?)']],
  ['CRATE DATABASE x', ['1:1 S002 `CRATE` begins no statement (did you mean CREATE?)']],
  ['WIAT', ['1:1 S002 `WIAT` begins no statement (did you mean WAIT?)']],
  ['cpu,host=a value=1', ['1:1 S002 `cpu,host=a` begins no statement']],
  ['5', ['1:1 S002 `5` begins no statement']],
  ['SET', ['1:4 S001 the statement ends where a name should follow']],
  ['SET Database', ['1:13 S001 the statement ends where a value in brackets, such as [10s] should follow']],
  ['SET Database thing', ['1:14 S001 found `thing` where a value in brackets, such as [10s] should stand']],
  ['SET Database [thing', ['1:14 S010 the bracket [ is not closed']],
  ['SET [x]', ['1:5 S001 found `[x]` where a name should stand']],
  ['SET 5 [x]', ['1:5 S001 found `5` where a name should stand']],
  ['SET Password ["abc', ['1:14 S010 the bracket [ is not closed']],
  ['SET a b [c]', ['1:7 S001 found `b` where a value in brackets, such as [10s] should stand']],
  ['WAIT cpu now', ['1:10 S001 found `now` where the end of the statement should stand']],
  ['WAIT a b c', ['1:8 S001 found `b` where the end of the statement should stand']],
  ['WAIT "x', ['1:6 S010 the quote " is not closed']],
  ['GO', ['1:3 S001 the statement ends where INSERT, QUERY, MIX or EXEC should follow']],
  ['GO WAIT', ['1:3 S001 the statement ends where INSERT, QUERY, MIX or EXEC should follow']],
  ['GO\nWAIT', ['1:3 S001 the statement ends where INSERT, QUERY, MIX or EXEC should follow']],
  ['GO SELECT 1', ['1:4 S001 found `SELECT` where INSERT, QUERY, MIX or EXEC should stand']],
  ['GO INFLUXQL SHOW a', ['1:3 S001 the statement ends where INSERT, QUERY, MIX or EXEC should follow']],
  ['GO GO EXEC x', ['1:3 S001 the statement ends where INSERT, QUERY, MIX or EXEC should follow']],
  ['EXEC', ['1:5 S001 the statement ends where a word or a quoted string should follow']],
  ['EXEC # nothing', ['1:5 S001 the statement ends where a word or a quoted string should follow']],
  ['EXEC a "b', ['1:8 S010 the quote " is not closed']],
  ["EXEC a 'b", ["1:8 S010 the quote ' is not closed"]],
  ['INSERT', ['1:7 S001 the statement ends where a name should follow']],
  [
    'INSERT cpu',
    [
      '1:11 S001 the statement ends where a point template such as cpu,host=a value=1, or a CQL write should follow',
    ],
  ],
  ['INSERT 5cpu cpu v=1', ['1:8 S001 found `5cpu` where a name should stand']],
  [
    'INSERT INTO t (a) VALUES (1)',
    ['1:1 S003 INSERT INTO is CQL, which is passed on after the word CQL (did you mean CQL INSERT INTO?)'],
  ],
  [
    'INSERT into t (a) VALUES (1)',
    ['1:1 S003 INSERT INTO is CQL, which is passed on after the word CQL (did you mean CQL INSERT INTO?)'],
  ],
  [
    'GO INSERT INTO t (a) VALUES (1)',
    ['1:4 S003 INSERT INTO is CQL, which is passed on after the word CQL (did you mean CQL INSERT INTO?)'],
  ],
  ['INSERT cpu cpu', ['1:15 S001 the statement ends where a field such as value=1 should follow']],
  ['INSERT cpu cpu,host=a', ['1:22 S001 the statement ends where a field such as value=1 should follow']],
  ['INSERT cpu cpu,host v=1', ['1:20 S001 found a blank where = should stand']],
  ['INSERT cpu cpu,host= v=1', ['1:21 S001 found a blank where text or a slot should stand']],
  ['INSERT cpu cpu,=a v=1', ['1:16 S001 found `=` where a field such as value=1 should stand']],
  ['INSERT cpu ,host=a v=1', ['1:12 S001 found `,` where text or a slot should stand']],
  ['INSERT cpu cpu v', ['1:17 S001 the statement ends where = should follow']],
  ['INSERT cpu cpu v=', ['1:18 S001 the statement ends where the value of the field should follow']],
  ['INSERT cpu cpu v=1,', ['1:20 S001 the statement ends where a field such as value=1 should follow']],
  ['INSERT cpu cpu v=1,,w=2', ['1:20 S001 found `,` where a field such as value=1 should stand']],
  ['INSERT cpu cpu v=1 ,w=2', ['1:21 S001 found `w` where a field such as value=1 should stand']],
  ['INSERT cpu cpu v=a=b', ['1:19 S001 found `=` where the end of the statement should stand']],
  ['INSERT cpu cpu v="a', ['1:18 S010 the quote " is not closed']],
  ['INSERT cpu cpu v="a"b', ['1:21 S001 found `b` where the end of the statement should stand']],
  ['INSERT cpu cpu,h=a b v=1', ['1:22 S001 found `v` where = should stand']],
  [
    'INSERT cpu cpu v=1 1465839830100400200',
    ['1:20 S021 the count 1465839830100400200 is above 1e15: it looks like a timestamp'],
  ],
  ['INSERT cpu cpu v=1 100 1465839830100400200', ['1:24 S022 `1465839830100400200` is no duration']],
  ['INSERT cpu cpu v=1 100 ten', ['1:24 S022 `ten` is no duration']],
  ['INSERT cpu cpu v=1 100 10x', ['1:24 S022 `10x` is no duration']],
  ['INSERT cpu cpu v=1 ten', ['1:20 S001 `ten` begins no clause']],
  ['INSERT cpu cpu v=1 100 10s 5', ['1:28 S001 `5` begins no clause']],
  ['INSERT cpu cpu v=1 DO', ['1:22 S001 the statement ends where a count such as 1000 should follow']],
  ['INSERT cpu cpu v=1 DO ten', ['1:23 S020 `ten` is no count']],
  ['INSERT cpu cpu v=1 DO 10k', ['1:23 S020 `10k` is no count']],
  ['INSERT cpu cpu v=1 DO 1.5', ['1:23 S020 `1.5` is no count']],
  ['INSERT cpu cpu v=1 DO -5', ['1:23 S020 `-5` is no count']],
  ['INSERT cpu cpu v=1 DO 2e15', ['1:23 S021 the count 2e15 is above 1e15: it looks like a timestamp']],
  ['INSERT cpu cpu v=1 DO 10 5', ['1:26 S001 `5` begins no clause']],
  ['INSERT cpu cpu v=1 DOO 10', ['1:20 S001 `DOO` begins no clause (did you mean DO?)']],
  ['INSERT cpu cpu v=1 DO 10 EVRY 10s', ['1:26 S001 `EVRY` begins no clause (did you mean EVERY?)']],
  ['INSERT cpu cpu v=1 EVERY 1.5s', ['1:26 S022 `1.5s` is no duration']],
  ['INSERT cpu cpu v=1 FOR 10', ['1:24 S022 `10` is no duration']],
  ['INSERT cpu cpu v=1 FOR 10 seconds', ['1:27 S001 `seconds` begins no clause']],
  ['INSERT cpu cpu v=1 AT 1000', ['1:23 S023 `1000` is no rate']],
  ['INSERT cpu cpu v=1 AT 1000/x', ['1:23 S023 `1000/x` is no rate']],
  [
    'INSERT cpu cpu v=1 AT 1000/s TO',
    ['1:32 S001 the statement ends where a rate such as 1000/s should follow'],
  ],
  ['INSERT cpu cpu v=1 AT 1000/s TO fast', ['1:33 S023 `fast` is no rate']],
  [
    'INSERT cpu cpu v=1 AT 1000/s FOR',
    ['1:33 S001 the statement ends where a duration such as 30s or 1m30s should follow'],
  ],
  [
    'INSERT cpu cpu v=1 AT 1000/s,',
    ['1:30 S001 the statement ends where a rate such as 1000/s should follow'],
  ],
  ['INSERT cpu cpu v=1 DO 5 AT', ['1:27 S001 the statement ends where a rate such as 1000/s should follow']],
  ['INSERT cpu cpu v=1 WARMUP 10/s', ['1:27 S024 `10/s` is neither a count nor a duration']],
  ['INSERT cpu cpu v=1 WARMUP 2e15', ['1:27 S021 the count 2e15 is above 1e15: it looks like a timestamp']],
  [
    'INSERT cpu cpu v=1 DO 5 PICK',
    ['1:29 S001 the statement ends where uniform, latest, each or zipf(s) should follow'],
  ],
  [
    'QUERY q SELECT 1 DO 5 PICK latst',
    ['1:23 S030 `latst` is no distribution of PICK (did you mean latest?)'],
  ],
  ['QUERY q SELECT 1 DO 5 PICK zipf(', ['1:32 S010 the bracket ( is not closed']],
  ['QUERY q SELECT 1 DO 5 PICK zipf(a)', ['1:33 S026 `a` is no number']],
  [
    'INSERT cpu cpu v=1 DO 5 POPULATION',
    ['1:35 S001 the statement ends where indexes such as 1..1000000 or gaussian(1..1000000) should follow'],
  ],
  [
    'INSERT cpu cpu v=1 DO 5 POPULATION ()',
    ['1:36 S001 found `(` where indexes such as 1..1000000 or gaussian(1..1000000) should stand'],
  ],
  ['INSERT cpu cpu v=1 DO 5 POPULATION exp(1..5', ['1:39 S010 the bracket ( is not closed']],
  [
    'QUERY q SELECT 1 DO 5 RETURNS',
    ["1:30 S001 the statement ends where values such as 5, 'x' or [int inc(0)] should follow"],
  ],
  ['QUERY q SELECT 1 DO 5 RETURNS [int inc(0)', ['1:31 S010 the slot [ is not closed']],
  ['INSERT cpu cpu v=1 DO 5 SERIES', ['1:31 S001 the statement ends where ( should follow']],
  ['INSERT cpu cpu v=1 DO 5 SERIES ()', ['1:33 S001 found `)` where the name of a column should stand']],
  ['INSERT cpu cpu v=1 DO 5 SERIES (a', ['1:32 S010 the bracket ( is not closed']],
  ['INSERT cpu cpu v=1 DO 5 SERIES (a,)', ['1:35 S001 found `)` where the name of a column should stand']],
  [
    'INSERT cpu cpu v=1 DO 5 WITH',
    ['1:29 S001 the statement ends where the name of a setting should follow'],
  ],
  [
    'INSERT cpu cpu v=1 DO 5 WITH BatchSize',
    ['1:39 S001 the statement ends where a value in brackets, such as [10s] should follow'],
  ],
  [
    'INSERT cpu cpu v=1 DO 5 WITH BatchSize 5',
    ['1:40 S001 found `5` where a value in brackets, such as [10s] should stand'],
  ],
  ['INSERT cpu cpu v=1 DO 5 WITH BatchSize [5', ['1:40 S010 the bracket [ is not closed']],
  ['INSERT cpu cpu v=1 DO 5 TAG', ['1:28 S001 the statement ends where the name of a tag should follow']],
  ['INSERT cpu cpu v=1 DO 5 TAG a', ['1:30 S001 the statement ends where = should follow']],
  ['INSERT cpu cpu v=1 DO 5 TAG a =', ['1:32 S001 the statement ends where a word should follow']],
  ['INSERT cpu cpu v=1 DO 5 TAG a = b c = d', ['1:35 S001 `c` begins no clause']],
  [
    'INSERT cpu cpu v=1 DO 5 EXPECT',
    [
      '1:31 S001 the statement ends where a measure such as p99, service.p99, errors or throughput should follow',
    ],
  ],
  [
    'INSERT cpu cpu v=1 DO 5 EXPECT p99',
    ['1:35 S001 the statement ends where one of < <= > >= = != should follow'],
  ],
  [
    'INSERT cpu cpu v=1 DO 5 EXPECT p99 <',
    ['1:37 S001 the statement ends where a value such as 20ms, 1% or 1000/s should follow'],
  ],
  ['INSERT cpu cpu v=1 DO 5 EXPECT p99 < 20', ['1:38 S027 `20` is no duration']],
  [
    'INSERT cpu cpu v=1 DO 5 EXPECT p98 < 20ms',
    ['1:32 S031 `p98` is nothing that EXPECT measures (did you mean p90?)'],
  ],
  [
    'INSERT cpu cpu v=1 DO 5 EXPECT p999 < 20ms',
    ['1:32 S031 `p999` is nothing that EXPECT measures (did you mean p99?)'],
  ],
  [
    'INSERT cpu cpu v=1 DO 5 EXPECT servce.p99 < 20ms',
    ['1:32 S031 `servce.p99` is nothing that EXPECT measures'],
  ],
  [
    'INSERT cpu cpu v=1 DO 5 EXPECT eror_rate < 1%',
    [
      '1:32 S031 `eror_rate` is nothing that EXPECT measures (did you mean error_rate?)',
      '1:44 S027 `1%` is no duration',
    ],
  ],
  ['INSERT cpu cpu v=1 DO 5 EXPECT error_rate < 1', ['1:45 S027 `1` is no percentage']],
  ['INSERT cpu cpu v=1 DO 5 EXPECT throughput > 100', ['1:45 S023 `100` is no rate']],
  ['INSERT cpu cpu v=1 DO 5 EXPECT errors < few', ['1:41 S026 `few` is no number']],
  [
    'INSERT cpu cpu v=1 DO 5 EXPECT p99 < 20ms ABORT AFTER',
    ['1:54 S001 the statement ends where a duration such as 30s or 1m30s should follow'],
  ],
  ['INSERT cpu cpu v=1 DO 5 EXPECT p99 < 20ms ABORT AFTER 5', ['1:55 S022 `5` is no duration']],
  [
    'INSERT cpu cpu v=1 DO 5 EXPECT p99 < 20ms, ABORT',
    ['1:44 S001 found `ABORT` where a measure such as p99, service.p99, errors or throughput should stand'],
  ],
  ['INSERT cpu cpu,h=[int inc(0) 5 v=1', ['1:18 S010 the slot [ is not closed']],
  ['INSERT cpu cpu,h=[int inc 0] v=1', ['1:27 S001 found `0` where ( should stand']],
  ['INSERT cpu cpu v=[int inc(0 4)]', ['1:29 S001 found `4` where , or ) should stand']],
  ['INSERT cpu cpu,h=[int inc(0] v=1', ['1:28 S001 found `]` where , or ) should stand']],
  ['INSERT cpu cpu,h=[int inc(0) 5 6] v=1', ['1:32 S001 found `6` where ] should stand']],
  [
    'INSERT cpu cpu,h=[] v=1',
    ['1:19 S001 found `]` where what a slot holds, such as [int inc(0) 100], [a|b] or [=name] should stand'],
  ],
  ['INSERT cpu cpu,h=[a b] v=1', ['1:22 S001 found `]` where ( should stand']],
  ['INSERT cpu cpu,h=[a||b] v=1', ['1:21 S001 found `|` where a choice should stand']],
  ['INSERT cpu cpu,h=[a|] v=1', ['1:21 S001 found `]` where a choice should stand']],
  ['INSERT cpu cpu,h=[=] v=1', ['1:20 S001 found `]` where a word should stand']],
  ['INSERT cpu cpu,h=[=a b] v=1', ['1:22 S001 found `b` where ] should stand']],
  ['INSERT cpu cpu,h=[list(3) of inc(0)] v=1', ['1:36 S001 found `]` where a word should stand']],
  ['INSERT cpu cpu,h=[list(a of int inc(0)] v=1', ['1:26 S001 found `of` where ) should stand']],
  ['INSERT cpu cpu,h=${ v=1', ['1:18 S011 this is no parameter']],
  ['INSERT cpu cpu,h=${1} v=1', ['1:18 S011 this is no parameter']],
  ['INSERT cpu cpu,h=${a-b v=1', ['1:18 S011 this is no parameter']],
  ['INSERT cpu """cpu v=1', ['1:12 S010 the fence """ is not closed']],
  ['INSERT cpu """cpu v=1""" x', ['1:26 S001 `x` begins no clause']],
  ['INSERT cpu """cpu v=1 5"""', ['1:23 S001 found `5` where """ should stand']],
  ['INSERT "" cpu v=1', ['1:8 S004 `` is no name']],
  ['INSERT SET cpu v=1', ['1:8 S001 found `SET` where a name should stand']],
  ['QUERY', ['1:6 S001 the statement ends where a name should follow']],
  ['QUERY q', ['1:8 S001 the statement ends where the text of a query should follow']],
  ['QUERY q OF "" SELECT 1', ['1:12 S004 `` is no name']],
  ['QUERY q SELECT %x', ['1:16 S040 `%x` is no placeholder']],
  ['QUERY q SELECT %Tags', ['1:16 S040 `%Tags` is no placeholder (did you mean %T?)']],
  ['QUERY q SELECT %M', ['1:16 S040 `%M` is no placeholder (did you mean %m?)']],
  ['QUERY q SELECT %(a', ['1:16 S040 `%(` is no placeholder']],
  ["QUERY q SELECT 'a", ["1:16 S010 the quote ' is not closed"]],
  ['QUERY q SELECT (a', ['1:16 S010 the bracket ( is not closed']],
  ["QUERY q SELECT 'it\\'s'", ["1:19 S041 `\\'` can be read in two ways, as InfluxQL and as CQL"]],
  ['QUERY q """SELECT 1', ['1:9 S010 the fence """ is not closed']],
  [
    'QUERY q SELECT 1\nDO x\nDOO 5',
    ['3:1 S060 `DOO` begins no clause, so this line is part of the text (did you mean DO?)'],
  ],
  ["SELECT 'it\\'s'", ["1:11 S041 `\\'` can be read in two ways, as InfluxQL and as CQL"]],
  ['SELECT $$a', ['1:8 S010 the quote $$ is not closed']],
  ['SELECT (a, [b}', ['1:8 S010 the bracket ( is not closed']],
  ['CREATE CONTINUOUS QUERY a ON b BEGIN SELECT 1', ['1:32 S010 BEGIN (with END) is not closed']],
  ['BEGIN BATCH UPDATE a SET b = 1', ['1:1 S010 BEGIN BATCH (with APPLY BATCH) is not closed']],
  ['UPDATE t WHERE a = 1', ['1:1 S010 UPDATE (with SET) is not closed']],
  ['CQL', ['1:4 S001 the statement ends where the text to pass on should follow']],
  ['CQL """"""', ['1:5 S010 the fence """""" is not closed']],
  ['CQL """a""" b', ['1:13 S001 found `b` where the end of the statement should stand']],
  ['CQL """a"""\nb', ['2:1 S002 `b` begins no statement']],
  ['INFLUXQL', ['1:9 S001 the statement ends where the text to pass on should follow']],
  ["INFLUXQL 'a", ["1:10 S010 the quote ' is not closed"]],
  ['/* never closed', ['1:1 S010 the comment `/*` is not closed']],
  ['SHOW a /* never', ['1:8 S010 the comment `/*` is not closed']],
  [
    'FOO\n\nSET a b\n\nWAIT x y\n\nINSERT c c v=1 DO x EVERY y AT z',
    [
      '1:1 S002 `FOO` begins no statement',
      '3:7 S001 found `b` where a value in brackets, such as [10s] should stand',
      '5:8 S001 found `y` where the end of the statement should stand',
      '7:19 S020 `x` is no count',
      '7:27 S022 `y` is no duration',
      '7:32 S023 `z` is no rate',
    ],
  ],
  [
    'INSERT c c,h=[int inc] v=[a||b] DO FOR 5 AT 5',
    [
      '1:22 S001 found `]` where ( should stand',
      '1:29 S001 found `|` where a choice should stand',
      '1:36 S001 found `FOR` where a count such as 1000 should stand',
    ],
  ],
  ["SELECT 'a\n\nGO EXEC b\n\nSELECT 'c'", ["1:8 S010 the quote ' is not closed"]],
  [
    'SHOW (\n\nWAIT\n\nSHOW [\n\nFOO\n\nGO EXEC x',
    ['1:6 S010 the bracket ( is not closed', '5:6 S010 the bracket [ is not closed'],
  ],
])('%j', (text, expected) => {
  expect(saidOf(text)).toEqual(expected);
});

test('a string over several lines before an error is named', () => {
  const hint = (text: string) => parse([new Source('script.sql', text)]).diagnostics[0]!.hint;
  expect(hint('INSERT a\nm v="x\nDO 5\n\nINSERT b\nm v="y"\nDO 5')).toBe(
    'the string before it began in line 2: is its quote closed there?',
  );
  expect(hint('INSERT a\nm v="x" y')).toBeUndefined();
});
