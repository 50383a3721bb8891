import type { CqlProblem, PreparedText } from '../../stress-client/cql-plan.ts';
import { cqlTypeText } from '../../stress-client/cql-type.ts';
import { formatItems } from '../../stress-client/units.ts';
import type { Place } from './place.ts';
import type { ValueEncoder, ValueSource } from './value-source.ts';

/** Fits each value to the bind marker of its turn. */
export function bindMarkers(
  sources: readonly ValueSource[],
  { markers }: PreparedText,
): readonly ValueEncoder[] | CqlProblem {
  if (markers.length !== sources.length)
    return {
      problem: `the text has ${formatItems(markers.length, 'bind marker')}, and values for ${sources.length}`,
      hint: 'a ? of your own has no value: write a slot, a placeholder or a literal',
    };
  const encoders: ValueEncoder[] = [];
  for (const [at, { name, type }] of markers.entries()) {
    const { text } = sources[at]!;
    const encoder = sources[at]!.encoder(type);
    if ('problem' in encoder)
      return { ...encoder, problem: `column ${name} (${cqlTypeText(type)}): ${text} ${encoder.problem}` };
    encoders.push(encoder);
  }
  return encoders;
}

/** Bytes of a value's length. */
const lengthBytes = 4;

/** No values of these encoders are longer, with their lengths. */
export function markerBytesAtMost(encoders: readonly ValueEncoder[]): number {
  return encoders.reduce((bytes, { bytesAtMost }) => bytes + lengthBytes + bytesAtMost, 0);
}

/** Writes a value as [bytes] of the protocol and returns the end. */
export function writeMarker(
  encoder: ValueEncoder,
  place: Place,
  staging: Uint8Array,
  offset: number,
): number {
  const start = offset + lengthBytes;
  const end = encoder.write(place, staging, start);
  const length = end < 0 ? -1 : end - start;
  staging[offset] = length >>> 24;
  staging[offset + 1] = length >>> 16;
  staging[offset + 2] = length >>> 8;
  staging[offset + 3] = length;
  return length < 0 ? start : end;
}
