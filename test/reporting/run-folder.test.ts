import { fork } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, asyncProperty, integer, nat, record } from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeBuckets } from '../../src/reporting/decode-histogram.ts';
import { machineFiles, type FileStore } from '../../src/reporting/file-store.ts';
import type { IntervalLine } from '../../src/reporting/interval-line.ts';
import { readRunFolder } from '../../src/reporting/read-run-folder.ts';
import { RunFolder, type RunFolderOptions } from '../../src/reporting/run-folder.ts';
import { summarise, summariseTally, type LoadSummary, type Summary } from '../../src/reporting/summary.ts';
import { renderTextReport } from '../../src/reporting/text-report.ts';
import type { Counts, Tally } from '../../src/stress-client/results.ts';
import { defaultSettings, withSetting } from '../../src/stress-client/settings.ts';
import { timeFiguresOf } from '../../src/stress-client/time-figures.ts';
import { insertIdentity, insertTotal, intervals, queryResult } from './interval-run.ts';
import { counts, everyStatement, samplesOf, loadReport, machine, run, tally } from './sample-run.ts';

let directory = '';
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'stressql-run-folder-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

const problems: string[] = [];
let names = 0;

function optionsFor(of: Partial<RunFolderOptions> = {}): RunFolderOptions {
  const { testName, startedMs, seed, scriptSha256, version, rehearsal, target, servers } = run();
  problems.length = 0;
  return {
    directory: join(directory, 'runs'),
    script: 'GO INSERT cpu\n',
    settings: withSetting(defaultSettings(), 'Token', 'hunter2'),
    record: {
      testId: `test${String(names++).padStart(4, '0')}`,
      testName,
      startedMs,
      seed,
      scriptSha256,
      version,
      rehearsal,
      target,
      servers,
      scriptFiles: ['profile.sql'],
      arguments: ['run', 'profile.sql', '-p', 'HOSTS=100'],
      parameters: { HOSTS: '100' },
      environment: ['HOME'],
      dataFiles: {},
      startAt: '2026-11-22T10:00:00.000Z',
    },
    onProblem: (sentence) => problems.push(sentence),
    ...of,
  };
}

async function json(folder: RunFolder, name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder.path, name), 'utf8')) as Record<string, unknown>;
}

/** A folder whose process was killed after five intervals, with the query ended. */
async function killedRun(): Promise<RunFolder> {
  const folder = await RunFolder.create(optionsFor());
  for (const interval of intervals.slice(0, 2)) folder.interval(interval);
  folder.statementEnded(queryResult);
  for (const interval of intervals.slice(2)) folder.interval(interval);
  // A killed process closes nothing; what it gave to the disk is there.
  await folder.close();
  return folder;
}

function loadOf(summary: Summary, name: string): LoadSummary {
  const found = summary.statements.find((each) => 'load' in each && each.load?.name === name);
  if (found === undefined || !('load' in found) || found.load === undefined) throw new Error(`no ${name}`);
  return found.load;
}

describe('at the start', () => {
  test('the folder says what runs, and holds no secret', async () => {
    const folder = await RunFolder.create(optionsFor({ directory: join(directory, 'a', 'b') }));
    expect(folder.path).toMatch(/\/a\/b\/2026-11-22T10-00-00Z-test\d{4}$/);
    expect(await readFile(join(folder.path, 'script.sql'), 'utf8')).toBe('GO INSERT cpu\n');
    expect(await json(folder, 'settings.json')).toMatchObject({
      schemaVersion: 1,
      settings: { Token: '[REDACTED]', BatchSize: '5000', Timeout: '10s' },
    });
    expect(await json(folder, 'run.json')).toMatchObject({
      schemaVersion: 1,
      state: 'running',
      pid: process.pid,
      testName: 'cpu fleet',
      scriptFiles: ['profile.sql'],
      machine: { node: process.versions.node },
    });
    await folder.close();
  });

  test('the same test id in the same second is another folder', async () => {
    const options = optionsFor();
    const first = await RunFolder.create(options);
    const second = await RunFolder.create(options);
    expect(second.path).toBe(`${first.path}-2`);
    await Promise.all([first.close(), second.close()]);
  });

  test('a place where none can be made is told', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(
      RunFolder.create(optionsFor({ directory: join(directory, 'file', 'runs') })),
    ).rejects.toThrow(/^The run folder .*file\/runs\/2026-.* can’t be made: /);
  });

  test('a place where no folder can be made is told, however long it says that nothing is there', async () => {
    await expect(RunFolder.create(optionsFor({ directory: '/proc/nowhere/runs' }))).rejects.toThrow(
      /^The run folder \/proc\/nowhere\/runs\/2026-.* can’t be made: /,
    );
  });

  test('servers are added when they are known', async () => {
    const folder = await RunFolder.create(optionsFor());
    await folder.serversFound([{ address: 'b:8086', product: 'InfluxDB 1.8.3', version: '1.8.3' }]);
    expect(await json(folder, 'run.json')).toMatchObject({ servers: [{ address: 'b:8086' }] });
    await folder.close();
  });
});

describe('while it runs', () => {
  test('every statement has a line every interval, with all that was measured', async () => {
    const folder = await killedRun();
    const text = await readFile(join(folder.path, 'intervals.ndjson'), 'utf8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as IntervalLine);
    expect(lines.map(({ interval, name }) => `${interval} ${name}`)).toEqual([
      '0 cpu load, all',
      '0 dash',
      '1 cpu load, all',
      '1 dash',
      '2 cpu load, all',
      '3 cpu load, all',
      '4 cpu load, all',
    ]);
    expect(lines[5]).toMatchObject({
      schemaVersion: 1,
      startNs: 3e9,
      endNs: 4e9,
      offered: 1250,
      progress: { items: null, durationNs: 10e9 },
      operations: { acknowledged: 13, unknown: 1 },
      times: {
        response: { count: 14, censored: 1, atLeast: ['p95', 'p99', 'p99.9', 'p99.99', 'mean', 'max'] },
      },
    });
    for (const [index, line] of lines.filter(({ kind }) => kind === 'insert').entries()) {
      const tally = intervals[index]!.statements[0]!.tally;
      const stored = line.times.response!;
      expect(decodeBuckets(stored.histogram)!.count).toBe(stored.count);
      expect(timeFiguresOf(decodeBuckets(stored.histogram), stored.censored)).toEqual(
        timeFiguresOf(tally.times.response, tally.censored.response),
      );
    }
  });
});

describe('at the end', () => {
  test('a report of the folder is the report of the run', async () => {
    const folder = await RunFolder.create(optionsFor());
    const report = run({ statements: everyStatement });
    const summary = summarise(report, machine);
    expect(await folder.close()).toBeUndefined();
    expect(await folder.finish(summary)).toBeUndefined();
    const stored = await readRunFolder(`${folder.path}//`);
    expect(stored.path).toBe(folder.path);
    expect(stored.summary).toEqual(summary);
    expect(stored.record).toMatchObject({ state: 'ended', endedMs: report.startedMs + 72_400 });
    const text = renderTextReport(stored.summary, { color: false, width: 100 });
    expect(await readFile(join(folder.path, 'report.txt'), 'utf8')).toBe(text);
    expect((await readdir(folder.path)).toSorted()).toEqual([
      'report.txt',
      'results.hlog',
      'run.json',
      'script.sql',
      'settings.json',
      'summary.json',
    ]);
  });
});

describe('of a killed process', () => {
  test('the summary is made again from what it wrote', async () => {
    const folder = await killedRun();
    const { summary } = await readRunFolder(folder.path);
    const reason = 'the process ended without a summary, or it still runs: figures reach up to 5.00 s';
    expect(summary.states).toEqual([{ state: 'INCOMPLETE', reason }]);
    expect(summary.exitCodes).toEqual([{ code: 4, reason }]);
    expect(summary.statements.map(({ position }) => position)).toEqual([2, 3]);
    // The query had ended: nothing of it is lost.
    expect(loadOf(summary, 'dash')).toEqual(
      loadOf(summarise(run({ statements: [loadReport(queryResult)] }), machine), 'dash'),
    );
    const insert = loadOf(summary, insertIdentity.name);
    expect(insert).toMatchObject({
      state: 'interrupted',
      tags: { phase: 'load' },
      startedNs: 0,
      endedNs: 5e9,
      throughput: { itemsPerSecond: 1200, operationsPerSecond: 12 },
      operations: insertTotal.operations,
      items: insertTotal.items,
      retries: insertTotal.retries,
      requestBytes: insertTotal.requestBytes,
      errors: [{ errorClass: 'timeout', count: 1, example: 'no answer in interval 3' }],
    });
    expect(insert.times.service).toMatchObject(timeFiguresOf(insertTotal.service, 1)!);
    expect(insert.times.response).toMatchObject(timeFiguresOf(insertTotal.response, 1)!);
    await expect(
      renderTextReport({ ...summary, machine, testId: 'k3f9x2ab' }, { color: false, width: 100 }),
    ).toMatchFileSnapshot('expected/killed.txt');
  });

  test('what was in flight stays unknown', async () => {
    const folder = await RunFolder.create(optionsFor());
    const [first] = intervals;
    const statements = first!.statements.map((statement) => {
      const { operations, items } = statement.tally;
      const more = (counts: Counts, count: number): Counts => ({
        ...counts,
        asked: counts.asked + count,
        sent: counts.sent + count,
      });
      return {
        ...statement,
        tally: { ...statement.tally, operations: more(operations, 3), items: more(items, 300) },
      };
    });
    folder.interval({ ...first!, statements });
    await folder.close();
    const { summary } = await readRunFolder(folder.path);
    const before = first!.statements.find(({ identity }) => identity.name === insertIdentity.name)!.tally;
    const { operations, items } = loadOf(summary, insertIdentity.name);
    expect(operations.unknown).toBe(before.operations.unknown + 3);
    expect(items.unknown).toBe(before.items.unknown + 300);
  });

  test('half of a last line is as if it were not there', async () => {
    const folder = await killedRun();
    const path = join(folder.path, 'intervals.ndjson');
    const whole = await readFile(path, 'utf8');
    const lastLine = whole.trimEnd().lastIndexOf('\n') + 1;
    for (const length of [whole.length - 2, lastLine + 100, lastLine]) {
      await truncate(path, length);
      const { summary } = await readRunFolder(folder.path);
      expect(summary.durationNs).toBe(4e9);
      expect(loadOf(summary, insertIdentity.name).operations.acknowledged).toBe(46);
    }
  });

  test('times that hold the client’s own delays carry their mark', async () => {
    const folder = await killedRun();
    const path = join(folder.path, 'intervals.ndjson');
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const late = lines.map((line) => ({ ...(JSON.parse(line) as IntervalLine), clientPauseNs: 50e6 }));
    await writeFile(path, late.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { summary } = await readRunFolder(folder.path);
    const { marks } = loadOf(summary, insertIdentity.name);
    expect(marks).toMatchObject([{ state: 'INVALID_CLIENT' }]);
    expect(marks[0]!.reason).toMatch(/^the client stood still for more than 10.0 ms in 5 of 5 intervals/);
    expect(summary.states.map(({ state }) => state)).toEqual(['INVALID_CLIENT', 'INCOMPLETE']);
  });

  test('a line that is JSON and no object is told', async () => {
    const folder = await killedRun();
    const path = join(folder.path, 'intervals.ndjson');
    const lines = (await readFile(path, 'utf8')).split('\n').length;
    await appendFile(path, 'null\n');
    await expect(readRunFolder(folder.path)).rejects.toThrow(
      `${path}:${lines}: it is null, expected an object`,
    );
  });

  test('a process that really was killed leaves what it wrote', async () => {
    const child = fork(new URL('endless-run.ts', import.meta.url), [join(directory, 'killed')], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const path = await new Promise<string>((resolve) => {
      child.on('message', ({ folder, interval }: { folder: string; interval: number }) => {
        if (interval < 5) return;
        child.once('exit', () => resolve(folder));
        child.kill('SIGKILL');
      });
    });
    const { summary, record } = await readRunFolder(path);
    expect(record).toMatchObject({ state: 'running', pid: child.pid });
    const lines = (await readFile(join(path, 'intervals.ndjson'), 'utf8')).split('\n').length - 1;
    expect(lines).toBeGreaterThan(3);
    expect(loadOf(summary, insertIdentity.name).operations.acknowledged).toBe(lines * 10);
  });

  test('a process killed before its first interval leaves a readable folder', async () => {
    const folder = await RunFolder.create(optionsFor());
    const { summary } = await readRunFolder(folder.path);
    expect(summary.statements).toEqual([]);
    expect(summary.states[0]).toMatchObject({ state: 'INCOMPLETE' });
    await folder.close();
  });
});

test('intervals sum to the statement, whatever they hold', async () => {
  const samples = array(integer({ min: 0, max: 3600e9 }), { maxLength: 40 });
  const parts = array(record({ samples, failed: nat(50), censored: nat(3) }), { minLength: 1, maxLength: 6 });
  await assert(
    asyncProperty(parts, async (shares) => {
      const folder = await RunFolder.create(optionsFor());
      const tallyOf = (of: typeof shares): Tally => {
        const values = of.flatMap((share) => share.samples);
        const failed = of.reduce((sum, share) => sum + share.failed, 0);
        const censored = of.reduce((sum, share) => sum + Math.min(share.censored, share.samples.length), 0);
        const ended = counts({
          asked: values.length + failed,
          sent: values.length + failed,
          acknowledged: values.length - censored,
          unknown: censored,
          failed,
        });
        return tally({
          operations: ended,
          items: ended,
          censored: { service: censored, response: 0 },
          errors:
            failed === 0 ? [] : [{ errorClass: 'rejected', count: failed, status: 400, example: 'bad' }],
          times: values.length === 0 ? {} : { service: samplesOf(...values) },
        });
      };
      const [statement] = intervals[0]!.statements;
      for (const [index, share] of shares.entries()) {
        const part = { ...statement!, tally: tallyOf([share]) };
        folder.interval({ ...intervals[0]!, index, statements: [part] });
      }
      await folder.close();
      const { summary } = await readRunFolder(folder.path);
      expect(loadOf(summary, insertIdentity.name)).toMatchObject(summariseTally(tallyOf(shares)));
      await rm(folder.path, { recursive: true });
    }),
    { seed: 3, numRuns: 25 },
  );
});

describe('what is no run folder is told', () => {
  test.each([
    [
      'no such folder',
      async () => join(directory, 'nowhere'),
      /nowhere is no run folder: it has no run.json$/,
    ],
    ['a file', async () => join(directory, 'file'), /file is no run folder: it has no run.json$/],
    [
      'a summary of a later version',
      async () => {
        const folder = await killedRun();
        await writeFile(join(folder.path, 'summary.json'), '{"schemaVersion": 2}');
        return folder.path;
      },
      /summary.json: it has schemaVersion 2; this stressql reads 1$/,
    ],
    [
      'broken JSON',
      async () => {
        const folder = await killedRun();
        await writeFile(join(folder.path, 'run.json'), '{"schemaVersion": 1');
        return folder.path;
      },
      /run.json: it is not JSON, or not whole$/,
    ],
  ])('%s', async (_, make, message) => {
    await expect(readRunFolder(await make())).rejects.toThrow(message);
  });
});

/** Writes of these files go to a device that is always full. */
function fullFor(...full: readonly string[]): FileStore {
  const place = (path: string): string => (full.some((name) => path.endsWith(name)) ? '/dev/full' : path);
  return {
    ...machineFiles,
    writeAt: (path, offset, bytes) => machineFiles.writeAt(place(path), offset, bytes),
    replace: (path, text) =>
      place(path) === path
        ? machineFiles.replace(path, text)
        : machineFiles.writeAt('/dev/full', 0, Buffer.from(text)),
  };
}

describe('a disk that fails', () => {
  test('that is full is told once, the rest is kept, and the end says what is lost', async () => {
    const folder = await RunFolder.create(
      optionsFor({ files: fullFor('intervals.ndjson', 'statements.ndjson') }),
    );
    for (const interval of intervals) {
      folder.interval(interval);
      await new Promise((resolve) => void setTimeout(resolve, 20));
    }
    folder.statementEnded(queryResult);
    const lost = await folder.close();
    expect(problems).toEqual([
      `${folder.path}/intervals.ndjson can’t be written: ENOSPC: no space left on device, write; the run goes on`,
    ]);
    expect(lost).toMatch(
      /^the run folder .* lost [\d.]+ kB of intervals.ndjson, [\d.]+ kB of statements.ndjson$/,
    );
    expect(await readFile(join(folder.path, 'results.hlog'), 'utf8')).toContain(
      'Tag=2.insert.cpu_load__all.service',
    );
    await rm(folder.path, { recursive: true });
  });

  test('a file that can’t be replaced leaves nothing beside it', async () => {
    await mkdir(join(directory, 'beside', 'taken'), { recursive: true });
    await expect(machineFiles.replace(join(directory, 'beside', 'taken'), 'text')).rejects.toThrow();
    expect(await readdir(join(directory, 'beside'))).toEqual(['taken']);
  });

  test('that is full at the end loses the summary, and says so', async () => {
    const folder = await RunFolder.create(optionsFor({ files: fullFor('summary.json') }));
    expect(await folder.close()).toBeUndefined();
    expect(await folder.finish(summarise(run(), machine))).toBe(
      `the run folder ${folder.path} lost summary.json`,
    );
    expect(problems).toHaveLength(1);
  });

  test('that comes back has lost nothing, and nothing twice', async () => {
    let full = true;
    const halfWritten: FileStore = {
      ...machineFiles,
      async writeAt(path, offset, bytes) {
        if (!full) return machineFiles.writeAt(path, offset, bytes);
        await machineFiles.writeAt(path, offset, bytes.subarray(0, bytes.length >> 1));
        throw new Error('no space left on device');
      },
    };
    const folder = await RunFolder.create(optionsFor({ files: halfWritten }));
    for (const interval of intervals) {
      full = interval.index < 3;
      folder.interval(interval);
      await new Promise((resolve) => void setTimeout(resolve, 20));
    }
    expect(await folder.close()).toBeUndefined();
    const { summary } = await readRunFolder(folder.path);
    expect(loadOf(summary, insertIdentity.name).operations).toEqual(insertTotal.operations);
    expect(problems).toHaveLength(1);
  });

  test('whose folder is deleted is told', async () => {
    const folder = await RunFolder.create(optionsFor());
    folder.interval(intervals[0]!);
    await new Promise((resolve) => void setTimeout(resolve, 50));
    await rm(folder.path, { recursive: true });
    folder.interval(intervals[1]!);
    expect(await folder.close()).toMatch(/ lost [\d.]+ kB of intervals.ndjson, [\d.]+ k?B of results.hlog$/);
    expect(await folder.finish(summarise(run(), machine))).toMatch(
      / lost summary.json, report.txt, run.json$/,
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('ENOENT');
  });

  test('that takes nothing for long is held in bounded memory', async () => {
    const folder = await RunFolder.create(optionsFor({ files: fullFor('intervals.ndjson') }));
    const [statement] = intervals[0]!.statements;
    const identity = { ...insertIdentity, tags: { big: 'x'.repeat(10e6) } };
    const huge = { ...intervals[0]!, statements: [{ ...statement!, identity }] };
    for (let count = 0; count < 12; count++) folder.interval(huge);
    expect(await folder.close()).toMatch(/ lost 120 MB of intervals.ndjson$/);
  });
});
