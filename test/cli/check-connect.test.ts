import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPracticeServerThread } from '../../src/practice/start-practice-server-thread.ts';
import { stressql, temporaryFolder } from './stressql.ts';

describe('check --connect and run against CQL', () => {
  let server: { readonly address: string; close(): Promise<void> };
  let target: string;
  beforeAll(async () => {
    server = await startPracticeServerThread({ protocol: 'cql' });
    target = `SET Target [cql]\nSET Addresses [${server.address}]\nSET Keyspace [shop]\n\n`;
  });
  afterAll(() => server.close());

  const create = `CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}

CREATE TABLE shop.items (key int PRIMARY KEY, value int)

`;
  const insert =
    'INSERT fill\nINSERT INTO items (key, value) VALUES ([int inc(0) 9], 1)\nSERIES (key)\nDO 9\n\n';
  const query = 'QUERY get OF fill\nSELECT value FROM items WHERE %k\nDO 3\n';

  test('what the script makes before it is needed is not there yet, keys of %k too', async () => {
    const checked = await stressql(['check', '--connect', '-'], { input: target + create + insert + query });
    expect(checked.stdout.match(/not there yet: .*/g)).toHaveLength(2);
    expect(checked.stdout).not.toContain('error:');
    expect(checked.code).toBe(0);
  });

  test('what nothing makes is an error, and the last line says so', async () => {
    const checked = await stressql(['check', '--connect', '-'], { input: target + insert + query });
    expect(checked.stdout).toMatch(/no errors, no warnings; 2 statements would be refused by the target\n$/);
    expect(checked.code).toBe(2);
  });

  test('what was WRITTEN is asked of nobody', async () => {
    const input = target + create + insert.replace('DO 9', 'DO 9\nWRITTEN') + query;
    const checked = await stressql(['check', '-'], { input });
    expect(checked.stdout).toMatch(/INSERT fill +9 +9 +1 +none +WRITTEN\n/);
    const { stdout } = await stressql(['check', '--format', 'json', '-'], { input });
    expect(JSON.parse(stdout)).toMatchObject({ loads: [{ name: 'fill', requests: 0 }, { requests: 3 }] });
  });

  test('a preview tells the size of rows as the text that it shows', async () => {
    const cql = await stressql(['preview', '-'], { input: target + insert });
    expect(cql.stdout).toMatch(
      /batch +1 row, about \d+ B as text\n +in all +9 requests, about \d+ B as text\n/,
    );
    const points = await stressql(['preview', '-'], { input: 'INSERT a\nm v=[int inc(0)]\n9 1s\n' });
    expect(points.stdout).toMatch(/batch +9 points, about \d+ B\n/);
  });

  test('a run that ends there says which statement it was, and what to do', async () => {
    const ran = await stressql(['run', '-', '--out', temporaryFolder()], { input: target + insert });
    expect(ran.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /Exit code 1: INSERT fill: .*[Kk]eyspace '?shop'? does not exist \(CREATE KEYSPACE shop first/,
    );
    expect(ran.code).toBe(1);
  });

  test('an address that does not answer is named, once', async () => {
    const input = target.replace(server.address, 'no-such-host.invalid:9042') + insert;
    const ran = await stressql(['run', '-', '--out', temporaryFolder()], { input });
    expect(ran.stdout.match(/Exit code/g)).toHaveLength(1);
    expect(ran.stdout).toMatch(/Exit code 3: no-such-host\.invalid:9042: getaddrinfo/);
    expect(ran.code).toBe(3);
  });
});
