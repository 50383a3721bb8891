import type { Code } from './code.ts';

/*
 * Writing text in straight-line code: `bytes` is the buffer, `view` a DataView of it, `at` where to write.
 * Digits are written four at a time from a table, and stores never reach behind what they write.
 */

/** Every number below 10,000 as four digits, the first one in the lowest byte. */
const fours = new Uint32Array(10_000);
for (let number = 0; number < 10_000; number++) {
  const hundreds = (number / 100) | 0;
  const thousands = (number / 1000) | 0;
  const tens = (number / 10) | 0;
  const digits = thousands | ((hundreds % 10) << 8) | ((tens % 10) << 16) | ((number % 10) << 24);
  fours[number] = 0x30303030 + digits;
}

/** Lines that make `view` of `bytes`, kept for as long as the buffer is the same. */
export function openView(code: Code): string {
  code.declare('let lastBytes, lastView;');
  return `if (bytes !== lastBytes) {
lastBytes = bytes;
lastView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
const view = lastView;`;
}

/** More than this is copied instead of stored. */
const longestStores = 64;

/** Lines that write bytes that are known. */
export function constantBytes(code: Code, bytes: Uint8Array): string {
  const { length } = bytes;
  if (length > longestStores) return `bytes.set(${code.constant(bytes)}, at); at += ${length};`;
  const data = new DataView(bytes.buffer, bytes.byteOffset, length);
  const stores: string[] = [];
  let at = 0;
  for (; at + 4 <= length; at += 4)
    stores.push(`view.setUint32(at + ${at}, ${data.getUint32(at, true)}, true);`);
  for (; at < length; at++) stores.push(`bytes[at + ${at}] = ${bytes[at]!};`);
  return length === 0 ? '' : `${stores.join(' ')} at += ${length};`;
}

/** An expression that writes a whole number of up to 2^53 in size and gives the end. */
export function wholeDigits(code: Code, value: string): string {
  declareDigits(code);
  return `whole(bytes, view, at, ${value})`;
}

/** An expression that writes units of 10^-decimals, up to 2^53 of them, without zeros at the end, and gives the end. */
export function fixedDigits(code: Code, value: string, decimals: number): string {
  if (decimals === 0) return wholeDigits(code, value);
  declareDigits(code);
  const scale = 10 ** decimals;
  // The integer stores take nine digits.
  const low = Math.max(0, decimals - 9);
  const fraction =
    low === 0
      ? paddedDigits(code, 'rest', decimals)
      : `const high = Math.floor(rest / ${10 ** low}); ${paddedDigits(code, 'high', 9)} const low = rest - high * ${10 ** low}; ${paddedDigits(code, 'low', low)}`;
  code.declare(`function fixed${decimals}(bytes, view, at, units) {
if (units < 0) { bytes[at++] = 45; units = -units; }
const whole_ = Math.floor(units / ${scale});
at = whole(bytes, view, at, whole_);
const rest = units - whole_ * ${scale};
if (rest === 0) return at;
bytes[at++] = 46;
${fraction}
while (bytes[at - 1] === 48) at--;
return at;
}`);
  return `fixed${decimals}(bytes, view, at, ${value})`;
}

/** Lines that write a whole number below 10^digits with leading zeros, digits up to 9. */
export function paddedDigits(code: Code, value: string, digits: number): string {
  declareDigits(code);
  if (digits > 4) {
    const left = `left${digits}`;
    return `{ const ${left} = (${value} / 10000) | 0; ${paddedDigits(code, left, digits - 4)} view.setUint32(at, fours[${value} - ${left} * 10000], true); at += 4; }`;
  }
  const four = `fours[${value} | 0]`;
  switch (digits) {
    case 4:
      return `view.setUint32(at, ${four}, true); at += 4;`;
    case 3:
      return `{ const four = ${four}; view.setUint16(at, (four >>> 8) & 65535, true); bytes[at + 2] = four >>> 24; at += 3; }`;
    case 2:
      return `view.setUint16(at, ${four} >>> 16, true); at += 2;`;
    default:
      return `bytes[at++] = ${four} >>> 24;`;
  }
}

function declareDigits(code: Code): void {
  code.declare(`const fours = ${code.constant(fours)};`);
  code.declare(`function small(bytes, view, at, number) {
if (number < 10000) {
const four = fours[number];
if (number >= 1000) { view.setUint32(at, four, true); return at + 4; }
if (number >= 100) { view.setUint16(at, (four >>> 8) & 65535, true); bytes[at + 2] = four >>> 24; return at + 3; }
if (number >= 10) { view.setUint16(at, four >>> 16, true); return at + 2; }
bytes[at] = four >>> 24;
return at + 1;
}
if (number < 100000000) {
const high = (number / 10000) | 0;
const end = small(bytes, view, at, high);
view.setUint32(end, fours[number - high * 10000], true);
return end + 4;
}
const high = (number / 100000000) | 0;
const end = small(bytes, view, at, high);
const rest = number - high * 100000000;
const middle = (rest / 10000) | 0;
view.setUint32(end, fours[middle], true);
view.setUint32(end + 4, fours[rest - middle * 10000], true);
return end + 8;
}
function whole(bytes, view, at, number) {
if (number < 0) { bytes[at++] = 45; number = -number; }
if (number < 2147483648) return small(bytes, view, at, number | 0);
const billions = Math.floor(number / 1e9);
at = small(bytes, view, at, billions);
const rest = (number - billions * 1e9) | 0;
${nineDigits}
return at;
}`);
}

/** `rest`, below 10^9, as nine digits. */
const nineDigits = `{ const high = (rest / 10000) | 0; const top = (high / 10000) | 0;
bytes[at] = 48 + top; view.setUint32(at + 1, fours[high - top * 10000], true);
view.setUint32(at + 5, fours[rest - high * 10000], true); at += 9; }`;
