import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Summary } from '../../src/reporting/summary.ts';
import { killOnceMeasured } from './kill-once-measured.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

function summaryOf(folder: string): Summary {
  return JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
}

/** 5: a busy machine makes a late client, and says so. */
const ranToItsEnd = [0, 5];

const fast =
  'SET BatchSize [100]\n\nCREATE DATABASE stress\n\nINSERT cpu\ncpu,host=h-[int inc(0) 10]\nvalue=[float rand(100)]\n';

test('a run goes on when nobody reads its progress any more', async () => {
  const script = `SET ReportInterval [50ms]\n\n${fast}AT 1000/s FOR 500ms\n`;
  const out = temporaryFolder();
  const ran = await stressql(['run', '-', '--rehearse', '--out', out], {
    input: script,
    started: (child) => child.stderr!.destroy(),
  });
  expect(ran.code).toBe(0);
  expect(summaryOf(onlyRunFolder(out)).totals.items.point!.acknowledged).toBe(500);
});

test('the quickstart rehearses: every statement is reported, and the run folder says the same', async () => {
  const out = temporaryFolder();
  const ran = await stressql(['run', 'examples/quickstart.sql', '--rehearse', '--out', out]);
  // 1: a machine that stands still for half a second misses what the profile expects.
  expect(ran.code).toBeOneOf([0, 1]);
  for (const name of ['history', 'live', 'dashboard', 'REHEARSAL', 'DROP DATABASE quickstart']) {
    expect(ran.stdout).toContain(name);
  }
  const folder = onlyRunFolder(out);
  expect(readdirSync(folder).sort()).toEqual([
    'events.ndjson',
    'intervals.ndjson',
    'report.txt',
    'results.hlog',
    'run.json',
    'script.sql',
    'settings.json',
    'statements.ndjson',
    'summary.json',
  ]);
  const history = summaryOf(folder).statements.find(
    (each) => 'load' in each && each.load?.name === 'history',
  );
  expect(history).toMatchObject({
    load: {
      items: { asked: 200_000, sent: 200_000, acknowledged: 200_000, failed: 0, unknown: 0, unsent: 0 },
    },
  });
  // Intervals, events and the run count from one moment, wherever they are read.
  const startedMs = (name: string): readonly number[] =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/"startedMs": ?(\d+)/g)].map(([, ms]) =>
      Number(ms),
    );
  expect(new Set([...startedMs('intervals.ndjson'), ...startedMs('run.json')]).size).toBe(1);
  const again = await stressql(['report', folder]);
  expect(again.code).toBe(0);
  expect(again.stdout.trim()).toBe(ran.stdout.trim());
});

test('a profile from the standard input runs against the sink', async () => {
  const out = temporaryFolder();
  const ran = await stressql(['run', '-', '--out', out, '--quiet'], {
    input: `SET Target [sink]\n\n${fast}DO 1000 EVERY 10s`,
  });
  expect(ran.stderr).toBe('');
  expect(ran.code).toBeOneOf(ranToItsEnd);
  expect(summaryOf(onlyRunFolder(out)).totals.items.point).toMatchObject({ asked: 1000, acknowledged: 1000 });
});

test('a script with an error sends nothing: exit 2, every error told', async () => {
  const out = join(temporaryFolder(), 'runs');
  const ran = await stressql(['run', '-', '--out', out], { input: 'SET Adresses [x]\n\nWAIT cpu\n' });
  expect(ran.code).toBe(2);
  expect(ran.stdout).toBe('');
  expect(ran.stderr).toContain('there is no setting Adresses');
  expect(ran.stderr).toContain('no GO before it starts cpu');
  expect(ran.stderr).toContain('2 errors');
  expect(() => readdirSync(out)).toThrow('ENOENT');
});

test('one mistake is told once: what others say about a broken statement is left out', async () => {
  const { stderr } = await stressql(['check', '-', '-p', 'N=1'], {
    input:
      'GO INSERT cpu\ncpu value=[float rand(\n${N} 10s\n\nGO QUERY cpu\nSELECT v FROM cpu WHERE %t\nDO 10\n\nWAIT cpu\n',
  });
  expect(stderr).toMatch(/^1 error$/m);
});

test('a target that is not there: exit 3, with address and advice', async () => {
  const out = temporaryFolder();
  const ran = await stressql(['run', '-', '--out', out], {
    input: `SET Addresses [127.0.0.1:9]\n\n${fast}DO 1000 EVERY 10s`,
  });
  expect(ran.code).toBe(3);
  expect(ran.stdout).toContain('127.0.0.1:9');
  expect(summaryOf(onlyRunFolder(out)).exitCodes[0]).toMatchObject({ code: 3 });
});

test.each(['influx', 'cql'])(
  'a rehearsal for Target [%s] does not touch the servers that its script names',
  async (target) => {
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const ran = await stressql(['run', '-', '--rehearse', '--out', temporaryFolder()], {
      input: `SET Target [${target}]\nSET Addresses [127.0.0.1:${port}]\nSET CreateTables [true]\n\nINFLUXQL CREATE DATABASE stress\n\nINSERT a\nm,t=[int inc(0) 3] v=1\n300 10s`,
    });
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('REHEARSAL') });
    expect(connections).toBe(0);
  },
);

test('an EXPECT that fails: exit 1, asked and got in the report', async () => {
  const ran = await stressql(['run', '-', '--rehearse', '--out', temporaryFolder()], {
    input: `${fast}DO 1000 EVERY 10s\nEXPECT errors > 5`,
  });
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain('errors > 5');
});

test('a statement that fails stops the script, unless OnError says continue', async () => {
  const script = 'CREATE NONSENSE\n\nCREATE DATABASE after';
  const stopped = await stressql(['run', '-', '--rehearse', '--out', temporaryFolder()], { input: script });
  expect(stopped.code).toBe(1);
  expect(stopped.stdout).toMatch(/not run|did not run/);
  const went = await stressql(['run', '-', '--rehearse', '--out', temporaryFolder()], {
    input: `SET OnError [continue]\n\n${script}`,
  });
  expect(went.code).toBe(0);
});

test('a run in which every operation failed does not exit with 0', async () => {
  const server = createServer((request, response) => {
    const isWrite = request.url!.startsWith('/write');
    request.resume().on('end', () => {
      response.writeHead(isWrite ? 503 : request.url!.startsWith('/ping') ? 204 : 200, {
        'x-influxdb-version': '1.8.3',
      });
      response.end(isWrite ? '{"error":"engine is closed"}' : '{"results":[{"statement_id":0}]}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const ran = await stressql(['run', '-', '--out', temporaryFolder()], {
    input: `SET Addresses [127.0.0.1:${port}]\n\n${fast}DO 300 EVERY 10s`,
  });
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain('engine is closed');
});

test('EXEC is refused without --allow-exec, and sees little with it', async () => {
  const script = 'SET Target [sink]\n\nEXEC node -e "console.log(Object.keys(process.env).sort().join())"';
  const refused = await stressql(['run', '-', '--out', temporaryFolder()], { input: script });
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('--allow-exec');
  const ran = await stressql(['run', '-', '--allow-exec', '--out', temporaryFolder()], {
    input: script,
    env: { SECRET_OF_THE_SHELL: 'x' },
  });
  expect(ran.code).toBe(0);
  expect(ran.stdout).toContain('STRESSQL_RUN_DIR');
  expect(ran.stdout).not.toContain('SECRET_OF_THE_SHELL');
});

const endless = `${fast}AT 2000/s FOR 1h`;

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s prints the report of what ran and leaves a readable folder',
  async (signal) => {
    const out = temporaryFolder();
    const ran = await stressql(['run', '-', '--rehearse', '--out', out], {
      input: endless,
      started: (child) => void killOnceMeasured(child, out, signal),
    });
    expect(ran.code).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(ran.stdout).toContain('cpu');
    const folder = onlyRunFolder(out);
    expect(summaryOf(folder).exitCodes[0]?.code).toBe(ran.code);
    expect((await stressql(['report', folder])).stdout.trim()).toBe(ran.stdout.trim());
  },
);

test('a killed run can be reported up to its last interval', async () => {
  const out = temporaryFolder();
  const ran = await stressql(['run', '-', '--rehearse', '--out', out], {
    input: endless,
    started: (child) => void killOnceMeasured(child, out, 'SIGKILL'),
  });
  expect(ran.signal).toBe('SIGKILL');
  const report = await stressql(['report', onlyRunFolder(out)]);
  expect(report.stdout).toContain('INCOMPLETE');
  expect(report.stdout).toContain('cpu');
});

test('secrets are in nothing that is written or printed', async () => {
  const canary = 'c4n4ry-v4lue';
  const out = temporaryFolder();
  const script = `SET Username [u]\nSET Password [\${PASS}]\nSET Token [\${env:STRESS_TOKEN}]\n\nCREATE USER u WITH PASSWORD '\${PASS}'\n\n${fast}DO 100 EVERY 10s`;
  const ran = await stressql(['run', '-', '--rehearse', '--out', out, '-p', `PASS=${canary}`], {
    input: script,
    env: { STRESS_TOKEN: canary },
  });
  expect(ran.stdout + ran.stderr).not.toContain(canary);
  const folder = onlyRunFolder(out);
  for (const name of readdirSync(folder)) {
    expect(readFileSync(join(folder, name), 'utf8'), name).not.toContain(canary);
  }
});

/** Every body that a run sends, as a set of hashes: requests in flight together arrive in any order. */
async function bodiesOf(script: string, words: readonly string[]): Promise<readonly string[]> {
  const hashes: string[] = [];
  const server = createServer((request, response) => {
    const hash = createHash('sha256').update(request.url!);
    request.on('data', (chunk: Buffer) => hash.update(chunk));
    request.on('end', () => {
      hashes.push(hash.digest('hex'));
      const isQuery = request.url!.startsWith('/query');
      response.writeHead(isQuery ? 200 : 204, { 'x-influxdb-version': '1.8.3' });
      response.end(isQuery ? '{"results":[{"statement_id":0}]}' : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'profile.sql'), `SET Addresses [127.0.0.1:${port}]\n\n${script}`);
  const ran = await stressql(['run', join(folder, 'profile.sql'), '--out', folder, ...words]);
  server.closeAllConnections();
  server.close();
  expect(ran.code).toBeOneOf(ranToItsEnd);
  return hashes.sort();
}

test('two runs with the same seed send the same bytes, with another seed others', async () => {
  const script = `${fast}DO 5000 EVERY 10s\n\nGO INSERT more\nm,id=[str rand(8) 20],u=[uuid inc(0) 5]\na=[float normal(0, 1)],b="[x|y|z]",c=[int rand(1000)]\nDO 5000 EVERY 1s AT 20000/s\n\nGO QUERY q\nSELECT value FROM cpu WHERE host = 'h-[int rand(10)]'\nDO 50\n\nWAIT`;
  const one = await bodiesOf(script, ['--seed', '7']);
  const other = await bodiesOf(script, ['--seed', '7']);
  expect(other).toEqual(one);
  expect(await bodiesOf(script, ['--seed', '8'])).not.toEqual(one);
});

test('StartDate [now] is the instant of --start-at, so that a run can be made again', async () => {
  const script = `SET StartDate [now]\n\n${fast}DO 500 EVERY 10s`;
  const one = await bodiesOf(script, ['--start-at', '2026-01-01T00:00:00Z']);
  expect(await bodiesOf(script, ['--start-at', '2026-01-01T00:00:00Z'])).toEqual(one);
  expect(await bodiesOf(script, ['--start-at', '2026-01-01T00:00:01Z'])).not.toEqual(one);
  expect(await bodiesOf(`SET StartDate [2026-01-01]\n\n${fast}DO 500 EVERY 10s`, [])).toEqual(one);
});
