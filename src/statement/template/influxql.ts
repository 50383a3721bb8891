import type { QueryDialect } from './query-dialect.ts';

function escapeName(text: string): string {
  return /["\\\n]/.test(text) ? text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n') : text;
}

function escapeString(text: string): string {
  return text.replaceAll(/['\\]/g, '\\$&').replaceAll('\n', '\\n');
}

function name(text: string, inside: boolean): string {
  return inside ? escapeName(text) : `"${escapeName(text)}"`;
}

/** InfluxQL: https://docs.influxdata.com/influxdb/v1/query_language/spec/ */
export const influxql: QueryDialect = {
  protocol: 'line',
  // Always quoted: a name may be a keyword.
  name,
  measurement: name,
  value: ({ text, isText }) => (isText ? `'${escapeString(text)}'` : text),
  string: escapeString,
  slot: (type, text) => (type?.field === 'string' && !type.numeric ? `'${escapeString(text)}'` : text),
  time: String,
  endsInsideName(text, inside) {
    let quote = inside ? '"' : '';
    for (let at = 0; at < text.length; at++) {
      const character = text[at]!;
      if (quote !== '' && character === '\\') at++;
      else if (character === quote) quote = '';
      else if (quote === '' && (character === '"' || character === "'")) quote = character;
    }
    return quote === '"';
  },
};
