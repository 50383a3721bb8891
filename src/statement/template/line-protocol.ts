/*
 * Line protocol as InfluxDB reads it: https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/
 */

/** Puts a backslash before each of the characters; most texts have none. */
function escaping(special: RegExp): (text: string) => string {
  const each = new RegExp(special, 'g');
  return (text) => (special.test(text) ? text.replaceAll(each, '\\$&') : text);
}

export const escapeMeasurement = escaping(/[, ]/);

/** Tag keys, tag values and field keys. */
export const escapeKey = escaping(/[,= ]/);

/** The inside of a string field. */
export const escapeString = escaping(/["\\]/);

/** Why a text can be no measurement, key or tag value, or undefined where it can. */
export function keyProblem(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (/[\n\r]/.test(text)) return 'has a line end';
  // A backslash escapes the comma, blank or = that follows the text, and nothing escapes a backslash.
  if (text.endsWith('\\')) return 'ends with a backslash';
  return undefined;
}

export type LiteralKind = 'integer' | 'float' | 'boolean';

/** What kind of field a text is as it stands: `1i`, `1.5`, `t`; undefined where it is none of them. */
export function literalKind(text: string): LiteralKind | undefined {
  if (/^-?\d+i$/.test(text)) {
    const value = BigInt(text.slice(0, -1));
    return value >= -(2n ** 63n) && value < 2n ** 63n ? 'integer' : undefined;
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text))
    return Number.isFinite(Number(text)) ? 'float' : undefined;
  return /^(t|T|true|True|TRUE|f|F|false|False|FALSE)$/.test(text) ? 'boolean' : undefined;
}
