import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { eventsOf, type EventLine } from '../../src/reporting/event-line.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';
import { Terminal } from './terminal.ts';

const script = `
SET Target [sink]
SET ReportInterval [250ms]

GO INSERT closed
mem,host=h-[int inc(0) 10]
value=[float rand(100)]
FOR 1h
WITH WriteConcurrency [1], BatchSize [10]

INSERT load
cpu,host=h-[int inc(0) 10]
value=[float rand(100)]
AT 1000/s FOR 1h
WITH BatchSize [10]
`;

const missing = { unavailable: 'there is no tmux', remedy: 'install it' };

describe('in a real terminal', () => {
  let isThere = false;
  let terminal: Terminal;
  let out: string;
  let words: string;

  beforeAll(async () => {
    isThere = await Terminal.isThere();
    if (!isThere && process.env['CI'] === 'true')
      throw new Error(`${missing.unavailable}: ${missing.remedy}`);
  });

  beforeEach(async ({ task, skip }) => {
    if (!isThere) {
      task.meta.missingServer = missing;
      skip(missing.unavailable);
    }
    const folder = temporaryFolder();
    out = join(folder, 'out');
    const profile = join(folder, 'live.sql');
    writeFileSync(profile, script);
    words = `bin/stressql.js run ${profile} --rehearse --no-report --out ${out}`;
    terminal = await Terminal.start(120, 24);
    onTestFinished(() => terminal.close());
  });

  /** Runs it until the block is there, and answers with its process id. */
  async function start(nodeFlags = ''): Promise<number> {
    const pidFile = join(out, '..', 'pid');
    await terminal.type(
      `clear; bash -c 'echo $$ > ${pidFile}; exec node ${nodeFlags} ${words}'; echo "code "$?`,
    );
    await terminal.until((shown) => /INSERT load +running +[\d,.]+ /.test(shown));
    return Number(readFileSync(pidFile, 'utf8'));
  }

  /** What the terminal does with keys and lines; its size, which tmux changes some time later, is no part of it. */
  const settings = (): Promise<string> => terminal.outputOf('stty -g | fold -w 60');

  test('a run is watched, held, changed and ended by keys, which its folder and report tell', async () => {
    const before = await settings();
    await start();
    await terminal.press('j', 'p');
    await terminal.until((shown) => / HELD .*[^]*› INSERT load +held/.test(shown));
    await terminal.press('Space');
    await terminal.until((shown) => /› INSERT load +running/.test(shown));
    await terminal.press('+');
    await terminal.until((shown) => shown.includes('INSERT load: 1,100/s from now on'));
    await terminal.press('2', '0', '0', '0', 'Enter');
    await terminal.until((shown) => /INSERT load +running +[\d,]+ +(1,[89]|2,[01])\d\d /.test(shown));
    await terminal.press('Up', '-');
    await terminal.until((shown) => shown.includes('INSERT closed: it has no rate'));

    const once = (shown: string): boolean =>
      [/^run /gm, /INSERT closed /g, /INSERT load /g].every((line) => shown.match(line)?.length === 1);
    await terminal.resize(40, 10);
    await terminal.until((shown) => once(shown) && /^ {2}statement +achieved\/s +errors$/m.test(shown));
    await terminal.resize(200, 50);
    await terminal.until((shown) => once(shown) && /INSERT load .{140,}/.test(shown));
    expect(await terminal.screen(true)).toContain('\u001b[');
    await terminal.resize(120, 24);
    await terminal.until((shown) => !/INSERT load .{140,}/.test(shown));

    await terminal.press('e', 'y');
    await terminal.until((shown) => shown.includes('INSERT closed ended from the terminal'));
    await terminal.press('e', 'y');
    const end = await terminal.until((shown) => shown.includes('code '));
    expect(end).toContain('code 0');
    expect(end).not.toContain('› ');
    expect(await settings()).toBe(before);

    const folder = onlyRunFolder(out);
    const lines = readFileSync(join(folder, 'events.ndjson'), 'utf8').trim().split('\n');
    const events = eventsOf(lines.map((line) => JSON.parse(line) as EventLine));
    const done = events.filter(({ kind }) => ['pause', 'rate', 'end'].includes(kind));
    expect(done.map(({ kind, name, text }) => [kind, name, text])).toEqual([
      ['pause', undefined, 'load held'],
      ['rate', 'load', 'AT 1100/s'],
      ['rate', 'load', 'AT 2000/s'],
      ['end', 'closed', 'ended from the terminal'],
      ['end', 'load', 'ended from the terminal'],
    ]);
    expect(done[0]!.endNs).toBeGreaterThan(done[0]!.startNs);
    const { stdout } = await stressql(['report', folder]);
    for (const text of ['load held', 'load: AT 2000/s', 'closed: ended from the terminal'])
      expect(stdout).toContain(text);
  });

  test.each([
    ['q', ['q']],
    ['Ctrl-C, twice', ['C-c', 'C-c']],
  ])('%s interrupts, and leaves the terminal as it was', async (_, keys) => {
    const before = await settings();
    await start();
    await terminal.press(...keys);
    await terminal.until((shown) => shown.includes('code 130'));
    expect(await settings()).toBe(before);
  });

  test('SIGTERM leaves the terminal as it was', async () => {
    const before = await settings();
    process.kill(await start(), 'SIGTERM');
    await terminal.until((shown) => shown.includes('code 143'));
    expect(await settings()).toBe(before);
  });

  test('an exception leaves the terminal as it was', async () => {
    const before = await settings();
    const thrower = 'data:text/javascript,process.on("SIGUSR2",()=>{throw(new(Error)(7))})';
    process.kill(await start(`--import "${thrower.replaceAll('"', '\\"')}"`), 'SIGUSR2');
    await terminal.until((shown) => shown.includes('code 1'));
    expect(await settings()).toBe(before);
  });

  test.each([
    ['Ctrl-Z', () => terminal.press('C-z')],
    ['SIGSTOP', (pid: number) => Promise.resolve(void process.kill(pid, 'SIGSTOP'))],
  ])('%s stops it, with the terminal as it was, and fg lets it go on', async (_, stop) => {
    const before = await settings();
    await stop(await start());
    await terminal.until((shown) => shown.includes('Stopped'));
    expect(await settings()).toBe(before);
    await terminal.type('fg');
    await terminal.until((shown) => shown.includes('? keys'));
    await terminal.press('q');
    await terminal.until((shown) => shown.includes('Exit code 130'));
    expect(await settings()).toBe(before);
  });

  test('in the background it is shown, and leaves the keys to the shell', async () => {
    await terminal.type(`clear; node ${words} &`);
    await terminal.until((shown) => /INSERT load +running +[\d,.]+ /.test(shown));
    expect(await terminal.screen()).not.toContain('? keys');
    await terminal.type('kill -INT %1');
    await terminal.until((shown) => shown.includes('Exit code 130'));
  });

  test.each([
    ['--ui lines', '', /\d s {2}INSERT load: [\d,]+ points\/s/],
    ['', 'TERM=dumb ', /\d s {2}INSERT load: [\d,]+ points\/s/],
  ])('%s %s: lines', async (flags, environment, line) => {
    await terminal.type(`${environment}node ${words} ${flags}`);
    const shown = await terminal.until((screen) => line.test(screen));
    expect(shown).not.toMatch(/^run /m);
    await terminal.press('C-c');
    await terminal.until((screen) => screen.includes('Exit code 130'));
  });
});

test.each([
  ['off', /^$/],
  ['lines', /^(.* (INSERT|QUERY) \w+: .*\n)+$/],
  ['live', /^(.* (INSERT|QUERY) \w+: .*\n)+$/],
])('--ui %s, without a terminal', async (ui, expected) => {
  const profile =
    'SET Target [sink]\nSET ReportInterval [50ms]\nINSERT cpu\ncpu,host=a\nvalue=1\nAT 100/s FOR 300ms\nWITH BatchSize [1]\n';
  const words = ['run', '-', '--rehearse', '--ui', ui, '--out', temporaryFolder()];
  const { code, stderr } = await stressql(words, { input: profile });
  expect(code).toBe(0);
  expect(stderr).toMatch(expected);
});
