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
  readonly #interrupt: () => void;
  /** Those that can be chosen, as they were shown last: a key is about what its reader saw. */
  #rows: readonly LiveRow[] = [];
  #chosen: LiveRow | undefined;
  /** Digits so far, and the statement that they are for. */
  #number = '';
  #numbered: LiveRow | undefined;
  /** The statement that `y` ends. */
  #ending: LiveRow | undefined;
  #said: string | undefined;
  #listed = false;

  /** `interrupt`: what Ctrl-C does. */
  constructor(test: LiveTest, interrupt: () => void) {
    this.#test = test;
    this.#interrupt = interrupt;
  }

  /** Tells which rows are shown, and answers with the one that keys are about: that before, or else the first. */
  see(rows: readonly LiveRow[]): LiveRow | undefined {
    this.#rows = rows.filter(({ role }) => role !== 'member');
    const same = this.#rows.find(({ statementId }) => statementId === this.#chosen?.statementId);
    return (this.#chosen = same ?? this.#rows[0]);
  }

  /** Whether the keys are to be shown. */
  get listed(): boolean {
    return this.#listed;
  }

  get prompt(): string {
    if (this.#numbered !== undefined)
      return `${this.#numbered.name}: ${this.#number}/s? Enter sets it, Esc does not`;
    if (this.#ending !== undefined) return `end ${this.#ending.name}? y ends it, any other key does not`;
    return this.#said ?? hint;
  }

  press(key: Key): void {
    if ((key.ctrl === true && key.name === 'c') || key.sequence === 'q') return this.#interrupt();
    const ending = this.#ending;
    this.#said = undefined;
    this.#ending = undefined;
    if (ending !== undefined) return key.sequence === 'y' ? this.#end(ending) : undefined;
    if (/^[\d.]$/.test(key.sequence)) return this.#type(this.#number + key.sequence);
    if (this.#numbered !== undefined) return this.#afterNumber(this.#numbered, key);
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
        this.#ending = this.#chosen;
    }
  }

  #type(number: string): void {
    this.#numbered = number === '' ? undefined : (this.#numbered ?? this.#chosen);
    this.#number = this.#numbered === undefined ? '' : number;
  }

  #afterNumber(row: LiveRow, key: Key): void {
    const number = this.#number;
    if (key.name === 'backspace') return this.#type(number.slice(0, -1));
    const isSet = key.name === 'return' || key.name === 'enter';
    if (!isSet && key.name !== 'escape') return;
    this.#type('');
    if (isSet) this.#changeTo(row, Number(number));
  }

  #choose(step: number): void {
    const at = this.#rows.findIndex((row) => row === this.#chosen);
    this.#chosen = this.#rows[Math.max(0, Math.min(this.#rows.length - 1, at + step))];
  }

  #changeBy(factor: number): void {
    const row = this.#chosen;
    if (row === undefined) return;
    const rate = this.#test.rateOf(row.statementId) ?? 1;
    // A tenth more and a tenth less, again and again, would end in digits that nobody asked for.
    this.#changeTo(row, Number((rate * factor).toPrecision(4)));
  }

  #changeTo({ statementId, name }: LiveRow, itemsPerSecond: number): void {
    const why = this.#test.changeRate(statementId, itemsPerSecond);
    this.#said = `${name}: ${why ?? `${formatPerSecond(itemsPerSecond)}/s from now on`}`;
  }

  #end({ statementId, name }: LiveRow): void {
    this.#test.endStatement(statementId, 'ended from the terminal');
    this.#said = `${name}: ending`;
  }
}
