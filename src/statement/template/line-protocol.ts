/*
 * Line protocol as InfluxDB reads it: https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/
 */

export function escapeMeasurement(text: string): string {
  return text.replaceAll(/[, ]/g, '\\$&');
}

/** Tag keys, tag values and field keys. */
export function escapeKey(text: string): string {
  return text.replaceAll(/[,= ]/g, '\\$&');
}

/** The inside of a string field. */
export function escapeString(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&');
}

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
