import { cqlTypeText, type CqlType } from '../../../stress-client/cql-type.ts';
import type { GeneratedValues } from '../stress/generated-rows.ts';
import type { ValueEncoder } from '../value-source.ts';
import type { Misfit } from './native-encoder.ts';

/** Values of a column of a profile are made for a column of their type alone, and in its bytes. */
export function generatedEncoder({ column, write }: GeneratedValues, type: CqlType): ValueEncoder | Misfit {
  const { kind, name } = column.type;
  const single = kind === 'single' ? type : type.kind === kind ? type.of : undefined;
  if (single?.kind !== 'native' || (single.name === 'ascii' ? 'text' : single.name) !== name)
    return {
      problem: `is ${kind === 'single' ? name : `${kind}<${name}>`}, which can not become ${cqlTypeText(type)}`,
      hint: 'what a profile of cassandra-stress makes is of its own type alone',
    };
  return {
    bytesAtMost: column.bytesAtMost,
    ofItem: true,
    write,
  };
}
