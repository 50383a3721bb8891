import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cassandraStressFolder } from '../servers/cassandra-stress.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { describeWithCassandraStress } from '../servers/describe-with-cassandra-stress.ts';
import { stressql, type Ended } from './stressql.ts';

/* User profiles at a real Cassandra. A busy machine takes its time for each. */
const timeout = 240_000;

describeWithCassandra('user profiles', (cassandra) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'stressql-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(profiles: readonly string[], line: string): Promise<Ended> {
    const [host, port] = cassandra.address.split(':') as [string, string];
    const words = [...line.split(' '), '-node', host, '-port', `native=${port}`, '--out', folder];
    return stressql(['cassandra-stress', 'user', `profile=${profiles.join(',')}`, ...words]);
  }

  /** A profile of this suite in a keyspace of its own. */
  async function profile(name: string): Promise<{ path: string; keyspace: string }> {
    const keyspace = await cassandra.createKeyspace();
    const text = readFileSync(new URL(`../cassandra-stress/profiles/${name}.yaml`, import.meta.url), 'utf8');
    const path = join(folder, `${keyspace}.yaml`);
    writeFileSync(path, text.replaceAll(`stress_${name}`, keyspace));
    return { path, keyspace };
  }

  function totalRateOf({ stdout }: Ended, name: string): number {
    return Number(new RegExp(`^${name} rate +: +([\\d,]+)`, 'm').exec(stdout)![1]!.replaceAll(',', ''));
  }

  /** The text of a profile from a section on. */
  function sectionsBehind(path: string, section: string): string {
    const text = readFileSync(path, 'utf8');
    return text.slice(text.indexOf(`${section}:`));
  }

  test.each(['example', 'counter-example', 'insanity-example'])(
    'cqlstress-%s.yaml of the real tool runs unchanged',
    async (name) => {
      const path = join(await cassandraStressFolder(), 'tools', `cqlstress-${name}.yaml`);
      const ended = await run(
        [path],
        'ops(insert=1,simple1=3) n=1000 no-warmup clustering=fixed(1) -rate threads=4',
      );
      expect({ code: ended.code, output: ended.stdout.slice(-200) }).toMatchObject({ code: 0 });
      expect(ended.stdout).toMatch(/^Total errors {14}: +0 \[insert: 0, simple1: 0\]$/m);
      expect(ended.stdout).toMatch(
        /^Row rate {18}: .* \[insert: [1-9][\d,]* row\/s, simple1: [\d,]+ row\/s\]$/m,
      );
      await cassandra.query('DROP KEYSPACE stresscql');
    },
    timeout,
  );

  test(
    'writes the rows of the real tool, and each is found again',
    async () => {
      const { path, keyspace } = await profile('levels');
      const line = 'ops(insert=1) n=30 no-warmup -pop seq=1..30 -rate threads=3';
      const bare = join(folder, 'bare.yaml');
      writeFileSync(bare, `keyspace: ${keyspace}\ntable: levels\n${sectionsBehind(path, 'columnspec')}`);
      const tooEarly = await run([bare], line);
      expect([tooEarly.code, tooEarly.stderr]).toEqual([
        1,
        `${bare}:2: there is no table ${keyspace}.levels: make it, or say table_definition here\n`,
      ]);
      const nothing = await run([path], line.replace('n=30', 'n=0'));
      expect(nothing.stdout).toContain('N=0: SCHEMA CREATED');
      // The table is there now, and the profile need not say what it is.
      const shown = await run([bare], `${line} --print-script`);
      expect(shown.stdout).not.toContain('CREATE');
      const written = await run([bare], line);
      expect(written.stdout).toMatch(/^Total partitions {10}: +30 \[insert: 30\]$/m);
      const rows = await cassandra.query('SELECT word, number, bytes FROM levels', keyspace);
      const recorded = JSON.parse(
        readFileSync(new URL('../cassandra-stress/profiles/levels.rows.json', import.meta.url), 'utf8'),
      ) as { readonly rows: readonly (readonly [string, string, string, string])[] };
      const texts = rows.map(({ word, bytes }) => `${String(word)} ${(bytes as Buffer).toString('hex')}`);
      expect(texts.toSorted()).toEqual(
        recorded.rows
          .map(([, word, , bytes]) => `${Buffer.from(word, 'hex').toString()} ${bytes}`)
          .toSorted(),
      );
      writeFileSync(
        bare,
        `${readFileSync(path, 'utf8')}token_range_queries: { all: { columns: word, page_size: 7 } }\n`,
      );
      const swept = await run(
        [bare],
        'ops(all=1) n=100 no-warmup -tokenrange split-factor=9 -rate threads=3',
      );
      const [operations, found] = ['Op', 'Row'].map((name) => totalRateOf(swept, name));
      expect(swept.stdout).toMatch(/^Total errors {14}: +0 /m);
      const ranges = /^total, *(\d+),/gm;
      const sent = Number([...swept.stdout.matchAll(ranges)].at(-1)![1]);
      expect(sent % 9).toBe(0);
      // Each row once; rates are rounded.
      expect((found! / operations!) * sent).toBeGreaterThan(rows.length * 0.95);
      expect((found! / operations!) * sent).toBeLessThan(rows.length * 1.05);
      const read = await run([path], 'ops(same=1,validate=1) n=90 no-warmup -pop seq=1..30 -rate threads=3');
      expect(read.code).toBe(0);
      expect(read.stdout).toMatch(/^Total errors {14}: +0 \[same: 0, validate: 0\]$/m);
      // The rate of rows is that of operations where each finds its one row.
      expect(totalRateOf(read, 'Row')).toBe(totalRateOf(read, 'Op'));
    },
    timeout,
  );

  test(
    'several profiles at once, every type, sets, static columns and writes among the queries',
    async () => {
      const [types, clusters, events] = await Promise.all(['types', 'clusters', 'events'].map(profile));
      const paths = [types!, clusters!, events!].map(({ path }) => path);
      const [, second, third] = [types!, clusters!, events!].map(
        ({ keyspace }, at) => `${keyspace}.${['types', 'clusters', 'events'][at]!}`,
      );
      const ops = `insert=2,${second}.insert=2,${second}.multi=1,${second}.page=1,${third}.insert=2,${third}.remove=1`;
      const ended = await run(
        paths,
        `ops(${ops}) n=400 no-warmup clustering=fixed(1) -pop seq=1..50 -rate threads=4 -log no-settings`,
      );
      expect({ code: ended.code, output: ended.stdout.slice(-300) }).toMatchObject({ code: 0 });
      expect(ended.stdout).toMatch(/^Total errors {14}: +0 \[/m);
      const [{ count }] = (await cassandra.query('SELECT count(*) FROM clusters', clusters!.keyspace)) as [
        { count: unknown },
      ];
      expect(Number(count)).toBeGreaterThan(0);
      // What deletes returns no rows, and counts no partitions.
      expect(ended.stdout).toMatch(/^Total partitions .*\.insert: [1-9].*\.remove: 0[,\]]/m);
    },
    timeout,
  );

  test(
    'lightweight transactions, whose conditions hold once',
    async () => {
      const { path, keyspace } = await profile('posts');
      const line = 'no-warmup clustering=fixed(1) -pop seq=1..20 -rate threads=4';
      const ended = await run([path], `ops(insert=2,newest=1,timeline=1,edit=1) n=200 ${line}`);
      expect({ code: ended.code, output: ended.stdout.slice(-300) }).toMatchObject({ code: 0 });
      expect(ended.stdout).toMatch(/^Total errors {14}: +0 \[/m);
      expect(ended.stdout).toMatch(
        /^Total partitions .*insert: [1-9]\d*, newest: [1-9]\d*, timeline: [1-9]/m,
      );
      const rows = await cassandra.query('SELECT body, author FROM posts', keyspace);
      expect(rows.length).toBeGreaterThan(20);
      // What edits find is theirs to change only where it was written.
      expect(rows.filter(({ body, author }) => body === null || author === null)).toEqual([]);
    },
    timeout,
  );

  describeWithCassandraStress('beside the real one', (real) => {
    test(
      'failures name all partitions of an operation',
      async () => {
        const keyspace = await cassandra.createKeyspace();
        const path = join(folder, `${keyspace}.yaml`);
        writeFileSync(
          path,
          `keyspace: ${keyspace}
table: keys
table_definition: CREATE TABLE keys (name text, number int, at int, PRIMARY KEY ((name, number), at))
insert:
  partitions: fixed(2)
queries: {}
`,
        );
        const line =
          'ops(insert=1) n=3 cl=THREE no-warmup -pop seq=1..6 -rate threads=1 -errors ignore retries=0 -log no-settings';
        const [host, port] = cassandra.address.split(':') as [string, string];
        const made = await run([path], line);
        const words = [
          'user',
          `profile=${path}`,
          ...line.split(' '),
          '-node',
          host,
          '-port',
          `native=${port}`,
        ];
        const theirs = await real.run(...words);
        const keys = (text: string): readonly string[] =>
          [...text.matchAll(/^Operation x1 on key\(s\) (\[.*?\])/gm)].map(([, named]) => named!).toSorted();
        // Of three partitions.
        expect(keys(theirs)).toHaveLength(2);
        expect(keys(made.stderr)).toEqual(keys(theirs));
      },
      timeout,
    );
  });
});
