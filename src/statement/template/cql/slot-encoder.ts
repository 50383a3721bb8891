import { cqlTypeText, type CqlType } from '../../../stress-client/cql-type.ts';
import type { BoundSlot } from '../bind-slot.ts';
import type { Made } from '../cell.ts';
import type { RankOf } from '../odometer.ts';
import type { ResolvedType } from '../slot-type.ts';
import type { ValueEncoder } from '../value-source.ts';
import { listEncoder, mapEncoder, setEncoder, vectorEncoder } from './collection-encoder.ts';
import { columnFits, valueKind } from './column-fits.ts';
import { drawnVectorEncoder } from './drawn-vector.ts';
import { generatedEncoder } from './generated-encoder.ts';
import { nativeEncoder, type Misfit } from './native-encoder.ts';

/** What a slot, or an element of its collection, takes its values from. */
interface Makes {
  readonly slot: BoundSlot;
  /** Undefined for a choice. */
  readonly type: ResolvedType | undefined;
  readonly made: Made;
  readonly rankOf: RankOf;
  /** How many ranks there are at most. */
  readonly ranks: number;
}

/** Fits a slot's values to a type, a collection's element by element. */
export function slotEncoder(
  { slot, type, made, rankOf, ranks }: Makes,
  column: CqlType,
): ValueEncoder | Misfit {
  const { generated } = made.values;
  if (generated !== undefined) return generatedEncoder(generated, column);
  const kind = valueKind(type?.definition);
  if (kind !== undefined) {
    if (column.kind === 'native') return nativeEncoder(kind, slot, made, rankOf, ranks, column.name);
    if (column.kind === 'custom' && kind === 'blob')
      return nativeEncoder(kind, slot, made, rankOf, ranks, 'blob');
    return { problem: `is ${columnFits[kind].noun}, which can not become ${cqlTypeText(column)}` };
  }
  const { name, of, size } = type!;
  const wrong: Misfit = { problem: `can not become ${cqlTypeText(column)}` };
  if (name !== column.kind) return wrong;
  const elements: ValueEncoder[] = [];
  const columns = elementTypes(column);
  for (const [index, each] of made.elements!.entries()) {
    const at = index % of.length;
    const encoder = slotEncoder({ slot, type: of[at]!, made: each, rankOf, ranks }, columns[at]!);
    if ('problem' in encoder) {
      const which = of.length === 1 ? 'an element' : ['a key', 'a value'][at]!;
      return { ...encoder, problem: `${wrong.problem}: ${which} ${encoder.problem}` };
    }
    elements.push(encoder);
  }
  switch (column.kind) {
    case 'list':
      return listEncoder(elements);
    case 'set':
      return setEncoder(elements);
    case 'map':
      return mapEncoder(pairs(elements));
    case 'vector':
      if (size !== column.size) return { problem: `${wrong.problem}: it has ${size} elements` };
      return (
        (isFloat(column.of) ? drawnVectorEncoder(made.elements!, rankOf) : undefined) ??
        vectorEncoder(elements, column.of)
      );
    default:
      return wrong;
  }
}

function isFloat(type: CqlType): boolean {
  return type.kind === 'native' && type.name === 'float';
}

function elementTypes(column: CqlType): readonly CqlType[] {
  switch (column.kind) {
    case 'list':
    case 'set':
    case 'vector':
      return [column.of];
    case 'map':
      return [column.key, column.value];
    default:
      return [];
  }
}

function pairs(elements: readonly ValueEncoder[]): (readonly [ValueEncoder, ValueEncoder])[] {
  return Array.from({ length: elements.length / 2 }, (_, pair) => [
    elements[2 * pair]!,
    elements[2 * pair + 1]!,
  ]);
}
