import { timestampText } from './calendar.ts';
import { cqlLiteral, quoteCqlString } from './cql-literal.ts';
import type { QueryDialect } from './query-dialect.ts';

/** CQL, with literals in the place of bind markers. Names are those of a CQL write, quoted there if need be. */
export const cqlQueries: QueryDialect = {
  protocol: 'cql',
  name: (text, inside) => (inside ? text.replaceAll('"', '""') : text),
  value: ({ text, isText }) => (isText ? quoteCqlString(text) : text),
  string: (text) => text.replaceAll("'", "''"),
  slot: cqlLiteral,
  time: (ns) => quoteCqlString(timestampText(Number(ns / 1_000_000n))),
  endsInsideName(text, inside) {
    let quote = inside ? '"' : '';
    // A doubled quote ends one text and begins the next: the state comes out the same.
    for (const character of text) {
      if (character === quote) quote = '';
      else if (quote === '' && (character === '"' || character === "'")) quote = character;
    }
    return quote === '"';
  },
};
