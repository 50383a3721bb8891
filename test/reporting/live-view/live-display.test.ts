import { describe, expect, test } from 'vitest';
import type { KeyListener } from '../../../src/reporting/live-view/keyboard.ts';
import { LiveDisplay } from '../../../src/reporting/live-view/live-display.ts';
import type { Key } from '../../../src/reporting/live-view/live-keys.ts';
import { GoStatement } from '../../../src/statement/go.ts';
import { InsertStatement } from '../../../src/statement/insert.ts';
import type { LoadOptions } from '../../../src/statement/load-options.ts';
import { MixStatement } from '../../../src/statement/mix.ts';
import { QueryStatement } from '../../../src/statement/query.ts';
import { runScript } from '../../../src/statement/run-script.ts';
import type { Statement } from '../../../src/statement/statement.ts';
import type { RunEvent } from '../../../src/stress-client/results.ts';
import type { StressTest } from '../../../src/stress-client/stress-test.ts';
import {
  KeepingSink,
  loadOptions,
  parts,
  queryPlan,
  settingsWith,
  stage,
  stressTest,
  writePlan,
} from '../../support/loads.ts';
import { idOf, ms, seconds } from '../../support/play.ts';
import { SimulatedTarget } from '../../support/simulated-target.ts';
import { VirtualClock } from '../../support/virtual-time.ts';
import { Screen } from './screen.ts';

const named: Readonly<Record<string, Key>> = {
  up: { name: 'up', sequence: '\u001b[A' },
  down: { name: 'down', sequence: '\u001b[B' },
  enter: { name: 'return', sequence: '\r' },
  escape: { name: 'escape', sequence: '\u001b' },
  backspace: { name: 'backspace', sequence: '\u007f' },
  'ctrl-c': { name: 'c', ctrl: true, sequence: '\u0003' },
};

/** A run in virtual time, that is shown, with hands on its keys. */
class ShownRun {
  readonly clock = new VirtualClock();
  readonly screen = new Screen(160, 30);
  readonly sink = new KeepingSink();
  readonly test: StressTest;
  readonly display: LiveDisplay;
  interrupts = 0;
  keyboardsOpen = 0;
  readonly #script: Promise<void>;
  #listener: KeyListener | undefined;

  constructor(statements: readonly Statement[], { slots = 20, afterNs = ms } = {}) {
    const target = new SimulatedTarget(() => ({ afterNs }));
    this.display = new LiveDisplay({
      stream: this.screen,
      color: false,
      rehearsal: false,
      keyboard: (listener) => {
        this.#listener = listener;
        this.keyboardsOpen++;
        return { close: () => void this.keyboardsOpen-- };
      },
      interrupt: () => {
        this.interrupts++;
        this.test.interrupt('Ctrl-C');
      },
    });
    const settings = settingsWith({ WriteConcurrency: slots, QueryConcurrency: slots });
    this.test = stressTest(this.clock, (clock) => target.on(clock), settings, {
      sinks: [this.sink, this.display],
    });
    this.display.testStarted(this.test);
    statements.forEach((statement, index) => statement.setId(idOf(index), [idOf(100), idOf(101)]));
    this.#script = runScript(this.test, statements);
  }

  /** Lets time pass to so many milliseconds of the run. */
  async at(atMs: number): Promise<this> {
    await this.clock.pass(atMs * ms - this.test.clock.nowNs());
    return this;
  }

  /** Presses keys, one after the other, and waits until the next frame. */
  async press(...keys: readonly string[]): Promise<this> {
    for (const key of keys) this.#listener!.onKey(named[key] ?? { sequence: key, name: key });
    await this.clock.pass(101 * ms);
    return this;
  }

  async finish(): Promise<this> {
    await this.clock.until(this.#script);
    await this.clock.until(this.test.close());
    return this;
  }

  get prompt(): string {
    return this.screen.shown.at(-1)!;
  }

  get chosen(): string {
    return this.screen.shown.find((line) => line.startsWith('› '))!;
  }

  /** What was done from the terminal. */
  get done(): readonly string[] {
    const told = (event: RunEvent): boolean => ['pause', 'rate', 'end'].includes(event.kind);
    return this.test.events.filter(told).map(({ kind, name = '', text }) => `${kind} ${name} ${text}`);
  }
}

function insert(name: string, options: Partial<LoadOptions>, batchSize = 1): InsertStatement {
  return new InsertStatement(parts(name, writePlan(batchSize), options));
}

const oneInsert = (): readonly Statement[] => [insert('load', { stages: [stage(1000, 10 * seconds)] })];

describe('what is shown', () => {
  test('of statements that run, wait and have ended', async () => {
    const run = new ShownRun([
      insert('first', { items: 500, stages: [stage(1000)] }),
      new GoStatement(insert('closed', { durationNs: 20 * seconds }, 10)),
      ...oneInsert(),
    ]);
    await run.at(3450);
    expect(run.screen.shown).toMatchInlineSnapshot(`
      [
        "run test0001  3 s  VALID  2 running, 1 ended  in flight 20  late p99 0 ns  loop pause 0 ns  influx localhost",
        "  statement      state    achieved/s  offered/s  of                        achieved, █ =      p50      p99                         p99, █ =  errors  done  left",
        "› INSERT closed  running     190,000          -  points                      ▄██ 190,000  1.00 ms  1.00 ms                      ███ 1.00 ms       0  12 %  18 s",
        "  INSERT load    running       1,000      1,000  points                      ▄██   1,000  1.00 ms  1.00 ms                      ███ 1.00 ms       0  25 %   8 s",
        "  INSERT first ended: 1,000 points/s, p99 1.00 ms, 0 errors, ran 500 ms",
        "space holds  ↑↓ choose  + - number: rate  e ends  ? keys  q quits",
      ]
    `);
    await run.press('ctrl-c');
    await run.finish();
    expect(run.screen.shown).toEqual([]);
  });

  test('the state of a statement, and of the run so far', async () => {
    const options = { stages: [stage(10, 5 * seconds)] };
    const query = new QueryStatement(
      parts(
        'ask',
        queryPlan(() => 0),
        options,
        { companion: 'load', background: true },
      ),
    );
    const slow = insert('load', { stages: [stage(100, 5 * seconds)] });
    const run = new ShownRun([new GoStatement(query), slow], { slots: 1, afterNs: 700 * ms });
    const row = (name: string): string => run.screen.shown.find((line) => line.includes(name))!;
    await run.at(600);
    expect(row('QUERY ask')).toMatch(/ask +waiting$/);
    expect(row('INSERT load')).toMatch(/load +running$/);
    expect(run.screen.shown[0]).toMatch(/ VALID {2}1 running, 1 waiting /);
    await run.at(3100);
    expect(row('QUERY ask')).toMatch(/ask +running +2\.00 +10\.0 /);
    expect(run.screen.shown[0]).toMatch(/ INVALID_RATE {2}2 running {2}in flight 2 /);
    await run.press('e', 'y');
    expect(row('QUERY ask')).toMatch(/ask +draining /);
    await run.press('q');
    await run.finish();
  });

  test('of a MIX the members stand under it, and it is chosen as one', async () => {
    const options = loadOptions({ stages: [stage(1000, 5 * seconds)], fixed: new Set(['WriteConcurrency']) });
    const mix = new MixStatement({
      name: 'mixed',
      position: 1,
      text: 'MIX mixed',
      place: '',
      options,
      mix: { weights: [1, 3], cluster: undefined },
      seed: 42,
      members: [
        { kind: 'insert', parts: parts('writes', writePlan(), options) },
        { kind: 'query', parts: parts('reads', queryPlan(), options) },
      ],
    });
    const run = new ShownRun([new GoStatement(mix), insert('later', { stages: [stage(10, 5 * seconds)] })]);
    await run.at(2500);
    const names = (): readonly string[] =>
      run.screen.shown.slice(2, -1).map((line) => line.slice(0, 16).trimEnd());
    expect(names()).toEqual(['› MIX mixed', '    INSERT write', '    QUERY reads', '  INSERT later']);
    expect(run.chosen).toMatch(/ 1,0\d\d|99\d .*operations/);
    await run.press('2', '0', '0', '0', 'enter', 'j', 'j');
    expect(run.chosen).toMatch(/^› INSERT later/);
    await run.press('k', 'e', 'y');
    await run.at(2900);
    expect(run.done).toEqual([
      'rate writes MIX mixed AT 2000/s',
      'rate reads MIX mixed AT 2000/s',
      'end writes ended from the terminal',
      'end reads ended from the terminal',
    ]);
    await run.finish();
  });

  test('frames are no more than ten a second, and none where nothing changes', async () => {
    const run = new ShownRun(oneInsert());
    await run.at(1000);
    const before = run.screen.writes;
    for (let atMs = 1005; atMs < 2000; atMs += 5) {
      await run.at(atMs);
      run.display.event({ kind: 'stage', startNs: atMs * ms, endNs: atMs * ms, text: '' });
    }
    expect(run.screen.writes - before).toBeLessThanOrEqual(10);
    await run.press('ctrl-c');
    await run.finish();
  });

  test('a terminal of another size is drawn at once, and printed text stays above', async () => {
    const run = new ShownRun(oneInsert());
    await run.at(2500);
    run.display.print('a warning\n');
    run.screen.columns = 200;
    run.screen.emit('resize');
    await run.at(2600);
    expect(run.screen.shown[0]).toBe('a warning');
    expect(run.screen.shown).toHaveLength(5);
    for (const line of run.screen.shown) expect(line.length).toBeLessThan(200);
    expect(run.screen.shown[3]!.length).toBeGreaterThan(160);
    await run.press('ctrl-c');
    await run.finish();
    expect(run.screen.shown).toEqual(['a warning']);
    expect(run.screen.listenerCount('resize')).toBe(0);
    expect(run.keyboardsOpen).toBe(0);
  });
});

describe('keys', () => {
  test.each([['p'], [' ']])('%j holds all load, and lets it go on: no pause is in its times', async (key) => {
    const run = new ShownRun([insert('load', { stages: [stage(1000, 4 * seconds)] })]);
    await run.at(1500);
    await run.press(key);
    await run.at(4000);
    expect(run.screen.shown[0]).toContain('HELD');
    expect(run.chosen).toContain(' held ');
    const left = / (\d+ s)$/.exec(run.chosen)![1];
    await run.at(6000);
    expect(/ (\d+ s)$/.exec(run.chosen)![1]).toBe(left);
    await run.press(key);
    await run.finish();
    const { total } = run.test.resultOf(idOf(0))!;
    expect(total.operations).toMatchObject({ asked: 4000, sent: 4000, acknowledged: 4000, unsent: 0 });
    expect(total.times.response!.maximumNs).toBeLessThan(3 * ms);
    expect(run.done).toEqual(['pause  load held', 'pause  load held']);
  });

  test('+, - and a number change the rate, and what is offered follows', async () => {
    const run = new ShownRun([insert('load', { stages: [stage(1000, 10 * seconds)] })]);
    await run.at(1000);
    await run.press('+');
    expect(run.prompt).toBe('INSERT load: 1,100/s from now on');
    await run.at(3000);
    await run.press('-', '-');
    await run.at(5000);
    await run.press('2', '5', '9', 'backspace', '0', '.', '5');
    expect(run.prompt).toBe('INSERT load: 250.5/s? Enter sets it, Esc does not');
    await run.press('enter');
    await run.finish();
    expect(run.done).toEqual([
      'rate load AT 1100/s',
      'rate load AT 990/s',
      'rate load AT 891/s',
      'rate load AT 250.5/s',
    ]);
    const offered = run.sink.intervals.map(
      ({ statements }) => Math.round((statements[0]?.offered ?? 0) / 10) * 10,
    );
    expect([0, 2, 4, 6, 9].map((index) => offered[index])).toEqual([1000, 1100, 890, 250, 250]);
    const { operations } = run.test.resultOf(idOf(0))!.total;
    expect(operations.asked).toBe(operations.acknowledged);
  });

  test('a number is left with Esc, and none is no rate', async () => {
    const run = new ShownRun(oneInsert());
    await run.at(1000);
    await run.press('5', '0', 'escape');
    expect(run.prompt).toContain('? keys');
    await run.press('0', 'enter');
    expect(run.prompt).toBe('INSERT load: a rate is above 0/s');
    await run.press('.', '.', 'enter');
    expect(run.prompt).toBe('INSERT load: a rate is above 0/s');
    expect(run.done).toEqual([]);
    await run.press('q');
    await run.finish();
  });

  test('a number is for the statement that it was begun for, though that has ended', async () => {
    const short = insert('short', { stages: [stage(1000, seconds)] });
    const run = new ShownRun([
      new GoStatement(short),
      insert('load', { stages: [stage(1000, 3 * seconds)] }),
    ]);
    await run.at(500);
    await run.press('7');
    await run.at(1500);
    expect(run.chosen).toContain('INSERT load');
    await run.press('enter');
    expect(run.prompt).toBe('INSERT short: it does not run');
    await run.finish();
    expect(run.done).toEqual([]);
  });

  test('what is closed has no rate, and says so', async () => {
    const run = new ShownRun([insert('closed', { durationNs: 3 * seconds })]);
    await run.at(1000);
    await run.press('+');
    expect(run.prompt).toBe('INSERT closed: it has no rate: it sends as answers come');
    await run.finish();
    expect(run.done).toEqual([]);
  });

  test('e ends the chosen statement, once y has said so', async () => {
    const load = insert('load', { stages: [stage(1000, 3 * seconds)] });
    const query = new QueryStatement(parts('ask', queryPlan(), { stages: [stage(50, 3 * seconds)] }));
    const run = new ShownRun([new GoStatement(load), query]);
    await run.at(1000);
    await run.press('down', 'down', 'e');
    expect(run.prompt).toBe('end QUERY ask? y ends it, any other key does not');
    await run.press('n');
    await run.press('y');
    expect(run.done).toEqual([]);
    await run.press('e', 'y');
    expect(
      run.screen.shown.find((line) => line.includes('QUERY ask ended from the terminal: ')),
    ).toBeDefined();
    await run.finish();
    expect(run.done).toEqual(['end ask ended from the terminal']);
    expect(run.test.resultOf(idOf(1))).toMatchObject({ state: 'ended', reason: 'ended from the terminal' });
    expect(run.test.resultOf(idOf(0))!.total.operations).toMatchObject({ asked: 3000, acknowledged: 3000 });
  });

  test('? lists the keys until the next', async () => {
    const run = new ShownRun(oneInsert());
    await run.at(1000);
    await run.press('?');
    expect(run.screen.shown.join('\n')).toContain('hold all load');
    expect(run.screen.shown.join('\n')).not.toContain('INSERT load');
    await run.press('?');
    expect(run.screen.shown.join('\n')).toContain('INSERT load');
    await run.press('q');
    await run.finish();
  });

  test.each([['q'], ['ctrl-c']])('%s interrupts, while a number is typed too', async (key) => {
    const run = new ShownRun(oneInsert());
    await run.at(1000);
    await run.press('4', key);
    expect(run.interrupts).toBe(1);
    await run.finish();
    expect(run.test.resultOf(idOf(0))).toMatchObject({ state: 'interrupted' });
  });

  test('where nothing runs, they do nothing', async () => {
    const run = new ShownRun([]);
    await run.press('+', '-', 'e', 'y', 'up', 'down', '5', 'enter');
    await run.finish();
    expect(run.done).toEqual([]);
  });
});
