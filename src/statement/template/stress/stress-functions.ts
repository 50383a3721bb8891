import { shape, type Cell, type Makings } from '../cell.ts';
import type { Distribution } from './distribution.ts';
import { generatedSizedFunctions } from './generated-functions.ts';
import { BlobColumn, KeyColumn, type SeededBytes } from './row-data.ts';

/** Makes a column of its name and the sizes of its values. */
type MakeColumn = new (name: string, size: Distribution) => SeededBytes;

/** How cassandra-stress makes columns of a type: those of the key, and any other. */
interface StressType {
  readonly key: MakeColumn;
  readonly other: MakeColumn;
}

/** The types whose values cassandra-stress's own tables have. */
const stressTypes = {
  blob: { key: KeyColumn, other: BlobColumn },
} as const satisfies Record<string, StressType>;

/** The functions `stresskey` and `stress` of a type. */
export function stressFunctions(
  type: keyof typeof stressTypes,
): Record<'stresskey' | 'stresscluster' | 'stress', Cell> {
  const { key, other } = stressTypes[type];
  const generated = generatedSizedFunctions(() => ({ kind: 'single', name: type }));
  return {
    ...generated,
    stresskey: [
      shape(
        ['column: column', 'size: sizes'],
        'what cassandra-stress has in this column of the key of the row whose seed is the index',
        ({ stressKeys }: Makings, column, size) => ({
          values: stressKeys.add(new key(column, size)),
          different: undefined,
        }),
      ),
      ...generated.stresskey,
    ],
    stress: [
      shape(
        ['column: column', 'size: sizes'],
        'what cassandra-stress has in this column of the row whose key the `stresskey` slots of the template make',
        ({ stressKeys }: Makings, column, size) => ({
          values: stressKeys.valuesOf(new other(column, size)),
          different: undefined,
        }),
      ),
      ...generated.stress,
    ],
  };
}
