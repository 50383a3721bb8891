import { nearestWord } from '../../lexer/nearest-word.ts';
import { parseCount, parseNumber } from '../../lexer/scalar.ts';
import type { ChoiceSlot, ValueSlot } from '../../parser/ast.ts';
import type { TemplateContext } from '../load-options.ts';
import { argumentKinds } from './arguments.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import {
  ArgumentProblem,
  listed,
  slotFunctions,
  slotTypes,
  type Cell,
  type Made,
  type Makings,
  type Shape,
  type SlotTypeDefinition,
} from './matrix.ts';
import { plainText } from './plain-text.ts';
import { slotText } from './slot-text.ts';
import type { Values } from './values.ts';
import { WordStream } from './word-stream.ts';

/** A slot with its names resolved and its arguments read. */
export interface BoundSlot {
  readonly node: ValueSlot | ChoiceSlot;
  /** As written. */
  readonly text: string;
  /** Undefined for a choice. */
  readonly type: SlotTypeDefinition | undefined;
  readonly values: Values;
  /** Number of values of a bounded slot. */
  readonly count: number | undefined;
  /** The values below the count all differ. */
  readonly distinct: boolean;
  /** A random draw by weights. */
  readonly weighted: boolean;
  /** Takes a value a turn instead of a value an item. */
  readonly ofTurn: boolean;
  /** The smallest and largest number among the first `ranks` values, where that may pass what the type holds. */
  readonly range: Made['range'];
}

/** What slots of one template have in common. */
export interface SlotScope {
  readonly statement: string;
  readonly protocol: 'line' | 'cql';
  readonly context: TemplateContext;
  readonly diagnostics: DiagnosticList;
}

const typeNames = new Map<string, SlotTypeDefinition>();
for (const [name, definition] of Object.entries<SlotTypeDefinition>(slotTypes))
  for (const each of [name, ...definition.aliases]) typeNames.set(each, definition);

/** Resolves a slot; `ordinal` is its number among the template's slots. Undefined after an error. */
export function bindSlot(
  node: ValueSlot | ChoiceSlot,
  ordinal: number,
  scope: SlotScope,
): BoundSlot | undefined {
  const stream = new WordStream(scope.context.seed, scope.statement, ordinal);
  return node.kind === 'choice-slot' ? bindChoice(node, stream, scope) : bindValue(node, stream, scope);
}

function bindChoice(node: ChoiceSlot, stream: WordStream, { diagnostics }: SlotScope): BoundSlot | undefined {
  const texts = node.options.map((option) => plainText(option.text));
  const weighted = node.options.some((option) => option.weight !== undefined);
  const weights = node.options.map(({ weight }) => {
    if (weight === undefined) return 1;
    const value = parseNumber(plainText(weight));
    if (value !== undefined && value > 0) return value;
    diagnostics.error('T017', weight.span, `the weight ${plainText(weight)} is not a number above 0`);
    return 1;
  });
  const made = listed(texts, weighted ? weights : undefined, stream);
  return bound(node, undefined, made, weighted ? undefined : texts.length, false);
}

function bound(
  node: ValueSlot | ChoiceSlot,
  type: SlotTypeDefinition | undefined,
  made: Made,
  count: number | undefined,
  ofTurn: boolean,
): BoundSlot {
  return {
    node,
    text: slotText(node),
    type,
    values: made.values,
    count,
    distinct: made.different !== undefined && count !== undefined && count <= made.different,
    weighted: made.weighted ?? false,
    ofTurn,
    range: made.range,
  };
}

function bindValue(node: ValueSlot, stream: WordStream, scope: SlotScope): BoundSlot | undefined {
  const { diagnostics, context, protocol } = scope;
  const type = typeNames.get(node.type.name.toLowerCase());
  if (type === undefined) {
    const suggestion = nearestWord(node.type.name, typeNames.keys());
    return diagnostics.error('T001', node.type.span, `there is no type '${node.type.name}'`, {
      expected: Object.keys(slotTypes),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
  const name = node.function.name.toLowerCase();
  const cell = (type.functions as Partial<Record<string, Cell>>)[name];
  if (cell === undefined) {
    const expected = Object.keys(type.functions);
    const exists = Object.hasOwn(slotFunctions, name);
    const message = exists
      ? `${node.type.name} has no function '${node.function.name}'`
      : `there is no function '${node.function.name}'`;
    const suggestion = exists ? undefined : nearestWord(name, Object.keys(slotFunctions));
    return diagnostics.error('T002', node.function.span, message, {
      expected,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
  const count = readCount(node, diagnostics);
  const call = readArguments(node, cell, diagnostics);
  if (count === 'wrong' || call === undefined) return undefined;

  const range = type.range?.[protocol];
  const makings: Makings = {
    stream,
    count,
    smallest: Math.max(Number(range?.[0] ?? -Infinity), -Number.MAX_SAFE_INTEGER),
    largest: Math.min(Number(range?.[1] ?? Infinity), Number.MAX_SAFE_INTEGER),
    element: 0,
    startMs: context.startMs,
    read: (text) => type.read(text),
    expected: type.expected,
    readFile: (file) => context.readFile(file),
  };
  const made = call.shape.make(makings, call.values);
  if (made instanceof ArgumentProblem) {
    const argument = node.function.arguments[made.argument] ?? node.function;
    const text = argument.kind === 'argument' ? plainText(argument.text) : argument.name;
    return diagnostics.error('T004', argument.span, `${text} ${made.message}`);
  }
  const limit = made.different ?? Infinity;
  if (count !== undefined && count > limit) {
    diagnostics.warning(
      'W102',
      node.count!.span,
      `${slotText(node)} has ${limit} different values, not ${count}`,
      {
        hint: `it counts as ${limit}`,
      },
    );
  }
  const bounds = count ?? (made.bounds === true ? made.different : undefined);
  return bound(node, type, made, bounds === undefined ? undefined : Math.min(bounds, limit), name === 'seq');
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

/** `rand(n)` or `rand(min, max)`: the shapes of a cell, in words. */
export function signatures(name: string, cell: Cell): readonly string[] {
  return cell.map(({ parameters }) => {
    const list = parameters.map((parameter, index) => {
      const comma = index === 0 ? '' : ', ';
      return parameter.default === undefined ? comma + parameter.name : `[${comma}${parameter.name}]`;
    });
    return `${name}(${list.join('')})`;
  });
}

function readArguments(
  node: ValueSlot,
  cell: Cell,
  diagnostics: DiagnosticList,
): { shape: Shape; values: readonly (number | string)[] } | undefined {
  const { name, arguments: given, span } = node.function;
  const shape = cell.find(
    ({ parameters }) =>
      given.length <= parameters.length &&
      given.length >= parameters.filter((each) => each.default === undefined).length,
  );
  if (shape === undefined) {
    const expected = signatures(name, cell as readonly Shape[]);
    const number = `${given.length} argument${given.length === 1 ? '' : 's'}`;
    return diagnostics.error('T003', span, `${name} of ${node.type.name} does not take ${number}`, {
      expected,
    });
  }
  const values: (number | string)[] = [];
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
