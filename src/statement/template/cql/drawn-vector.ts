import type { Made } from '../cell.ts';
import type { RankOf } from '../odometer.ts';
import type { ValueEncoder } from '../value-source.ts';
import { wordOf } from '../word-stream.ts';

const blockSize = 0x1_0000_0000;
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/**
 * A vector of floats that are all drawn alike, each from a stream of its own, which has too many of them for code of
 * their own: one loop over the streams' keys. Undefined where they are not.
 */
export function drawnVectorEncoder(elements: readonly Made[], rankOf: RankOf): ValueEncoder | undefined {
  const [model] = elements;
  const units = model?.values.units;
  const alike = model?.values.draws;
  if (units === undefined || alike === undefined) return undefined;
  const { size, first } = alike;
  const streams = elements.flatMap(({ values: { draws, units: own } }) =>
    draws?.size === size && draws.first === first && own?.decimals === units.decimals ? [draws.stream] : [],
  );
  if (streams.length < elements.length) return undefined;
  const scale = 10 ** units.decimals;
  const keys = new Int32Array(2 * streams.length);
  let keysOf = -1;
  const enter = (block: number): void => {
    keysOf = block;
    for (let at = 0; at < streams.length; at++) keys.set(streams[at]!.keys(block), 2 * at);
  };
  return {
    bytesAtMost: 4 * streams.length,
    write: (place, staging, offset) => {
      const rank = rankOf(place);
      const block = Math.floor(rank / blockSize);
      if (block !== keysOf) enter(block);
      let end = offset;
      for (let at = 0; at < keys.length; at += 2) {
        // As WordStream.below draws it from more than 65,536 values.
        const high = wordOf(rank | 0, keys[at]!, keys[at + 1]!, 0) >>> 5;
        const low = wordOf(rank | 0, keys[at]!, keys[at + 1]!, 1) >>> 6;
        float[0] = (first + Math.floor(((high * 67108864 + low) / 9007199254740992) * size)) / scale;
        const word = bits[0]!;
        staging[end] = word >>> 24;
        staging[end + 1] = word >>> 16;
        staging[end + 2] = word >>> 8;
        staging[end + 3] = word;
        end += 4;
      }
      return end;
    },
  };
}
