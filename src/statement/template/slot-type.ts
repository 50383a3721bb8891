import { nearestWord } from '../../lexer/nearest-word.ts';
import { parseCount } from '../../lexer/scalar.ts';
import type { SlotType } from '../../parser/ast.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import { slotTypes, type SlotTypeDefinition } from './matrix.ts';
import { plainText } from '../../parser/text.ts';

/** A type with its names resolved. */
export interface ResolvedType {
  readonly name: string;
  readonly definition: SlotTypeDefinition;
  /** Elements of a collection; 0 otherwise. */
  readonly size: number;
  readonly of: readonly ResolvedType[];
}

const typeNames = new Map<string, SlotTypeDefinition>();
for (const [name, definition] of Object.entries<SlotTypeDefinition>(slotTypes))
  for (const each of [name, ...definition.aliases]) typeNames.set(each, definition);

const largestCollection = 65_535;

/** Resolves a type and those of its elements; undefined after an error. */
export function resolveType(node: SlotType, diagnostics: DiagnosticList): ResolvedType | undefined {
  const name = node.name.toLowerCase();
  const definition = typeNames.get(name);
  if (definition === undefined) {
    const suggestion = nearestWord(name, typeNames.keys());
    // A parameter has no name that is known to the grammar.
    const problem = name === '' ? 'a slot’s type can not be a parameter' : `there is no type '${node.name}'`;
    return diagnostics.error('T001', node.span, problem, {
      expected: Object.keys(slotTypes),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
  const { elements } = definition;
  if (elements === undefined) {
    if (node.size === undefined && node.of.length === 0) return { name, definition, size: 0, of: [] };
    return diagnostics.error('T018', node.span, `${name} takes neither a size nor types`, {
      expected: [name],
    });
  }
  const size = node.size === undefined ? undefined : parseCount(plainText(node.size));
  const [fewest, most] = elements.types;
  if (
    size === undefined ||
    size < 1 ||
    size > largestCollection ||
    node.of.length < fewest ||
    node.of.length > most
  ) {
    return diagnostics.error(
      'T018',
      node.span,
      `${name} needs a size from 1 to ${largestCollection} and its types`,
      {
        expected: [
          { list: 'list(3) of int', set: 'set(3) of int', map: 'map(2) of text, double' }[name] ??
            'vector(8)',
        ],
      },
    );
  }
  const of = node.of.map((type) => resolveType(type, diagnostics));
  if (of.some((type) => type === undefined)) return undefined;
  const resolved = of.filter((type) => type !== undefined);
  const float: ResolvedType = { name: 'float', definition: slotTypes.float, size: 0, of: [] };
  return { name, definition, size, of: resolved.length === 0 ? [float] : resolved };
}
