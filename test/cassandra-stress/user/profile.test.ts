import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/cassandra-stress/cluster.ts';
import { readCommandLine } from '../../../src/cassandra-stress/read-command-line.ts';
import { Refusal } from '../../../src/cassandra-stress/refusal.ts';
import { stressScript } from '../../../src/cassandra-stress/script.ts';
import type { StressSettings } from '../../../src/cassandra-stress/settings.ts';
import { boundColumns } from '../../../src/cassandra-stress/user/bound-columns.ts';
import { definitionStatement } from '../../../src/cassandra-stress/user/profile-statements.ts';
import { profileBlock } from '../../../src/cassandra-stress/user/profile-lines.ts';
import { readProfile } from '../../../src/cassandra-stress/user/read-profile.ts';
import { readTableDefinition } from '../../../src/cassandra-stress/user/table-definition.ts';
import { tokenRanges } from '../../../src/cassandra-stress/user/token-ranges.ts';
import { userWorkload } from '../../../src/cassandra-stress/user/user-workload.ts';
import { withDefinition } from '../../../src/cassandra-stress/user/with-definition.ts';
import type { StressOperation } from '../../../src/cassandra-stress/workload.ts';
import { Source } from '../../../src/lexer/source.ts';
import type { SchemaColumn } from '../../../src/stress-client/target/cql/cql-session.ts';
import { parse } from '../../../src/parser/parse.ts';
import { definedProfile } from './defined-profile.ts';

const head = 'keyspace: ks\ntable: t\n';
const table = 'table_definition: CREATE TABLE t (k int PRIMARY KEY, v text)\n';

function settingsOf(line: string): StressSettings {
  const found = readCommandLine(line.split(' '), { readFile: () => '', version: '' });
  if (found.kind !== 'run') throw new Error(JSON.stringify(found));
  return found.settings;
}

function operationsOf(ops: string, ...texts: readonly string[]): readonly StressOperation[] {
  const profiles = texts.map((text, at) => definedProfile({ path: `${at}.yaml`, text }));
  return userWorkload(settingsOf(`user profile=x ops(${ops}) n=10`), profiles).operations;
}

describe('tables', () => {
  test.each([
    ['CREATE TABLE t (k int PRIMARY KEY, b text, a text)', 'k | | a b'],
    [
      'create table if not exists ks."T" ("K" int, v map<text, frozen<list<int>>>, primary key ("K"))',
      'K | | v',
    ],
    [
      'CREATE TABLE t (a int, b int, c int, d int static, PRIMARY KEY ((a, b), c)) WITH x = {}',
      'a b | c | d',
    ],
    ['CREATE TABLE t ( // key\n k blob, -- more\n /* v */ v vector<float, 3>, PRIMARY KEY (k))', 'k | | v'],
  ])('%s', (text, keys) => {
    const { columns, partitionKey, clusteringKey } = readTableDefinition(text);
    const others = columns.slice(partitionKey.length + clusteringKey.length).map(({ name }) => name);
    const parts = [partitionKey, clusteringKey, others].map((names) => names.join(' '));
    expect(parts.join(' | ').replaceAll('  ', ' ')).toBe(keys);
  });

  test('types without blanks', () => {
    const { columns } = readTableDefinition(
      'CREATE TABLE t (k int PRIMARY KEY, m Map<Text, frozen < list<int> >>)',
    );
    expect(columns.map(({ type }) => type)).toEqual(['int', 'map<text,frozen<list<int>>>']);
  });
});

test.each([
  ['select * from t where a = ? and b >= ? LIMIT ?', ['a', 'b', undefined]],
  ['select * from t where (a, "B") > (?, ?) and c IN (?, ?)', ['a', 'B', 'c', 'c']],
  ['insert into t (a, b, key) values (?, now(), ?)', ['a', 'key']],
  [
    'update t using ttl ? set v = v + ?, key = ? where key=? and m contains key ?',
    [undefined, 'v', 'key', 'key', 'm'],
  ],
  ["delete from t where a = '?' and token(b) > ? and c=?", [undefined, 'c']],
])('what %s binds', (text, columns) => {
  expect(boundColumns(text).map(({ column }) => column)).toEqual(columns);
});

test.each([
  [
    'CREATE TABLE t (k int)\n  // c\n WITH x = 1;\n',
    undefined,
    'CREATE TABLE IF NOT EXISTS t (k int) WITH x = 1',
  ],
  ['create keyspace if not exists k with y', undefined, 'create keyspace if not exists k with y'],
  ['CREATE INDEX ON t (v)', 'ks', 'CREATE INDEX IF NOT EXISTS ON ks.t (v)'],
  ['CREATE INDEX IF NOT EXISTS i ON t (v)', 'ks', 'CREATE INDEX IF NOT EXISTS i ON ks.t (v)'],
  ['CREATE TYPE y (a int)', 'ks', 'CREATE TYPE IF NOT EXISTS ks.y (a int)'],
  ['GRANT SELECT ON t TO u', undefined, 'CQL GRANT SELECT ON t TO u'],
])('%s becomes %s', (text, keyspace, statement) => {
  expect(definitionStatement(text, keyspace)).toBe(statement);
});

test('without a definition the table is the server’s', async () => {
  const profile = readProfile({ path: 'p.yaml', text: 'keyspace: KS\ntable: T\n' });
  const columns: readonly SchemaColumn[] = [
    { name: 'z', kind: 'static', type: 'map<text, frozen<list<int>>>' },
    { name: 'B', kind: 'partition_key', type: 'int' },
    { name: 'a', kind: 'regular', type: 'blob' },
    { name: 'c', kind: 'clustering', type: 'timeuuid' },
  ];
  const asked: string[] = [];
  const cluster = (found: readonly SchemaColumn[]): Cluster => ({
    tokens: () => Promise.resolve([]),
    tableColumns: (keyspace, table) => {
      asked.push(`${keyspace}.${table}`);
      return Promise.resolve(found);
    },
  });
  const { definition, tableText } = await withDefinition(profile, cluster(columns));
  expect(asked).toEqual(['ks.T']);
  expect(tableText).toBeUndefined();
  expect(definition).toEqual({
    name: 'T',
    columns: [
      { name: 'B', type: 'int' },
      { name: 'c', type: 'timeuuid' },
      { name: 'a', type: 'blob' },
      { name: 'z', type: 'map<text,frozen<list<int>>>' },
    ],
    partitionKey: ['B'],
    clusteringKey: ['c'],
  });
  await expect(withDefinition(profile, cluster([]))).rejects.toThrow(
    'p.yaml:2: there is no table ks.T: make it, or say table_definition here',
  );
});

describe('refusals with file and line', () => {
  test.each([
    ['table: t\n', 'p.yaml:1: keyspace name is required in yaml file'],
    ['keyspace: ks\n', 'p.yaml:1: table name is required in yaml file'],
    [`${head}${table}keyspce: x\n`, 'p.yaml:4: the profile has no keyspce; did you mean keyspace?'],
    [
      `${head}table_definition: CREATE TABLE u (k int PRIMARY KEY)\n`,
      "p.yaml:3: Name in table_definition doesn't match table property: 'u' != 't'",
    ],
    [
      `${head}keyspace_definition: CREATE KEYSPACE other WITH x = 1\n${table}`,
      "p.yaml:3: Name in keyspace_definition doesn't match keyspace property: 'other' != 'ks'",
    ],
    [
      `${head}table_definition: CREATE TABLE t (k int)\n`,
      'p.yaml:3: table_definition: table t has no PRIMARY KEY',
    ],
    [
      `${head}${table}columnspec:\n  - name: v\n    size: unifrm(1..5)\n`,
      'p.yaml:6: size: Illegal distribution type: unifrm',
    ],
    [`${head}${table}columnspec:\n  - size: fixed(1)\n`, 'p.yaml:5: Missing name argument in column spec'],
    [
      `${head}${table}columnspec:\n  - name: v\n    sizes: fixed(1)\n`,
      'p.yaml:6: a column spec has no sizes; did you mean size?',
    ],
    [`${head}${table}insert:\n  select: fixed(1)\n`, 'p.yaml:5: Invalid ratio definition: fixed(1)'],
    [
      `${head}${table}insert:\n  batchtype: SOME\n`,
      'p.yaml:5: batchtype can not be SOME: it is LOGGED, UNLOGGED or COUNTER',
    ],
    [`${head}${table}queries:\n  q:\n    fields: samerow\n`, 'p.yaml:5: query q has no cql'],
    [
      `${head}${table}queries:\n  q:\n    cql: a\n    fields: some\n`,
      'p.yaml:7: fields can not be some: they are samerow or multirow',
    ],
    ['keyspace: [a\n', 'p.yaml:2: '],
  ])('%j', (text, message) => {
    const refusal = ((): unknown => {
      try {
        return readProfile({ path: 'p.yaml', text });
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(Refusal);
    expect((refusal as Refusal).message.slice(0, message.length)).toBe(message);
  });

  test.each([
    [
      'q=1',
      'queries:\n  q:\n    cql: select * from t where k = ? limit ?\n',
      '0.yaml:6: query q has a ? that is the value of no column',
    ],
    [
      'q=1',
      'queries:\n  q:\n    cql: select * from t where x = ?\n',
      '0.yaml:6: query q has a value of x, which is no column of t',
    ],
    ['z=1', '', 'No query defined with name z'],
  ])('ops(%s) of %j', (ops, rest, message) => {
    expect(() => operationsOf(ops, `${head}${table}${rest}`)).toThrow(message);
  });

  test('logged batches of more rows than a batch has room for', () => {
    const wide = `${head}table_definition: CREATE TABLE t (k int, c int, PRIMARY KEY (k, c))
columnspec:
  - name: c
    cluster: fixed(70000)
insert:
  batchtype: `;
    expect(() => operationsOf('insert=1', `${wide}LOGGED`)).toThrow('more than 65k rows (70000)');
    expect(operationsOf('insert=1', `${wide}UNLOGGED`)).toHaveLength(1);
    expect(operationsOf('insert=1', `${wide}LOGGED\n  select: fixed(1)/2`)).toHaveLength(1);
  });

  test('types that are not generated, unless they may be left out', () => {
    const text = `${head}table_definition: CREATE TABLE t (k int PRIMARY KEY, m map<int,int>, v int)\n`;
    expect(() => operationsOf('insert=1', text)).toThrow(
      'column m is map<int,int>, which cassandra-stress generates no values of',
    );
    const settings = settingsOf('user profile=x ops(insert=1) n=10 -errors skip-unsupported-columns');
    const [insert] = userWorkload(settings, [definedProfile({ path: 'p', text })]).operations;
    expect(insert!.body).toContain('UPDATE t SET v = [int stress(');
  });
});

describe('statements', () => {
  const typed = `${head}table_definition: CREATE TABLE t (k int, c text, n counter, l list<int>, f frozen<set<text>>, PRIMARY KEY (k, c))
columnspec:
  - name: c
    size: fixed(3)
    cluster: uniform(1..9)
insert:
  partitions: fixed(2)
  select: uniform(1..2)/2
  batchtype: UNLOGGED
  condition: IF n = NULL
queries:
  of_key:
    cql: select * from t where k = ?
  of_keys:
    cql: select * from t where k in (?, ?)
  same:
    cql: select * from t where k = ? and c = ?
    fields: samerow
  Multi:
    cql: update t set l = ? where k = ? and c = ?
`;
  const all = 'uniform(1..100000000000)';

  test('an insert adds to what grows', () => {
    expect(operationsOf('insert=1', typed)).toEqual([
      {
        name: 'insert',
        keyword: 'INSERT',
        weight: 1,
        body: `UPDATE t SET f = [set(8) of text stress('f', 'uniform(4..8)', '${all}')],l = l + [list(8) of int stress('l', 'uniform(4..8)', '${all}')],n = n + [counter stress('n', '${all}')] WHERE k = [int stresskey('k', '${all}')] AND c = [text stresscluster('c', 'fixed(3)', '${all}', 'uniform(1..9)')] IF n = NULL`,
        clauses: ['PARTITIONS fixed(2) SHARE uniform(1..2)/2 UNLOGGED'],
      },
    ]);
  });

  test('a condition has the values of the row', () => {
    const conditional = (condition: string): readonly StressOperation[] =>
      operationsOf('insert=1', typed.replace('IF n = NULL', condition));
    const [insert] = conditional('IF f = ? and n > 5');
    expect(insert!.body).toContain('SET f = [f: set(8) of text stress(');
    expect(insert!.body).toMatch(/ IF f = \[=f\] and n > 5$/);
    expect(() => conditional('IF x = ?')).toThrow(
      '0.yaml: condition IF x = ? has a value of x, which is no column of t',
    );
  });

  test('a key twice is one key', () => {
    const [query] = operationsOf('of_keys=1', typed);
    expect(query!.body).toBe('select * from t where k in ([=k], [=k])');
  });

  test('queries about the key, one row, and values of any rows', () => {
    const [ofKey, same, multi] = operationsOf('of_key=1,same=1,multi=2', typed);
    expect(ofKey).toMatchObject({
      body: `select * from t where k = [int stresskey('k', '${all}')]`,
      clauses: [],
    });
    expect(same!.body).toBe('select * from t where k = [=k] and c = [=c]');
    expect(same!.clauses.join()).toMatch(
      /^ROW \[k: int stresskey\([^[]*\)\], \[c: text stresscluster\([^[]*\)\]$/,
    );
    expect(multi).toMatchObject({
      name: 'multi',
      weight: 2,
      body: 'update t set l = [=l] where k = [=k] and c = [=c]',
    });
    expect(multi!.clauses.join()).toMatch(/^ROWS \[k: .*, \[l: list\(8\) of int stress\(/);
  });

  test('a table of its key alone', () => {
    const text = `${head}table_definition: CREATE TABLE t (k int, "C" int, PRIMARY KEY ((k, "C")))\n`;
    const [insert] = operationsOf('insert=1', text);
    expect(insert!.body).toMatch(
      /^INSERT INTO t \(k,"C"\) VALUES \(\[int stresskey\('k', [^[]*\)\],\[int stresskey\('C', [^[]*\)\]\)$/,
    );
    expect(insert!.clauses).toEqual([]);
  });

  test('several profiles, each in its keyspace', () => {
    const other = `specname: two\n${typed.replace('keyspace: ks', 'keyspace: other')}`;
    const operations = operationsOf('insert=1,two.insert=1,two.same=1', typed, other);
    expect(operations.map(({ name, body }) => [name, body.slice(0, 22)])).toEqual([
      ['insert', 'UPDATE t SET f = [set('],
      ['two.insert', 'UPDATE other.t SET f ='],
      ['two.same', 'select * from other.t '],
    ]);
    expect(() => operationsOf('three.insert=1', typed, other)).toThrow('No profile has the specname three');
  });

  test('-insert goes before the profile, and operations take as many seeds', () => {
    const settings = settingsOf(
      'user profile=x ops(insert=1,same=3) n=10 -insert partitions=fixed(5) batchtype=LOGGED',
    );
    const workload = userWorkload(settings, [definedProfile({ path: 'p', text: typed })]);
    expect(workload.operations[0]!.clauses).toEqual(['PARTITIONS fixed(5) SHARE uniform(1..2)/2 LOGGED']);
    expect(workload.partitionsOfOperation).toBe(2);
    expect(workload.announcements?.[0]).toBe(
      'Generating batches with [5..5] partitions and [3..45] rows (of [5..45] total rows in the partitions)',
    );
  });

  test.each([
    ['visits=fixed(4)', 'seq=1..50', 'PARTITIONS fixed(2) VISITS fixed(4) OVER 50 SHARE'],
    [
      'visits=uniform(2..4) revisit=fixed(3)',
      'seq=1..50',
      'PARTITIONS fixed(2) VISITS uniform(2..4) OVER 1 SHARE',
    ],
    ['visits=fixed(4)', 'dist=uniform(1..50)', 'PARTITIONS fixed(2) VISITS fixed(4) OVER 1000000 SHARE'],
    [
      'visits=uniform(1..4)',
      'dist=uniform(1..50)',
      'PARTITIONS fixed(2) VISITS uniform(1..4) OVER 4096 SHARE',
    ],
  ])('-insert %s -pop %s', (visits, population, clause) => {
    const settings = settingsOf(`user profile=x ops(insert=1) n=10 -insert ${visits} -pop ${population}`);
    const [insert] = userWorkload(settings, [definedProfile({ path: 'p', text: typed })]).operations;
    expect(insert!.clauses.join().slice(0, clause.length)).toBe(clause);
  });

  test('what batches have is told, but not without settings', () => {
    const toldOf = (words: string): readonly string[] => {
      const settings = settingsOf(`user profile=x ops(insert=1) n=10 ${words}`);
      const workload = userWorkload(settings, [definedProfile({ path: 'p', text: typed })]);
      return stressScript(settings, workload, words).statements.flatMap(({ says }) => says);
    };
    const told = expect.stringMatching(/^Generating batches/) as string;
    expect(toldOf('')).toContainEqual(told);
    expect(toldOf('-log no-settings')).not.toContainEqual(told);
    expect(toldOf('-log no-settings')).toContain('Sleeping 2s...');
  });

  test('validate reads every column back', () => {
    const [validate] = operationsOf('validate=1', `${head}${table}`);
    expect(validate).toMatchObject({
      body: 'SELECT v FROM t WHERE k = [=k]',
      clauses: [
        `ROW [k: int stresskey('k', '${all}')], [v: text stress('v', 'uniform(4..8)', '${all}')]`,
        'RETURNS [=v]',
      ],
    });
    const keys = `${head}table_definition: CREATE TABLE t (k int, c list<int>, PRIMARY KEY (k, c))\n`;
    expect(operationsOf('validate=1', keys)[0]).toMatchObject({
      body: 'SELECT k,c FROM t WHERE k = [=k] AND c = [=c]',
      clauses: [expect.stringMatching(/^ROW/), 'RETURNS [=k], [=c]'],
    });
    expect(operationsOf('validate=1', typed)).toHaveLength(1);
    expect(() => operationsOf('validate=1', typed.replace('set<text>', 'set<uuid>'))).toThrow(
      '0.yaml: validate knows no order of the values of f, a set of uuid',
    );
  });

  describe('token range queries', () => {
    const ranged = `${typed}token_range_queries:
  all:
    columns: '*'
    page_size: 100
  some:
    columns: n, c
`;
    const scriptOf = (ops: string, words: string): string => {
      const settings = settingsOf(`user profile=x ops(${ops}) n=100 no-warmup -rate threads=3 ${words}`);
      const ranges = tokenRanges([-5n, 5n], settings.tokenRange.splitFactor);
      const workload = userWorkload(settings, [definedProfile({ path: 'p', text: ranged })], ranges);
      return stressScript(settings, workload, '').text;
    };

    test('go round the ranges once', () => {
      const text = scriptOf('all=1', '');
      const listed = "'-9223372036854775808,-5,5'";
      expect(text).toContain(
        `SELECT k,k,c,f,l,n FROM t WHERE token(k) > [bigint each(${listed})] AND token(k) <= [bigint each('-5,5,-9223372036854775808')]\nDO 3\n`,
      );
      expect(text).toContain('WITH QueryConcurrency [3], PageSize [100]\n');
      expect(text).not.toContain('POPULATION');
    });

    test('or again and again, with others or without', () => {
      expect(scriptOf('some=1', '-tokenrange wrap')).toMatch(
        /SELECT k,n, c FROM t .*\nDO 100\nWITH QueryConcurrency \[3\]\n/,
      );
      expect(scriptOf('some=1,all=2', '')).toMatch(/^END\n(?:CLUSTER .*\n)?DO 3$/m);
      expect(scriptOf('some=1,of_key=2', '')).toMatch(/^POPULATION .*\nDO 100$/m);
    });

    test('a failure names its range', () => {
      const settings = settingsOf('user profile=x ops(all=1) n=10');
      const ranges = tokenRanges([-5n, 5n], 1);
      const workload = userWorkload(settings, [definedProfile({ path: 'p', text: ranged })], ranges);
      expect(workload.keysOf('all', 4)).toEqual(['-5, 5']);
    });
  });

  test('are read as they are printed', () => {
    for (const { keyword, name, body, clauses } of operationsOf('of_key=1,same=1,multi=2', typed)) {
      const text = `${[`${keyword} ${name}`, body, ...clauses, 'DO 5'].join('\n')}\n`;
      expect(parse([new Source('s.sql', text)]).diagnostics).toEqual([]);
    }
  });
});

test('the profile as cassandra-stress shows it', () => {
  const sample = readFileSync(new URL('../samples/sample-user.txt', import.meta.url), 'utf8');
  const block = sample.slice(sample.indexOf('*** Profile'), sample.indexOf('Connected to'));
  const [, , keyspaceText, , tableText] = block.split('***\n');
  const indented = (text: string): string => text.replaceAll(/^/gm, '  ');
  const text = `keyspace: stresscql
keyspace_definition: |
${indented(keyspaceText!)}
table: typestest
table_definition: |
${indented(tableText!)}
columnspec:
  - name: name
    size: uniform(1..10)
    population: uniform(1..10)
  - name: date
    cluster: uniform(20..40)
  - name: lval
    population: gaussian(1..1000)
    cluster: uniform(1..4)
insert:
  partitions: uniform(1..50)
  batchtype: LOGGED
  select: uniform(1..10)/10
queries:
  simple1:
    cql: select * from typestest where name = ? and choice = ? LIMIT 100
    fields: samerow
  range1:
    cql: select * from typestest where name = ? and choice = ? and date >= ? LIMIT 100
    fields: multirow
token_range_queries:
  all_columns_tr_query:
    columns: '*'
    page_size: 5000
  value_tr_query:
    columns: value
`;
  expect(profileBlock(definedProfile({ path: 'p', text }))).toBe(
    `******************** Profile${block.slice('*** Profile'.length)}`,
  );
});
