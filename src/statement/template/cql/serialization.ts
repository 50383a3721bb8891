import type { Place } from '../place.ts';

/*
 * Values in the protocol's serialization: native_protocol_v4.spec, section 6. Each writer returns the offset
 * behind what it wrote; the caller has made room.
 */

const twoTo32 = 4294967296;

export function writeInt8(value: number, staging: Uint8Array, offset: number): number {
  staging[offset] = value;
  return offset + 1;
}

export function writeInt16(value: number, staging: Uint8Array, offset: number): number {
  staging[offset] = value >> 8;
  staging[offset + 1] = value;
  return offset + 2;
}

/** From -2^31 to 2^32 - 1. */
export function writeInt32(value: number, staging: Uint8Array, offset: number): number {
  staging[offset] = value >>> 24;
  staging[offset + 1] = value >>> 16;
  staging[offset + 2] = value >>> 8;
  staging[offset + 3] = value;
  return offset + 4;
}

/** A whole number within ±(2^53 - 1). */
export function writeInt64(value: number, staging: Uint8Array, offset: number): number {
  // A shift takes a number modulo 2^32, whatever its size.
  return writeInt32(value >>> 0, staging, writeInt32(Math.floor(value / twoTo32), staging, offset));
}

const scratch = new DataView(new ArrayBuffer(8));

export function writeFloat32(value: number, staging: Uint8Array, offset: number): number {
  scratch.setFloat32(0, value);
  return writeInt32(scratch.getInt32(0), staging, offset);
}

export function writeFloat64(value: number, staging: Uint8Array, offset: number): number {
  scratch.setFloat64(0, value);
  return writeInt32(scratch.getInt32(4), staging, writeInt32(scratch.getInt32(0), staging, offset));
}

/** The fewest bytes of two's complement; a whole number within ±(2^53 - 1). */
export function writeVarint(value: number, staging: Uint8Array, offset: number): number {
  let length = 1;
  for (let bound = 128; value >= bound || value < -bound; bound *= 256) length++;
  let rest = value;
  for (let at = offset + length - 1; at >= offset; at--) {
    staging[at] = rest;
    rest = Math.floor(rest / 256);
  }
  return offset + length;
}

/** `units` of 10^-decimals, without zeros at the end: its text and its bytes say the same. */
export function writeDecimal(units: number, decimals: number, staging: Uint8Array, offset: number): number {
  let unscaled = units;
  let scale = decimals;
  while (scale > 0 && unscaled % 10 === 0) {
    unscaled /= 10;
    scale--;
  }
  return writeVarint(unscaled, staging, writeInt32(scale, staging, offset));
}

/** An unsigned [vint]: as many leading one bits as bytes follow; a whole number up to 2^53 - 1. */
export function writeUnsignedVint(value: number, staging: Uint8Array, offset: number): number {
  let more = 0;
  for (let bound = 128; value >= bound; bound *= 128) more++;
  let rest = value;
  for (let at = offset + more; at > offset; at--) {
    staging[at] = rest;
    rest = Math.floor(rest / 256);
  }
  staging[offset] = (0xff00 >> more) | rest;
  return offset + more + 1;
}

/** A signed [vint]: zigzag, 0 -1 1 -2 … as 0 1 2 3 …; within ±2^52. */
function writeVint(value: number, staging: Uint8Array, offset: number): number {
  return writeUnsignedVint(value < 0 ? -2 * value - 1 : 2 * value, staging, offset);
}

/** Months, days and nanoseconds, which all have one sign. */
export function writeDuration(
  months: number,
  days: number,
  nanoseconds: number,
  staging: Uint8Array,
  offset: number,
): number {
  return writeVint(nanoseconds, staging, writeVint(days, staging, writeVint(months, staging, offset)));
}

/** Days since 1970 as the unsigned number whose middle is 1970. */
export function writeDays(days: number, staging: Uint8Array, offset: number): number {
  return writeInt32(days + 2147483648, staging, offset);
}

/** A place's time in units of 10^-digits seconds, beyond 2^53 too. */
export function writePointTime(place: Place, digits: number, staging: Uint8Array, offset: number): number {
  const scale = 10 ** digits;
  const part = Math.floor(place.nanoseconds / 10 ** (9 - digits));
  // seconds × scale in pieces that a double holds exactly: seconds = high × 2^20 + low.
  const high = Math.floor(place.seconds / 1048576);
  const low = (place.seconds - high * 1048576) * scale + part;
  const product = high * scale;
  const upper = Math.floor(product / 4096);
  const lower = (product - upper * 4096) * 1048576 + low;
  return writeInt32(lower >>> 0, staging, writeInt32(upper + Math.floor(lower / twoTo32), staging, offset));
}
