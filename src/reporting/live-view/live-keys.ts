import { formatPerSecond } from '../../stress-client/units.ts';
import type { LiveRow, LiveTest } from './live-run.ts';

/** A key as `node:readline` tells it. */
export interface Key {
  /** Such as `up`, `return`, `c`. */
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  /** The characters that the terminal sent. */
  readonly sequence: string;
}

/** Keys, and what they do. */
export const keyTable: readonly (readonly [key: string, what: string])[] = [
  ['space, p', 'hold all load, and let it go on'],
  ['↑ ↓, k j', 'choose a statement'],
  ['+ -', 'raise or lower its rate by a tenth'],
  ['number, Enter', 'give it this rate, items a second'],
  ['e, y', 'end it'],
  ['q, Ctrl-C', 'interrupt the run; again: at once'],
  ['?', 'this list'],
];

const hint = 'space holds  ↑↓ choose  + - number: rate  e ends  ? keys  q quits';

/**
 * What keys do to a run: one statement is chosen, and what is typed is about it. What comes of a key stands in `prompt`
 * until the next.
 */
export class LiveKeys {
  readonly #test: LiveTest;
  readonly #rows: () => readonly LiveRow[];
  readonly #interrupt: () => void;
  #chosen: string | undefined;
  /** Digits so far. */
  #number = '';
  /** The statement that `y` ends. */
  #ending: LiveRow | undefined;
  #said: string | undefined;
  #listed = false;

  constructor(
    test: LiveTest,
    {
      rows,
      interrupt,
    }: {
      /** As they are shown now. */
      readonly rows: () => readonly LiveRow[];
      /** What Ctrl-C does. */
      readonly interrupt: () => void;
    },
  ) {
    this.#test = test;
    this.#rows = rows;
    this.#interrupt = interrupt;
  }

  /** What keys are about: the statement that was chosen while it runs, else the first. */
  chosenOf(rows: readonly LiveRow[]): LiveRow | undefined {
    const own = rows.filter(({ isMember }) => !isMember);
    return own.find(({ statementId }) => statementId === this.#chosen) ?? own[0];
  }

  /** Whether the keys are to be shown. */
  get listed(): boolean {
    return this.#listed;
  }

  get prompt(): string {
    if (this.#number !== '') return `rate: ${this.#number}/s   Enter sets it, Esc does not`;
    if (this.#ending !== undefined) return `end ${this.#ending.name}? y ends it, any other key does not`;
    return this.#said ?? hint;
  }

  press(key: Key): void {
    if ((key.ctrl === true && key.name === 'c') || key.sequence === 'q') return this.#interrupt();
    const ending = this.#ending;
    const number = this.#number;
    this.#said = undefined;
    this.#ending = undefined;
    if (ending !== undefined) return key.sequence === 'y' ? this.#end(ending) : undefined;
    if (/^[\d.]$/.test(key.sequence)) {
      this.#number += key.sequence;
      return;
    }
    this.#number = '';
    if (number !== '') return this.#typed(number, key);
    const listed = this.#listed;
    this.#listed = key.sequence === '?' && !listed;
    this.#act(key);
  }

  #act({ name, sequence }: Key): void {
    switch (name === 'up' || name === 'down' ? name : sequence) {
      case ' ':
      case 'p':
        return this.#test.hold(!this.#test.isHeld);
      case 'up':
      case 'k':
        return this.#choose(-1);
      case 'down':
      case 'j':
        return this.#choose(1);
      case '+':
      case '=':
        return this.#changeBy(1.1);
      case '-':
        return this.#changeBy(0.9);
      case 'e':
        this.#ending = this.chosenOf(this.#rows());
    }
  }

  #typed(number: string, key: Key): void {
    if (key.name === 'backspace') this.#number = number.slice(0, -1);
    else if (key.name === 'return' || key.name === 'enter') this.#changeTo(Number(number));
    else if (key.name !== 'escape') this.#number = number;
  }

  #choose(step: number): void {
    const own = this.#rows().filter(({ isMember }) => !isMember);
    const at = own.findIndex(({ statementId }) => statementId === this.chosenOf(own)?.statementId);
    this.#chosen = own[Math.max(0, Math.min(own.length - 1, at + step))]?.statementId;
  }

  #changeBy(factor: number): void {
    const row = this.chosenOf(this.#rows());
    if (row === undefined) return;
    const rate = this.#test.rateOf(row.statementId) ?? 1;
    // A tenth more and a tenth less, again and again, would end in digits that nobody asked for.
    this.#changeTo(Number((rate * factor).toPrecision(4)));
  }

  #changeTo(itemsPerSecond: number): void {
    const row = this.chosenOf(this.#rows());
    if (row === undefined) return;
    this.#chosen = row.statementId;
    const why = this.#test.changeRate(row.statementId, itemsPerSecond);
    this.#said = `${row.name}: ${why ?? `${formatPerSecond(itemsPerSecond)}/s from now on`}`;
  }

  #end({ statementId, name }: LiveRow): void {
    this.#test.endStatement(statementId, 'ended from the terminal');
    this.#said = `${name}: ending`;
  }
}
