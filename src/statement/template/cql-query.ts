import { timestampText } from './calendar.ts';
import { cqlLiteral, quoteCqlString } from './cql-literal.ts';
import { cqlName } from './cql-name.ts';
import type { QueryDialect } from './query-dialect.ts';

/** CQL, with literals in the place of bind markers. */
export const cqlQueries: QueryDialect = {
  protocol: 'cql',
  name: (text, inside) => (inside ? text.replaceAll('"', '""') : cqlName(text)),
  // The table as the INSERT writes it, with its quotes and its keyspace.
  measurement: (text, inside) => (inside ? text.replace(/^"(.*)"$/, '$1') : text),
  value: ({ text, isText }) => (isText ? quoteCqlString(text) : text),
  string: (text) => text.replaceAll("'", "''"),
  slot: (type, text) => (type === undefined ? text : cqlLiteral(type, text)),
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
