/** A name as CQL reads it: `"Shop"` is Shop, `Shop` is shop. */
export function readCqlName(text: string): string {
  const name = text.trim();
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

/** Reads a table's name, `t`, `shop.t` or `"Shop"."T"`, of which the keyspace may be left out. */
export function readTableName(
  text: string,
  keyspace: string,
): { readonly keyspace: string; readonly table: string } {
  const [, before, table] = /^\s*(?:("(?:[^"]|"")+"|[^".\s]+)\s*\.)?\s*("(?:[^"]|"")+"|[^".\s]+)\s*$/.exec(
    text,
  ) ?? [undefined, undefined, text];
  return { keyspace: before === undefined ? keyspace : readCqlName(before), table: readCqlName(table!) };
}

/** As a string literal of CQL. */
export function cqlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
