/*
 * Writing into a request's bytes. Each writer returns the offset behind what it wrote; the caller has made
 * room.
 */

const encoder = new TextEncoder();

export function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

/** How many bytes `encode` makes. */
export function byteLength(text: string): number {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return encode(text).length;
  return text.length;
}

export function writeBytes(bytes: Uint8Array, staging: Uint8Array, offset: number): number {
  const length = bytes.length;
  // A call of `set` costs more than copying this much by hand.
  if (length > 48) {
    staging.set(bytes, offset);
    return offset + length;
  }
  for (let at = 0; at < length; at++) staging[offset + at] = bytes[at]!;
  return offset + length;
}

export function writeText(text: string, staging: Uint8Array, offset: number): number {
  const length = text.length;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127) return writeBytes(encode(text), staging, offset);
    staging[offset + at] = code;
  }
  return offset + length;
}

/** A whole number from 0 to 2^31 - 1. */
function writeSmall(value: number, staging: Uint8Array, offset: number): number {
  let end = offset + 1;
  for (let bound = 10; value >= bound && end < offset + 10; bound *= 10) end++;
  let rest = value;
  for (let at = end - 1; at >= offset; at--) {
    const tenth = (rest / 10) | 0;
    staging[at] = 48 + rest - tenth * 10;
    rest = tenth;
  }
  return end;
}

/** A whole number from -(2^53 - 1) to 2^53 - 1. */
export function writeWhole(value: number, staging: Uint8Array, offset: number): number {
  let at = offset;
  let rest = value;
  if (rest < 0) {
    staging[at++] = 45;
    rest = -rest;
  }
  if (rest < 2147483648) return writeSmall(rest | 0, staging, at);
  const billions = Math.floor(rest / 1e9);
  at = writeSmall(billions, staging, at);
  return writePadded(rest - billions * 1e9, 9, staging, at);
}

/** A whole number below 10^digits with leading zeros, digits up to 9. */
export function writePadded(value: number, digits: number, staging: Uint8Array, offset: number): number {
  let rest = value | 0;
  for (let at = offset + digits - 1; at >= offset; at--) {
    const tenth = (rest / 10) | 0;
    staging[at] = 48 + rest - tenth * 10;
    rest = tenth;
  }
  return offset + digits;
}

/** `units` of 10^-decimals, without zeros at the end: 1500000 with 6 decimals is `1.5`. */
export function writeFixed(units: number, decimals: number, staging: Uint8Array, offset: number): number {
  let at = offset;
  let rest = units;
  if (rest < 0) {
    staging[at++] = 45;
    rest = -rest;
  }
  const scale = 10 ** decimals;
  const whole = Math.floor(rest / scale);
  at = writeWhole(whole, staging, at);
  let fraction = rest - whole * scale;
  if (fraction === 0) return at;
  let digits = decimals;
  // Two pieces, since the integer writers take nine digits.
  staging[at++] = 46;
  if (digits > 9) {
    const low = 10 ** (digits - 9);
    const high = Math.floor(fraction / low);
    at = writePadded(high, 9, staging, at);
    fraction -= high * low;
    digits -= 9;
  }
  at = writePadded(fraction, digits, staging, at);
  while (staging[at - 1] === 48) at--;
  return at;
}

/** The text that `writeFixed` writes. */
export function fixedText(units: number, decimals: number): string {
  const scale = 10 ** decimals;
  const rest = Math.abs(units);
  const whole = Math.floor(rest / scale);
  const fraction = String(rest - whole * scale)
    .padStart(decimals, '0')
    .replace(/0+$/, '');
  return `${units < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

const hexDigits = encode('0123456789abcdef');

/** The lowest `digits` hexadecimal digits of a 32-bit word, digits up to 8. */
export function writeHex(word: number, digits: number, staging: Uint8Array, offset: number): number {
  for (let at = 0; at < digits; at++)
    staging[offset + at] = hexDigits[(word >>> (4 * (digits - 1 - at))) & 15]!;
  return offset + digits;
}
