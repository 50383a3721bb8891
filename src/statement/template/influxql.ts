/*
 * InfluxQL literals and names: https://docs.influxdata.com/influxdb/v1/query_language/spec/
 */

/** The inside of a name in double quotes. */
export function escapeName(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
}

export function quoteName(text: string): string {
  return `"${escapeName(text)}"`;
}

/** The inside of a string in single quotes. */
export function escapeString(text: string): string {
  return text.replaceAll(/['\\]/g, '\\$&').replaceAll('\n', '\\n');
}

export function quoteString(text: string): string {
  return `'${escapeString(text)}'`;
}

/** Whether a text leaves a name in double quotes open, if it starts within one or not. */
export function endsInsideName(text: string, inside: boolean): boolean {
  let quote = inside ? '"' : '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== '' && character === '\\') at++;
    else if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
  }
  return quote === '"';
}
