import type { Place } from './place.ts';
import type { WordStream } from './word-stream.ts';

const octaves = 16;
/** Makes the standard deviation of one step 1: steps of octave o have variance 2/3 × 2^-o, which sum to 4/3. */
const amplitude = Math.sqrt(3) / 2;

/** One octave's noise at a lattice point: from -1 to 1, and 0 at the start, so that every walk starts at 0. */
function lattice(stream: WordStream, index: number, lane: number): number {
  return index === 0 ? 0 : stream.word(index, lane) / 2147483648 - 1;
}

/**
 * What walk number `lane` of the stream, of unit steps, has come to after `steps`: noise over octaves, so that any index takes the
 * same time. Like a walk it moves by about √n in n steps, up to 2^16; beyond, it stays within some hundred
 * steps of its start.
 */
export function walk(stream: WordStream, steps: number, lane: number): number {
  let sum = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const length = 1 << octave;
    const index = Math.floor(steps / length);
    const part = steps / length - index;
    const from = lattice(stream, index, octaves * lane + octave);
    const to = part === 0 ? from : lattice(stream, index + 1, octaves * lane + octave);
    sum += Math.sqrt(length) * (from + (to - from) * part);
  }
  return amplitude * sum;
}

/** The walk of the place's series, a step a turn. */
export function seriesWalk(stream: WordStream, place: Place): number {
  return walk(stream, place.turn, place.series);
}
