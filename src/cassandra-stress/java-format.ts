/*
 * Numbers as java.util.Formatter prints them: ties of the shortest decimal that names the double go up, where
 * JavaScript rounds what the double really is (0.15 is 0.2 here, 0.1 there).
 */

/** `%.<decimals>f`. NaN and infinities are words. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const negative = digits.startsWith('-') ? '-' : '';
  const all = digits.replace(/[-.]/g, '');
  // How many digits stand before the point, and how many are kept in all.
  const whole = Number(exponent) + 1;
  const kept = whole + decimals;
  let units = BigInt(kept > 0 ? all.slice(0, kept).padEnd(kept, '0') : '0');
  if (kept >= 0 && (all[kept] ?? '0') >= '5') units++;
  const text = String(units).padStart(decimals + 1, '0');
  const point = text.length - decimals;
  return `${negative}${text.slice(0, point)}${decimals > 0 ? `.${text.slice(point)}` : ''}`;
}

/** `%,.<decimals>f`: thousands in groups. */
export function grouped(value: number, decimals = 0): string {
  const [whole, rest] = fixed(value, decimals).split('.') as [string, string?];
  const groups = whole.replace(/(?<=\d)(?=(?:\d{3})+$)/g, ',');
  return rest === undefined ? groups : `${groups}.${rest}`;
}

/** Double.toString for numbers from 0.001 to 10^7, as people write weights. */
export function doubleText(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
