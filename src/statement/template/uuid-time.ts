/** Between the beginnings of a UUID's time, 1582-10-15, and of 1970. */
const uuidEpochMs = 12_219_292_800_000;
const twoTo32 = 0x1_0000_0000;

/**
 * The first two words of a UUID of version 1: RFC 9562, 5.1. `ms` since 1970, from 1582-10-15 on, and up to 9,999
 * `ticks` of 100 ns after them.
 */
export function timeWords(ms: number, ticks: number): readonly [first: number, second: number] {
  // In ticks it is beyond 2^53.
  const since = ms + uuidEpochMs;
  const whole = Math.floor(since / twoTo32);
  const low = (since - whole * twoTo32) * 10_000 + ticks;
  const high = whole * 10_000 + Math.floor(low / twoTo32);
  return [low | 0, ((high & 0xffff) << 16) | ((high >>> 16) & 0xffff) | 0x1000];
}
