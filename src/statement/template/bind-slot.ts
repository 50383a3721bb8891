import { nearestWord } from '../../lexer/nearest-word.ts';
import { parseCount, parseNumber } from '../../lexer/scalar.ts';
import type { ChoiceSlot, Slot, ValueSlot } from '../../parser/ast.ts';
import type { TemplateContext } from '../load-options.ts';
import { argumentKinds, type ArgumentValue } from './arguments.ts';
import {
  ArgumentProblem,
  listed,
  type Cell,
  type Extent,
  type Made,
  type Makings,
  type Shape,
} from './cell.ts';
import { collectionValues } from './collection.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import { slotFunctions, slotTypes, type Range, type SlotTypeDefinition } from './matrix.ts';
import { signature } from './matrix-reference.ts';
import { plainText } from '../../parser/text.ts';
import { printSlot } from '../../parser/print-words.ts';
import { resolveType, type ResolvedType } from './slot-type.ts';
import type { Values } from './values.ts';
import type { StressKeys } from './stress/stress-keys.ts';
import { WordStream } from './word-stream.ts';

/** A slot with its names resolved and its arguments read. */
export interface BoundSlot {
  readonly node: ValueSlot | ChoiceSlot;
  /** Undefined for a choice. */
  readonly type: SlotTypeDefinition | undefined;
  /** Its type with the types of its elements; undefined for a choice. */
  readonly resolved: ResolvedType | undefined;
  readonly values: Values;
  readonly made: Made;
  /** Number of values of a bounded slot. */
  readonly count: number | undefined;
  /** The values below the count all differ. */
  readonly distinct: boolean;
  /** A random draw by weights. */
  readonly weighted: boolean;
  /** Takes a value a turn instead of a value an item. */
  readonly ofTurn: boolean;
  /** Why the first `ranks` values do not all fit the type, in words that follow the slot's text. */
  overflow(ranks: number): string | undefined;
}

/** What the slots of one template have in common. */
export interface SlotScope {
  readonly statement: string;
  readonly protocol: 'line' | 'cql';
  readonly context: TemplateContext;
  readonly diagnostics: DiagnosticList;
  readonly stressKeys: StressKeys;
  /** Where a slot stands, in words such as `column day`. */
  placeOf(slot: Slot): string | undefined;
}

/** Resolves a slot; `ordinal` is its number among the template's slots. Undefined after an error. */
export function bindSlot(
  node: ValueSlot | ChoiceSlot,
  ordinal: number,
  scope: SlotScope,
): BoundSlot | undefined {
  return node.kind === 'choice-slot' ? bindChoice(node, ordinal, scope) : bindValue(node, ordinal, scope);
}

function bindChoice(node: ChoiceSlot, ordinal: number, scope: SlotScope): BoundSlot | undefined {
  const stream = new WordStream(scope.context.seed, scope.statement, ordinal);
  const texts = node.options.map((option) => plainText(option.text));
  const [called] = texts.length === 1 ? (/^\w+(?=\()/.exec(texts[0]!.toLowerCase()) ?? []) : [];
  const isFunction = called !== undefined && Object.hasOwn(slotFunctions, called);
  if (isFunction || (called !== undefined && Object.hasOwn(slotTypes, called))) {
    scope.diagnostics.error(
      isFunction ? 'T001' : 'T002',
      node.span,
      `[${texts[0]}] has no ${isFunction ? 'type' : 'function'}`,
      { hint: 'a slot is a type and a function, such as [int rand(10)]' },
    );
    return undefined;
  }
  const weighted = node.options.some((option) => option.weight !== undefined);
  const weights = node.options.map(({ weight }) => {
    if (weight === undefined) return 1;
    const value = parseNumber(plainText(weight));
    if (value !== undefined && value > 0) return value;
    scope.diagnostics.error('T017', weight.span, `the weight ${plainText(weight)} is not a number above 0`);
    return 1;
  });
  const made = listed(texts, weighted ? weights : undefined, stream);
  return {
    node,
    type: undefined,
    resolved: undefined,
    values: made.values,
    made,
    count: weighted ? undefined : texts.length,
    distinct: made.different !== undefined,
    weighted,
    ofTurn: false,
    overflow: () => undefined,
  };
}

function bindValue(node: ValueSlot, ordinal: number, scope: SlotScope): BoundSlot | undefined {
  const { diagnostics } = scope;
  const type = resolveType(node.type, diagnostics);
  const given = readCount(node, diagnostics);
  if (type === undefined || given === 'wrong') return undefined;
  const made = new ValueMaker(node, given, scope).make(type, [ordinal], 0);
  if (made === undefined) return undefined;
  const name = node.function.name.toLowerCase();
  if (name === 'now')
    diagnostics.warning('W105', node.function.span, `${printSlot(node)} gives other values in every run`);

  const limit = made.different ?? Infinity;
  if (given !== undefined && given > limit)
    diagnostics.warning(
      'W102',
      node.count!.span,
      `${printSlot(node)} has ${limit} different values, not ${given}`,
      { hint: `it counts as ${limit}` },
    );
  const known = given ?? (made.bounds === true ? made.values.texts!.length : undefined);
  const count = known === undefined ? undefined : Math.min(known, limit);
  const range = type.definition.range?.[scope.protocol];
  return {
    node,
    type: type.definition,
    resolved: type,
    values: made.values,
    made,
    count,
    distinct: made.different !== undefined && count !== undefined,
    weighted: made.weighted ?? false,
    ofTurn: name === 'seq',
    overflow: (ranks) => overflow(made, range, ranks),
  };
}

function holds([smallest, largest]: Range, value: string): boolean {
  return BigInt(value) >= smallest && BigInt(value) <= largest;
}

/** Values past the type's end go on from its other end, or stay there. */
function extent(made: Made, { smallest, largest }: Makings): (ranks: number) => Extent {
  return (ranks) => {
    const [low, high] = made.range?.(ranks) ?? [smallest, largest];
    return low < smallest || high > largest ? [smallest, largest] : [low, high];
  };
}

function overflow(made: Made, range: Range | undefined, ranks: number): string | undefined {
  const numbers = made.range?.(ranks);
  if (numbers === undefined || range === undefined) return undefined;
  const wrong = numbers.find((number) => number < Number(range[0]) || number > Number(range[1]));
  return wrong === undefined ? undefined : `reaches ${wrong}, outside ${range[0]} to ${range[1]}`;
}

function readCount(node: ValueSlot, diagnostics: DiagnosticList): number | undefined | 'wrong' {
  if (node.count === undefined) return undefined;
  const text = plainText(node.count);
  const count = parseCount(text);
  if (count !== undefined && Number.isSafeInteger(count)) return count === 0 ? undefined : count;
  diagnostics.error('T005', node.count.span, `${text} is not a number of values`, {
    expected: ['a whole number; 0 or nothing for no bound'],
  });
  return 'wrong';
}

type Limits = Pick<Makings, 'smallest' | 'largest' | 'read' | 'expected'>;

const limits = { line: new Map<SlotTypeDefinition, Limits>(), cql: new Map<SlotTypeDefinition, Limits>() };

/** What a type holds, the same for all of its slots. */
function limitsOf(definition: SlotTypeDefinition, protocol: SlotScope['protocol']): Limits {
  const known = limits[protocol].get(definition);
  if (known !== undefined) return known;
  const range = definition.range?.[protocol];
  const made: Limits = {
    smallest: Math.max(Number(range?.[0] ?? -Infinity), -Number.MAX_SAFE_INTEGER),
    largest: Math.min(Number(range?.[1] ?? Infinity), Number.MAX_SAFE_INTEGER),
    read: (text) => {
      const value = definition.read(text);
      return value !== undefined && (range === undefined || holds(range, value)) ? value : undefined;
    },
    expected:
      range === undefined ? definition.expected : `${definition.expected} from ${range[0]} to ${range[1]}`,
  };
  limits[protocol].set(definition, made);
  return made;
}

/** Makes the values of one slot: those of its type, or of the elements of its collection. */
class ValueMaker {
  readonly #node: ValueSlot;
  readonly #count: number | undefined;
  readonly #scope: SlotScope;

  constructor(node: ValueSlot, count: number | undefined, scope: SlotScope) {
    this.#node = node;
    this.#count = count;
    this.#scope = scope;
  }

  /** Every element has a stream of its own at `path`; undefined after an error, told once for all elements. */
  make(type: ResolvedType, path: readonly number[], element: number): Made | undefined {
    const functions: Partial<Record<string, Cell>> = type.definition.functions;
    if (type.definition.elements === undefined || Object.hasOwn(functions, this.#function))
      return this.#scalar(type, path, element);
    const elements: Made[] = [];
    for (let at = 0; at < type.size; at++) {
      for (const [which, of] of type.of.entries()) {
        const made = this.make(of, [...path, at, which], element * type.size + at);
        if (made === undefined) return undefined;
        elements.push(made);
      }
    }
    return collectionValues(type, elements);
  }

  #scalar(type: ResolvedType, path: readonly number[], element: number): Made | undefined {
    const { context, diagnostics, protocol, statement } = this.#scope;
    const { function: call } = this.#node;
    const { definition } = type;
    const cell = this.#cell(type);
    const read = cell === undefined ? undefined : this.#arguments(type.name, cell);
    if (read === undefined) return undefined;
    const { smallest, largest, expected, read: readValue } = limitsOf(definition, protocol);
    const makings: Makings = {
      stream: new WordStream(context.seed, statement, ...path),
      count: this.#count,
      smallest,
      largest,
      element,
      startMs: context.startMs,
      read: readValue,
      expected,
      readFile: context.readFile,
      resolved: type,
      stressKeys: this.#scope.stressKeys,
    };
    const made = read.shape.make(makings, read.values);
    if (!(made instanceof ArgumentProblem))
      return definition.read === slotTypes.int.read ? { ...made, extent: extent(made, makings) } : made;
    const argument = call.arguments[made.argument];
    const text = argument === undefined ? call.name : `'${plainText(argument.text)}'`;
    const where = this.#scope.placeOf(this.#node);
    const slot = where === undefined ? printSlot(this.#node) : `${where}, ${printSlot(this.#node)}`;
    return diagnostics.error('T004', (argument ?? call).span, `${slot}: ${text} ${made.message}`);
  }

  get #function(): string {
    return this.#node.function.name.toLowerCase();
  }

  #cell(type: ResolvedType): Cell | undefined {
    const { function: call } = this.#node;
    const name = this.#function;
    const functions: Partial<Record<string, Cell>> = type.definition.functions;
    if (Object.hasOwn(functions, name)) return functions[name];
    const exists = Object.hasOwn(slotFunctions, name);
    const suggestion = exists ? undefined : nearestWord(name, Object.keys(slotFunctions));
    const message = exists ? `${type.name} has no function '${name}'` : `there is no function '${call.name}'`;
    return this.#scope.diagnostics.error('T002', call.span, message, {
      expected: Object.keys(functions),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }

  #arguments(type: string, cell: Cell): { shape: Shape; values: readonly ArgumentValue[] } | undefined {
    const { diagnostics } = this.#scope;
    const { name, arguments: given, span } = this.#node.function;
    const shape = cell.find(
      ({ parameters, required }) => given.length <= parameters.length && given.length >= required,
    );
    if (shape === undefined) {
      const number = `${given.length} argument${given.length === 1 ? '' : 's'}`;
      return diagnostics.error('T003', span, `${name} of ${type} does not take ${number}`, {
        expected: cell.map((each) => signature(name, each)),
      });
    }
    const values: ArgumentValue[] = [];
    for (const [index, parameter] of shape.parameters.entries()) {
      const argument = given[index];
      const text = argument === undefined ? parameter.default! : plainText(argument.text);
      const kind = argumentKinds[parameter.kind];
      const value = kind.read(text);
      if (value !== undefined) values.push(value);
      else
        diagnostics.error('T004', argument!.span, `${parameter.name} of ${name} can not be '${text}'`, {
          expected: [kind.expected],
        });
    }
    return values.length === shape.parameters.length ? { shape, values } : undefined;
  }
}
