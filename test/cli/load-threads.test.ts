import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { statementId } from '../../src/cli/identity.ts';
import { Interruption } from '../../src/cli/interruption.ts';
import { LoadThreads } from '../../src/cli/load-threads.ts';
import { ProfileRun, type RunDisplay } from '../../src/cli/profile-run.ts';
import { workerCount } from '../../src/cli/worker-count.ts';
import { loadProfile, type ProfileOptions } from '../../src/cli/load-profile.ts';
import type { ClientListener } from '../../src/stress-client/client-port.ts';
import type { Interval } from '../../src/stress-client/results.ts';
import { defaultSettings } from '../../src/stress-client/settings.ts';
import type { StressTest } from '../../src/stress-client/stress-test.ts';
import { stressql } from './stressql.ts';

const folder = mkdtempSync(join(tmpdir(), 'load-threads-'));
const options: ProfileOptions = {
  parameters: new Map(),
  seed: undefined,
  startMs: 0,
  compatibility: undefined,
  environment: {},
};

function profile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const insert = (name: string, rest: string): string =>
  `INSERT ${name}\ncpu,host=server-[int inc(0) 100]\nvalue=[float rand(1000)]\n${rest}\n`;

test.each<[what: string, text: string | undefined, known: boolean]>([
  ['is another', 'one\ntwo\n', true],
  ['appears', 'one\ntwo\n', false],
  ['is gone', undefined, true],
])('a load thread tells of a data file that %s', async (_, lines, known) => {
  rmSync(join(folder, 'hosts.txt'), { force: true });
  if (lines !== undefined) writeFileSync(join(folder, 'hosts.txt'), lines);
  const text = 'SET Target [sink]\n\nINSERT cpu\ncpu,host=[str file("hosts.txt") 2]\nvalue=1\n10 10s\n';
  const path = profile('changed.sql', text);
  const threads = new LoadThreads();
  const broken = new Promise<string>((resolve) => {
    threads.compile({ paths: [path], texts: [text], options });
    threads.prepare({ testId: 'a', dataFiles: known ? [{ name: 'hosts.txt', sha256: '' }] : [] }, 1);
    const listener = { broken: resolve } as unknown as ClientListener;
    threads.client(0, { originNs: 0, settings: defaultSettings() }, listener);
  });
  await expect(broken).resolves.toContain('hosts.txt was changed while the run was starting');
  await threads.end();
});

test.each<[name: string, text: string, workers: number, fewer: RegExp | undefined]>([
  ['auto', insert('a', '10 10s'), 1, undefined],
  ['as asked', `SET Workers [3]\n\n${insert('a', '10 10s')}`, 3, undefined],
  [
    'no more than slots',
    `SET Workers [3]\nSET WriteConcurrency [2]\n\n${insert('a', '10 10s')}`,
    2,
    /^2 of the 3/,
  ],
  [
    'no more than slots later on',
    `SET Workers [4]\n\nGO ${insert('a', 'FOR 1s')}\nSET WriteConcurrency [3]\n`,
    3,
    /WriteConcurrency \[3\]/,
  ],
  [
    'slots of a statement’s own',
    `SET Workers [4]\n\n${insert('a', '10 10s\nWITH WriteConcurrency [1]')}`,
    4,
    undefined,
  ],
  [
    'no more than connections to a node',
    'SET Workers [4]\nSET Target [cql]\nSET ConnectionsPerHost [2]\n\nCQL USE shop\n',
    2,
    /ConnectionsPerHost \[2\]/,
  ],
])('threads: %s', (name, text, workers, fewer) => {
  const { analysis, diagnostics } = loadProfile([profile(`${workers}-${name}.sql`, text)], options);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const count = workerCount(analysis);
  expect(count.workers).toBe(workers);
  expect(count.fewer ?? '').toMatch(fewer ?? /^$/);
});

test('a run sends the same from one thread and from three', async () => {
  const totals = await Promise.all(
    [1, 3].map(async (workers) => {
      const text = [
        `SET Target [sink]\nSET Workers [${workers}]\nSET BatchSize [10]\n`,
        `GO ${insert('timed', 'AT 20000/s FOR 300ms')}`,
        insert('counted', '20000 10s'),
        `QUERY asked OF counted\nSELECT value FROM cpu WHERE %t\nAT 300/s FOR 200ms\n`,
        'WAIT\n',
      ].join('\n');
      const { code, stdout } = await stressql([
        'run',
        profile(`same-${workers}.sql`, text),
        '--no-report',
        '--out',
        folder,
      ]);
      expect([0, 5]).toContain(code);
      return /^Total +(.* acknowledged)[^]*^(Requests.*)$/m.exec(stdout)!.slice(1);
    }),
  );
  expect(totals[1]).toEqual(totals[0]);
  expect(totals[0]![0]).toBe('26,000 points and 60 queries acknowledged');
});

test('load that two threads send is held, changed and ended', async () => {
  const text = [
    'SET Target [sink]\nSET Workers [2]\nSET ReportInterval [50ms]\nSET BatchSize [10]\n',
    `GO ${insert('closed', 'FOR 1h')}`,
    `GO ${insert('load', 'AT 1000/s FOR 30m, 100/s FOR 30m')}`,
    'WAIT\n',
  ].join('\n');
  const paths = [profile('held.sql', text)];
  const testId = 'heldheld';
  const [closed, load] = [statementId(testId, 5), statementId(testId, 6)];
  const intervals: Interval[] = [];
  const acknowledged = ({ statements }: Interval): readonly number[] =>
    statements.map(({ tally }) => tally.operations.acknowledged);
  /** Resolves when that is so of the acknowledged operations of the last intervals, statement by statement. */
  const until = async (count: number, isSo: (counts: readonly number[]) => boolean): Promise<void> => {
    const seen = intervals.length;
    while (intervals.length < seen + count || !intervals.slice(-count).map(acknowledged).every(isSo))
      await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const bothSend = (counts: readonly number[]): boolean => counts.length === 2 && !counts.includes(0);
  const act = async (hub: StressTest): Promise<void> => {
    await until(1, bothSend);
    hub.hold(true);
    await until(3, (counts) => counts.every((count) => count === 0));
    hub.hold(false);
    await until(1, bothSend);
    expect(hub.changeRate(load, 6000)).toBeUndefined();
    expect(hub.changeRate(closed, 6000)).toBe('it has no rate: it sends as answers come');
    await until(3, bothSend);
    hub.endStatement(closed, 'enough');
    await until(3, (counts) => counts.length === 1 && !counts.includes(0));
    hub.endStatement(load, 'enough');
  };
  let acted: Promise<void> | undefined;
  const display: RunDisplay = {
    name: 'acts',
    print: () => {},
    testStarted: (hub) => (acted = act(hub)),
    // A tally is valid during the call only.
    interval: (interval) => void intervals.push(structuredClone(interval)),
    statementEnded: () => {},
    close: () => Promise.resolve(undefined),
  };
  const threads = new LoadThreads();
  const interruption = new Interruption();
  threads.compile({ paths, texts: [text], options });
  const loaded = loadProfile(paths, options);
  const run = new ProfileRun({
    profile: loaded,
    fromFlags: options,
    targetSettings: loaded.analysis.runSettings,
    flags: { out: folder, testId, allowExec: false, report: false, rehearse: false, quiet: true },
    interruption,
    threads,
    display,
    words: [],
  });
  const { summary } = await run.run();
  await acted;
  await threads.end();
  interruption.release();

  expect(summary.events!.map(({ kind, name }) => [kind, name])).toEqual([
    ['pause', undefined],
    ['rate', 'load'],
    ['end', 'closed'],
    ['end', 'load'],
  ]);
  const loads = summary.statements.flatMap((each) => ('load' in each && each.load ? [each.load] : []));
  for (const { state, reason, operations } of loads) {
    expect([state, reason]).toEqual(['ended', 'enough']);
    const { asked, sent, unsent, acknowledged: answered } = operations;
    expect([asked, unsent, answered]).toEqual([sent, 0, sent]);
  }
  const { stages } = loads[1]!;
  expect(stages.map(({ text: of }) => of)).toEqual(['1000/s FOR 30m', '6000/s (changed)']);
  expect(stages[1]!.offered / 6000).toBeCloseTo(1, 1);
  expect(stages[1]!.achieved).toBeGreaterThan(stages[0]!.achieved);
});
