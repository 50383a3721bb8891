import type { Made } from './cell.ts';
import { cqlLiteral } from './cql-literal.ts';
import type { ResolvedType } from './slot-type.ts';
import { textValues } from './values.ts';

/**
 * A collection of elements that are made one by one; of a map, keys and values by turns. Its text is the CQL
 * literal: `[1, 2]`, `{'a': 1}`.
 */
export function collectionValues(type: ResolvedType, elements: readonly Made[]): Made {
  const [open, close] = type.definition.elements!.brackets;
  const kinds = type.of.length;
  const literals = elements.map(({ values }, index) => {
    const { definition } = type.of[index % kinds]!;
    const before = index === 0 ? '' : index % kinds === 0 ? ', ' : ': ';
    return { values, before, definition };
  });
  const sum = (bytes: (made: Made) => number): number =>
    elements.reduce((total, made) => total + bytes(made), 2);
  return {
    values: textValues(
      (rank, place) => {
        let text = open!;
        for (const { values, before, definition } of literals)
          text += before + cqlLiteral(definition, values.text(rank, place));
        return text + close!;
      },
      {
        // Quotes inside a quoted element are doubled.
        bytesAtMost: sum(({ values }) => 2 * values.bytesAtMost + 4),
        bytesAtLeast: sum(({ values }) => values.bytesAtLeast),
        plain: false,
        ofRank: elements.every(({ values }) => values.ofRank),
      },
    ),
    different: elements[0]!.different,
    elements,
  };
}
