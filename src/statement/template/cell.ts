import { parseNumber } from '../../lexer/scalar.ts';
import {
  parameter,
  type ArgumentValue,
  type Parameter,
  type ParameterText,
  type ValuesOf,
} from './arguments.ts';
import { permutation } from './permutation.ts';
import { tableValues, type Values } from './values.ts';
import { weightedDraw } from './weights.ts';
import type { NumberCode } from './code/code.ts';
import type { ResolvedType } from './slot-type.ts';
import type { StressKeys } from './stress/stress-keys.ts';
import type { WordStream } from './word-stream.ts';

/** What a slot's values are made from, besides the arguments. */
export interface Makings {
  readonly stream: WordStream;
  /** Number of different values asked for; undefined: unbounded. */
  readonly count: number | undefined;
  /** Whole numbers that the type holds. */
  readonly smallest: number;
  readonly largest: number;
  /** The element of a collection that these values are for; 0 otherwise. */
  readonly element: number;
  /** Start of the run in milliseconds since 1970. */
  readonly startMs: number;
  /** Reads one value of the type from a text, as its canonical text. */
  readonly read: (text: string) => string | undefined;
  readonly expected: string;
  /** The type of the values. */
  readonly resolved: ResolvedType;
  /** What cassandra-stress has for the key of the template's items. */
  readonly stressKeys: StressKeys;
  readFile(name: string): { readonly text: string } | { readonly problem: string };
}

export interface Made {
  readonly values: Values;
  /**
   * How many different values the function has; ranks below it all give different ones. Undefined where two
   * ranks may give the same, as draws do.
   */
  readonly different: number | undefined;
  /** A known list, which bounds the slot without a count. */
  readonly bounds?: boolean;
  /** A draw by weights, whatever the rank. */
  readonly weighted?: boolean;
  /** The smallest and largest number among the first `ranks` (may be Infinity), where that is told by the arguments. */
  range?(ranks: number): Extent;
  /** Of whole numbers: what the first `ranks` (may be Infinity) lie within, the type's end included. */
  extent?(ranks: number): Extent;
  /** Of a collection: what each element is made of; of a map, keys and values by turns. */
  readonly elements?: readonly Made[];
}

/** Both included. */
export type Extent = readonly [smallest: number, largest: number];

/** What is wrong with an argument, in words that follow its text. */
export class ArgumentProblem {
  readonly argument: number;
  readonly message: string;
  constructor(argument: number, message: string) {
    this.argument = argument;
    this.message = message;
  }
}

/** One way to call a function. */
export interface Shape {
  readonly parameters: readonly Parameter[];
  /** How many of them have no default. */
  readonly required: number;
  readonly doc: string;
  make(makings: Makings, values: readonly ArgumentValue[]): Made | ArgumentProblem;
}

/** A cell of the matrix: the ways to call one function for one type. */
export type Cell = readonly Shape[];

/** Declares a shape: `make` gets what the readers of the parameters' kinds have read. */
export function shape<const Texts extends readonly ParameterText[]>(
  parameters: Texts,
  doc: string,
  make: (makings: Makings, ...values: ValuesOf<Texts>) => Made | ArgumentProblem,
): Shape {
  const read = parameters.map(parameter);
  return {
    parameters: read,
    required: read.filter((each) => each.default === undefined).length,
    doc,
    // The reader of each parameter's kind gives what the kind's type says.
    make: (makings, values) => make(makings, ...(values as ValuesOf<Texts>)),
  };
}

/* What several types share. */

/** More different values than anything asks for. */
export const unbounded = Number.MAX_SAFE_INTEGER;

/** `const`: a text that the type reads. */
export function constant(): Cell {
  return [
    shape(['value: text'], 'always this value', (makings, text) => {
      const value = makings.read(text);
      if (value === undefined) return new ArgumentProblem(0, `is not ${makings.expected}`);
      const number = parseNumber(value);
      return {
        values: tableValues([value], () => 0, number === undefined ? undefined : [number]),
        different: 1,
      };
    }),
  ];
}

/** `each`: values with commas between. */
export function eachOf(): Cell {
  return [
    shape(['values: text'], 'these values in turn, with commas between', (makings, given) => {
      const texts: string[] = [];
      for (const text of given.split(',')) {
        const value = makings.read(text.trim());
        if (value === undefined)
          return new ArgumentProblem(0, `has '${text.trim()}', which is not ${makings.expected}`);
        texts.push(value);
      }
      return listed(texts, undefined, makings.stream);
    }),
  ];
}

/** `file`: lines of a file, each with an optional `*weight`. */
export function fromFile(): Cell {
  return [
    shape(
      ['name: file'],
      'a value a line of the file, in order; lines may end with `*weight`, which makes it a draw',
      (makings, name) => {
        const file = makings.readFile(name);
        if ('problem' in file) return new ArgumentProblem(0, `can not be read: ${file.problem}`);
        const texts: string[] = [];
        const weights: number[] = [];
        let weighted = false;
        for (const [index, line] of file.text.split(/\r?\n/).entries()) {
          if (line.trim() === '') continue;
          const [, text = '', weight] = /^(.*?)(?:(?<!\\)\*(\d+(?:\.\d+)?))?$/.exec(line.trim())!;
          const value = makings.read(text.replaceAll('\\*', '*'));
          if (value === undefined)
            return new ArgumentProblem(
              0,
              `has '${text}' in line ${index + 1}, which is not ${makings.expected}`,
            );
          texts.push(value);
          weights.push(Number(weight ?? 1));
          weighted ||= weight !== undefined;
        }
        if (texts.length === 0) return new ArgumentProblem(0, 'has no lines');
        return listed(texts, weighted ? weights : undefined, makings.stream);
      },
    ),
  ];
}

/** A list of texts as values: in order, or drawn by weights. */
export function listed(
  texts: readonly string[],
  weights: readonly number[] | undefined,
  stream: WordStream,
): Made {
  const numbers = texts.map(parseNumber);
  const known = numbers.every((number) => number !== undefined) ? numbers : undefined;
  if (weights !== undefined)
    return {
      values: tableValues(texts, weightedDraw(weights, stream), known),
      different: undefined,
      weighted: true,
    };
  const size = texts.length;
  return {
    values: tableValues(texts, size === 1 ? () => 0 : (rank) => rank % size, known),
    different: new Set(texts).size === size ? size : undefined,
    bounds: true,
  };
}

/** Draws from `size` values: independent ones, or for a bounded slot a permutation, all different. */
export function draw({ stream, count }: Makings, size: number): (rank: number) => number {
  return count === undefined ? (rank) => stream.below(size, rank, 0) : permutation(size, stream);
}

/** The same in straight-line code, for slots whose draws are independent. */
export function drawCode({ stream, count }: Makings, size: number, first: number): NumberCode | undefined {
  if (count !== undefined) return undefined;
  return (code, rank) => {
    const drawn = code.below(size, stream, rank, 0);
    return drawn === undefined ? undefined : `(${first} + ${drawn})`;
  };
}

/** `start + step × (rank + element)` in straight-line code. */
export function countingCode(start: number, step: number, element: number): NumberCode {
  return (_, rank) => `(${start} + ${step} * (${rank.text} + ${element}))`;
}
