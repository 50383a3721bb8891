import type { Interval, ResultSink, RunEvent, StatementResult } from '../../stress-client/results.ts';
import type { Timer } from '../../stress-client/clock.ts';
import { drawRun } from './draw-run.ts';
import type { Keyboard, KeyListener } from './keyboard.ts';
import { keyTable, LiveKeys } from './live-keys.ts';
import { LiveRun, type LiveTest } from './live-run.ts';
import { sizeOf, TerminalBlock, type TerminalStream } from './terminal-block.ts';

export interface LiveDisplayOptions {
  readonly stream: TerminalStream;
  readonly color: boolean;
  readonly rehearsal: boolean;
  /** Listens for keys; absent where there are none, and the run is only shown. */
  readonly keyboard: ((listener: KeyListener) => Pick<Keyboard, 'close'>) | undefined;
  /** What Ctrl-C does. */
  readonly interrupt: () => void;
}

/** Frames follow each other no faster, whatever happens. */
const frameNs = 100e6;
/** The head tells seconds. */
const tickNs = 1e9;

/** Shows a run in a terminal while it lasts, below everything printed, and takes keys that hold, change and end load. */
export class LiveDisplay implements ResultSink {
  readonly name = 'terminal';
  readonly #options: LiveDisplayOptions;
  readonly #block: TerminalBlock;
  readonly #changed = (): void => this.#drawSoon();
  #test: LiveTest | undefined;
  #run: LiveRun | undefined;
  #keys: LiveKeys | undefined;
  #keyboard: Pick<Keyboard, 'close'> | undefined;
  #timer: Timer | undefined;
  #tick: Timer | undefined;
  #drawnNs = -Infinity;
  #firstRow = 0;

  constructor(options: LiveDisplayOptions) {
    this.#options = options;
    this.#block = new TerminalBlock(options.stream);
  }

  /** Shows this run from now on. */
  testStarted(test: LiveTest): void {
    const { stream, rehearsal, keyboard, interrupt } = this.#options;
    this.#test = test;
    this.#run = new LiveRun(test, rehearsal);
    stream.on('resize', this.#changed);
    if (keyboard !== undefined) {
      const keys = (this.#keys = new LiveKeys(test, interrupt));
      this.#keyboard = keyboard({
        onKey: (key) => {
          keys.press(key);
          this.#drawSoon();
        },
        onReturn: () => {
          this.#block.forget();
          this.#drawSoon();
        },
      });
    }
    this.#everySecond(test);
  }

  interval(interval: Interval): void {
    this.#run?.interval(interval);
    this.#drawSoon();
  }

  statementEnded(result: StatementResult): void {
    this.#run?.statementEnded(result);
    this.#drawSoon();
  }

  event(event: RunEvent): void {
    this.#run?.event(event);
    this.#drawSoon();
  }

  /** Writes lines above the block; they stay. */
  print(text: string): void {
    this.#block.print(text);
  }

  /** Leaves nothing of itself on the terminal, which is as it was. */
  close(): Promise<undefined> {
    this.#timer?.cancel();
    this.#tick?.cancel();
    this.#options.stream.off('resize', this.#changed);
    this.#keyboard?.close();
    this.#keyboard = undefined;
    this.#block.clear();
    this.#test = undefined;
    return Promise.resolve(undefined);
  }

  #everySecond(test: LiveTest): void {
    this.#drawSoon();
    const nowNs = test.clock.nowNs();
    this.#tick = test.clock.at(nowNs - (nowNs % tickNs) + tickNs, () => this.#everySecond(test));
  }

  /** Several things that happen at once are one frame. */
  #drawSoon(): void {
    if (this.#test === undefined || this.#timer !== undefined) return;
    const { clock } = this.#test;
    this.#timer = clock.at(Math.max(clock.nowNs(), this.#drawnNs + frameNs), () => {
      this.#timer = undefined;
      this.#drawnNs = clock.nowNs();
      this.#draw();
    });
  }

  #draw(): void {
    const run = this.#run!;
    const keys = this.#keys;
    const { rows, head, ended } = run;
    const picture = {
      head,
      rows,
      ended,
      chosen: keys?.see(rows)?.statementId,
      firstRow: this.#firstRow,
      ...(keys !== undefined && { prompt: keys.prompt }),
      ...(keys?.listed === true && { keys: keyTable }),
    };
    const { stream, color } = this.#options;
    const { lines, firstRow } = drawRun(picture, { ...sizeOf(stream), color });
    this.#firstRow = firstRow;
    this.#block.draw(lines);
  }
}
