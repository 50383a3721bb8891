import { cqlTypeText, type CqlType } from '../../../stress-client/cql-type.ts';
import { writeBytes } from '../bytes.ts';
import type { ValueEncoder, ValueSource } from '../value-source.ts';
import {
  listEncoder,
  mapEncoder,
  nullEncoder,
  setEncoder,
  tupleEncoder,
  vectorEncoder,
} from './collection-encoder.ts';
import type { LiteralTree } from './literal-tree.ts';
import type { Misfit } from './native-encoder.ts';
import { readConstant } from './read-constant.ts';

type Tree = LiteralTree<ValueSource>;

/** Fits a literal to a type; what does not fit is told in words that follow the literal's text. */
export function literalEncoder(tree: Tree, type: CqlType): ValueEncoder | Misfit {
  try {
    return encoderOf(tree, type);
  } catch (error) {
    if (error instanceof LiteralMisfit) return error.misfit;
    throw error;
  }
}

class LiteralMisfit {
  readonly misfit: Misfit;
  constructor(misfit: Misfit) {
    this.misfit = misfit;
  }
}

function fail(problem: string, hint?: string): never {
  throw new LiteralMisfit(hint === undefined ? { problem } : { problem, hint });
}

function encoderOf(tree: Tree, type: CqlType): ValueEncoder {
  if (tree.kind === 'value') {
    const encoder = tree.value.encoder(type);
    if ('problem' in encoder)
      return fail(`holds ${tree.value.text}, and that ${encoder.problem}`, encoder.hint);
    return encoder;
  }
  if (tree.kind === 'constant') return constantEncoder(tree.text, tree.quoted, type);
  const of = (elements: readonly Tree[], each: CqlType): readonly ValueEncoder[] =>
    elements.map((element) => notNull(element, each));
  switch (type.kind) {
    case 'list':
      if (tree.kind === 'list') return listEncoder(of(tree.of, type.of));
      break;
    case 'set':
      if (tree.kind === 'set') return setEncoder(of(tree.of, type.of));
      break;
    case 'map':
      if (tree.kind === 'set' && tree.of.length === 0) return mapEncoder([]);
      if (tree.kind === 'map')
        return mapEncoder(
          tree.of.map(([key, value]) => [notNull(key, type.key), notNull(value, type.value)]),
        );
      break;
    case 'vector':
      if (tree.kind !== 'list') break;
      if (tree.of.length !== type.size)
        fail(`has ${tree.of.length} elements, where ${cqlTypeText(type)} has ${type.size}`);
      return vectorEncoder(of(tree.of, type.of), type.of);
    case 'tuple':
      if (tree.kind !== 'tuple') break;
      if (tree.of.length > type.of.length)
        fail(`has ${tree.of.length} elements, where ${cqlTypeText(type)} has ${type.of.length}`);
      return tupleEncoder(
        type.of.map((each, at) => (tree.of[at] === undefined ? nullEncoder : encoderOf(tree.of[at], each))),
      );
    case 'udt':
      if (tree.kind === 'map' || (tree.kind === 'set' && tree.of.length === 0))
        return fieldsEncoder(tree.kind === 'map' ? tree.of : [], type);
      break;
    default:
      break;
  }
  return fail(`is a literal of a ${tree.kind}, which can not become ${cqlTypeText(type)}`);
}

function notNull(tree: Tree, type: CqlType): ValueEncoder {
  if (isNull(tree)) fail('has null in a collection, which CQL does not have');
  return encoderOf(tree, type);
}

function isNull(tree: Tree): boolean {
  return tree.kind === 'constant' && !tree.quoted && tree.text.toLowerCase() === 'null';
}

/** Fields that are not named are null. */
function fieldsEncoder(
  entries: readonly (readonly [Tree, Tree])[],
  type: CqlType & { kind: 'udt' },
): ValueEncoder {
  const given = new Map<string, Tree>();
  for (const [key, value] of entries) {
    const name = key.kind === 'constant' && !key.quoted ? fieldName(key.text) : undefined;
    if (name === undefined || !type.fields.some((field) => field.name === name))
      fail(
        `has ${name === undefined ? 'a key that is no name' : `the field ${name}`}, which ${type.name} does not have`,
        `${type.name} has ${type.fields.map((field) => field.name).join(', ')}`,
      );
    given.set(name!, value);
  }
  return tupleEncoder(
    type.fields.map((field) => {
      const value = given.get(field.name);
      return value === undefined ? nullEncoder : encoderOf(value, field.type);
    }),
  );
}

/** An unquoted name means its lower case. */
function fieldName(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
}

function constantEncoder(text: string, quoted: boolean, type: CqlType): ValueEncoder {
  if (!quoted && text.toLowerCase() === 'null') return nullEncoder;
  const isText = type.kind === 'native' && (type.name === 'text' || type.name === 'ascii');
  const bytes =
    type.kind === 'native' && (quoted || !isText)
      ? readConstant(type.name, text)
      : type.kind === 'custom' && !quoted
        ? readConstant('blob', text)
        : undefined;
  if (bytes === undefined)
    return fail(`has ${quoted ? `'${text}'` : text}, which can not become ${cqlTypeText(type)}`);
  return {
    bytesAtMost: bytes.length,
    write: (_, staging, offset) => writeBytes(bytes, staging, offset),
  };
}
