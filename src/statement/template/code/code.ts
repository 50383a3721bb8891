import type { WordStream } from '../word-stream.ts';

/** What a slot's rank is called in straight-line code. */
export interface RankName {
  /** An expression without side effects. */
  readonly text: string;
  /** No rank is as large; Infinity where only time ends the statement. */
  readonly below: number;
  /** It is the item's index. */
  readonly isIndex: boolean;
}

/** How straight-line code makes a number from a rank: an expression, of constants and variables that it adds. */
export type NumberCode = (code: Code, rank: RankName) => string | undefined;

const blockSize = 4294967296;
/** They take 8 bytes of the stack each, which has less than 1 MB. */
const variablesAtMost = 32_768;

/**
 * A function's text under construction. What it is made of is numbers and names of constants: no text of a
 * script ever becomes part of it.
 */
export class Code {
  /** With the number in its name. */
  readonly #constants = new Map<unknown, number>();
  readonly #declarations = new Set<string>();
  readonly #entries = new Set<string>();
  #lines: string[] = [];
  #names = 0;

  /** The name of a value that the function closes over. */
  constant(value: unknown): string {
    const at = this.#constants.get(value) ?? this.#constants.size;
    this.#constants.set(value, at);
    return `c${at}`;
  }

  /** A line of the body. */
  line(text: string): void {
    this.#lines.push(text);
  }

  /** A new variable of the body, with its value. */
  variable(value: string): string {
    const name = `v${this.#names++}`;
    this.line(`const ${name} = ${value};`);
    return name;
  }

  /** A declaration that the function closes over, once. */
  declare(text: string): void {
    this.#declarations.add(text);
  }

  /**
   * 32 random bits as an expression that is an integer of either sign: the word of `stream` at a rank, in a
   * lane, which is a number or the name of a variable. Undefined where the rank may pass the first block of 2^32
   * and is not the index.
   */
  word(stream: WordStream, rank: RankName, lane: number | string): string | undefined {
    if (!rank.isIndex && rank.below > blockSize) return undefined;
    const source = this.constant(stream);
    const [first, second] = rank.isIndex
      ? [`${source}first`, `${source}second`]
      : [`${source}low`, `${source}high`];
    this.declare(`let [${first}, ${second}] = ${source}.keys(0);`);
    if (rank.isIndex) {
      this.#entries.add(`[${first}, ${second}] = ${source}.keys(block);`);
    }
    const laneKey = typeof lane === 'string' ? `Math.imul(${lane}, 0x9e3779b1)` : Math.imul(lane, 0x9e3779b1);
    // As WordStream.word does it.
    const a = this.variable(`(${rank.text} | 0) ^ ${first}`);
    const b = this.variable(`Math.imul(${a} ^ (${a} >>> 17), 0xed5ad4bb)`);
    const c = this.variable(`((${b} ^ (${b} >>> 11)) + (${second} ^ ${laneKey})) | 0`);
    const d = this.variable(`Math.imul(${c} ^ (${c} >>> 15), 0xac4c1b51)`);
    const e = this.variable(`Math.imul(${d} ^ (${d} >>> 15), 0x31848bab)`);
    return `(${e} ^ (${e} >>> 14))`;
  }

  /** A whole number from 0 to `size` - 1, as WordStream.below draws it. */
  below(size: number, stream: WordStream, rank: RankName, lane: number): string | undefined {
    const high = this.word(stream, rank, lane);
    if (high === undefined) return undefined;
    if (size <= 65536) return this.variable(`Math.floor((${high} >>> 0) / ${blockSize} * ${size})`);
    const low = this.word(stream, rank, lane + 1)!;
    const unit = `((${high} >>> 5) * 67108864 + (${low} >>> 6)) / 9007199254740992`;
    return this.variable(`Math.floor(${unit} * ${size})`);
  }

  /** Lines that make ready for the block of 2^32 that an index is in. */
  enterBlock(index: string): string {
    return `{ const next = Math.floor(${index} / ${blockSize}); if (next !== block) enter(next); }`;
  }

  /** Lines that `write` adds, as a text of their own. */
  apart(write: () => void): string {
    const lines = this.#lines;
    this.#lines = [];
    write();
    const text = this.#lines.join('\n');
    this.#lines = lines;
    return text;
  }

  /**
   * The function with these parameters, which may use what was declared, and must begin with `enterBlock`;
   * undefined where Node was told to make no code from text, and where the stack would not hold its variables.
   */
  finish<Made extends (...given: never[]) => unknown>(parameters: readonly string[]): Made | undefined {
    if (this.#names > variablesAtMost) return undefined;
    const names = Array.from(this.#constants.values(), (at) => `c${at}`);
    const text = `'use strict';
let block = 0;
${[...this.#declarations].join('\n')}
function enter(next) { block = next; ${[...this.#entries].join(' ')} }
return function (${parameters.join(', ')}) {
${this.#lines.join('\n')}
};`;
    try {
      // The text holds numbers and names of ours only; what a script says is in the constants.
      // oxlint-disable-next-line no-new-func
      return new Function(...names, text)(...this.#constants.keys()) as Made;
    } catch (error) {
      if (error instanceof EvalError) return undefined;
      throw error;
    }
  }
}
