import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stressql, temporaryFolder } from './stressql.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

describe('every command has help with an example', () => {
  test.each(['run', 'check', 'fmt', 'preview', 'parse', 'report', 'push'])('%s', async (command) => {
    const { code, stdout } = await stressql([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples?:\\n  stressql ${command} `));
  });
});

test('the help names the exit codes', async () => {
  const { code, stdout } = await stressql(['--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/3\s+target unreachable/);
});

test('--version', async () => {
  expect(await stressql(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});

describe('what is wrong with the command line is told in a sentence, with exit code 2', () => {
  test.each<[string, string[], string]>([
    ['an unknown option', ['run', 'x.sql', '--ou', 'y'], '--out'],
    ['an unknown command', ['rum', 'x.sql'], 'run'],
    ['no command', [], 'Usage'],
    ['a missing file', ['run', 'no-such.sql'], 'no-such.sql does not exist'],
    ['a folder', ['check', 'examples'], 'examples is a folder'],
    ['a parameter without a value', ['check', 'examples/quickstart.sql', '-p', 'HOST'], 'NAME=value'],
    ['a seed that is no number', ['check', 'examples/quickstart.sql', '--seed', 'x'], 'whole number'],
    ['an instant that is none', ['run', 'examples/quickstart.sql', '--start-at', 'noon'], 'instant'],
    ['a test id with a slash', ['run', 'examples/quickstart.sql', '--test-id', 'a/b'], 'letters'],
    ['no run folder', ['report', 'examples'], 'run folder'],
  ])('%s', async (_, words, told) => {
    const { code, stdout, stderr } = await stressql(words);
    expect(stderr).toContain(told);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

test('an older Node is refused in one sentence', async () => {
  const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.11.1'})";
  const { code, stdout, stderr } = await stressql(['--version'], { nodeFlags: ['--import', older] });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe('stressql needs Node 22.19.0 or newer, and this is Node 20.11.1.\n');
});

describe('check', () => {
  test('says what each statement asks, and that nothing is wrong', async () => {
    const { code, stdout } = await stressql(['check', 'examples/cpu-fleet.sql']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/GO INSERT steady +100,000 +3,000 +500 +200 +20/);
    expect(stdout).toContain('no errors, no warnings');
  });

  test('--format json', async () => {
    const { code, stdout } = await stressql(['check', '--format', 'json', '-'], {
      input: 'SET Adresses [x]\n\nINSERT a\nm v=1\n10 10s\n',
    });
    expect(code).toBe(2);
    const document = JSON.parse(stdout) as { ok: boolean; diagnostics: unknown[]; loads: unknown[] };
    expect(document).toMatchObject({
      schemaVersion: 1,
      ok: false,
      diagnostics: [{ severity: 'error', code: 'C011', suggestion: 'Addresses' }],
      loads: [{ name: 'a', items: 10, seriesCardinality: 1 }],
    });
  });

  test.each<[string, string[], string[]]>([
    ['GO INSERT a\nm v=${V}\nDO 3\n\nQUERY q OF a\nSELECT v FROM m WHERE %t\nDO 3\n\nWAIT a', [], ['S050']],
    ['INSERT a\nm v=1\nDO 10 EVERY ${STEP:-10s}', ['-p', 'STEP=10'], ['S022']],
    ['SET Database [${NAME}]', ['-p', 'NAEM=x'], ['S051', 'S050']],
  ])('of %j with %j only the mistake is told', async (input, words, codes) => {
    const { stdout } = await stressql(['check', '--format', 'json', '-', ...words], { input });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { code: string }[] };
    expect(diagnostics.map(({ code }) => code)).toEqual(codes);
  });

  test('--connect says that a server is not there: exit 3', async () => {
    const { code, stdout } = await stressql(['check', '--connect', '-'], {
      input: 'SET Addresses [127.0.0.1:9]\n\nCREATE DATABASE d\n',
    });
    expect(code).toBe(3);
    expect(stdout).toContain('127.0.0.1:9');
  });
});

describe('preview', () => {
  test('shows points, series, sizes, time span and distributions', async () => {
    const { code, stdout } = await stressql(['preview', '--points', '2', '-'], {
      input:
        'SET StartDate [2026-01-01]\n\nINSERT a\nm,host=h-[int inc(0) 2]\nv=[float normal(20, 5)]\n1000 10s\n',
    });
    expect(code).toBe(0);
    expect(stdout).toContain('2 = tag host 2');
    expect(stdout).toMatch(/m,host=h-0 v=[\d.]+ 1767225600\n/);
    expect(stdout).toMatch(/m,host=h-1 v=[\d.]+ 1767225600\n/);
    expect(stdout).toContain('2026-01-01T00:00:00Z to 2026-01-01T01:23:10Z');
    expect(stdout).toContain('p99');
  });

  test.each<[string, string[], string]>([
    ['30', [], '12 = tag a 3 × tag b 4'],
    ['5', [], '12 = tag a 3 × tag b 4, of which 5 get a point'],
    ['30', ['--compat', 'influx-v2'], '12 = tag a 3 × tag b 4'],
    ['30', ['--compat', 'influx-v2', '-p', 'B=6'], '6 = tag a 3, tag b 6 in lockstep'],
  ])('says of %s points with %j which series they are', async (count, words, series) => {
    const input = `INSERT a\nm,a=[int inc(0) 3],b=[int inc(0) \${B:-4}]\nv=1\n${count}`;
    const { stdout } = await stressql(['preview', '-', ...words], { input });
    expect(stdout).toContain(`series     ${series}\n`);
  });

  test('says what a population makes of the series, and what a query returns', async () => {
    const points = 'INSERT a\nm,h=[int inc(0) 20] v=[int inc(0)]\nDO 100\nPOPULATION 5..12\n';
    const written = await stressql(['preview', '-'], { input: points });
    expect(written.stdout).toContain('population  5..12\n');
    expect(written.stdout).toContain('series      8 at most, one for each index of the population\n');
    expect(written.stdout).toContain('2016-01-01T00:00:00Z to 2016-01-01T00:00:00Z');
    const query =
      'SET Target [cql]\n\nQUERY q\nSELECT a FROM t WHERE k = [int inc(0)]\nRETURNS [int inc(10)], null\nPOPULATION 3..4\nDO 9\n';
    const asked = await stressql(['preview', '--points', '2', '-'], { input: query });
    expect(asked.stdout).toContain(
      '  SELECT a FROM t WHERE k = 3\n    returns 13, null\n  SELECT a FROM t WHERE k = 4\n    returns 14, null\n',
    );
  });

  test('shows the queries that a companion fills', async () => {
    const { stdout } = await stressql([
      'preview',
      'examples/dashboard.sql',
      '-p',
      'TIME=5s',
      '--points',
      '1',
    ]);
    expect(stdout).toMatch(/WHERE "host" = 'host-\d+' AND "region" = '(eu|us|ap)'/);
  });
});

describe('fmt', () => {
  test('prints, checks and writes canonical layout, comments kept', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'a.sql');
    writeFileSync(file, '# head\nset database [x]\n\ninsert a\nm v=1\n10 10s # ten\n');
    const printed = await stressql(['fmt', file]);
    expect(printed.code).toBe(0);
    expect(printed.stdout).toContain('# head\n');
    expect(printed.stdout).toContain('# ten');
    expect(await stressql(['fmt', '--check', file])).toMatchObject({ code: 1 });
    expect(await stressql(['fmt', '--write', file])).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(printed.stdout);
    expect(await stressql(['fmt', '--check', file])).toMatchObject({ code: 0, stdout: '' });
  });

  test('a file with an error stays as it is: exit 2', async () => {
    const file = join(temporaryFolder(), 'a.sql');
    writeFileSync(file, 'INSERT a\n');
    expect(await stressql(['fmt', '--write', file])).toMatchObject({ code: 2 });
    expect(readFileSync(file, 'utf8')).toBe('INSERT a\n');
  });
});

describe('parse', () => {
  test('prints the syntax tree as JSON, and as text that parses to the same', async () => {
    const json = await stressql(['parse', 'examples/dashboard.sql']);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      schemaVersion: 1,
      kind: 'script',
    });
    const text = await stressql(['parse', '--format', 'text', 'examples/dashboard.sql']);
    const again = await stressql(['parse', '--format', 'text', '-'], { input: text.stdout });
    expect(again.stdout).toBe(text.stdout);
  });
});

test('a reader that has seen enough is no error', async () => {
  const { code, stderr } = await stressql(['preview', 'examples/cpu-fleet.sql', '--points', '20000'], {
    started: (child) => child.stdout!.once('data', () => child.stdout!.destroy()),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
