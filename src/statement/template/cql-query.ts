import { timestampText } from './calendar.ts';
import { cqlLiteral, quoteCqlString } from './cql-literal.ts';
import type { QueryDialect } from './query-dialect.ts';

/** Words that are no names without quotes: https://cassandra.apache.org/doc/latest/cassandra/developing/cql/appendices.html */
const reserved = new Set(
  `add allow alter and apply asc authorize batch begin by columnfamily create delete desc describe drop entries execute
  from full grant if in index infinity insert into is keyspace limit materialized mbean mbeans modify nan norecursive
  not null of on or order primary rename replace revoke schema select set table to token truncate unlogged update use
  using view where with`.split(/\s+/),
);

/** CQL, with literals in the place of bind markers. */
export const cqlQueries: QueryDialect = {
  protocol: 'cql',
  name(text, inside) {
    const doubled = text.replaceAll('"', '""');
    return inside || (/^[a-z]\w*$/.test(text) && text === text.toLowerCase() && !reserved.has(text))
      ? doubled
      : `"${doubled}"`;
  },
  // The table as the INSERT writes it, with its quotes and its keyspace.
  measurement: (text) => text,
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
