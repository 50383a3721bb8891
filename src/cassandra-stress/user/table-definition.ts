import { CqlCursor, unquoted } from '../../statement/template/cql-cursor.ts';
import { cqlTokens, type CqlToken } from '../../statement/template/cql-tokens.ts';

/** A table as its CREATE TABLE or the server says it; names are without quotes. */
export interface TableDefinition {
  readonly name: string;
  /** Those of the key first, in its order; then the others by the bytes of their names, as drivers list them. */
  readonly columns: readonly TableColumn[];
  readonly partitionKey: readonly string[];
  readonly clusteringKey: readonly string[];
}

export interface TableColumn {
  readonly name: string;
  /** As CQL writes it, without blanks: `text`, `frozen<list<int>>`. */
  readonly type: string;
}

/** What keeps a text from being a table's definition. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}

/** A token of CQL without slots. */
export type PlainToken = Exclude<CqlToken<never>, { readonly kind: 'value' }>;

/** The tokens of a CQL text; comments and blanks are left out. */
export function tokensOf(text: string): readonly PlainToken[] {
  return cqlTokens<never>({ parts: [text] }).filter((token) => token.kind !== 'value');
}

/** Reads `CREATE TABLE [IF NOT EXISTS] name (columns) [WITH …]`. Throws DefinitionError. */
export function readTableDefinition(text: string): TableDefinition {
  return new DefinitionReader(tokensOf(text)).read();
}

/** A table of these columns, whatever their order. */
export function tableOf(
  name: string,
  columns: readonly TableColumn[],
  partitionKey: readonly string[],
  clusteringKey: readonly string[],
): TableDefinition {
  const keyColumns = [...partitionKey, ...clusteringKey];
  const others = columns
    .filter((column) => !keyColumns.includes(column.name))
    .toSorted((one, other) => Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)));
  const ofKey = keyColumns.map((each) => columns.find((column) => column.name === each)!);
  return { name, columns: [...ofKey, ...others], partitionKey, clusteringKey };
}

/** The keyspace that a CREATE KEYSPACE makes. Throws DefinitionError. */
export function readKeyspaceName(text: string): string {
  const reader = new DefinitionReader(tokensOf(text));
  reader.create('keyspace');
  return reader.identifier();
}

/** A name as it is written in a profile; without quotes it means its lower case. */
export function readName(text: string): string {
  return nameOf(tokensOf(text)[0]) ?? text;
}

/** A name in a token, or undefined; without quotes it means its lower case. */
export function nameOf(token: PlainToken | undefined): string | undefined {
  return token?.kind === 'word' || token?.kind === 'name' ? unquoted(token) : undefined;
}

class DefinitionReader extends CqlCursor<PlainToken> {
  read(): TableDefinition {
    this.create('table', 'columnfamily');
    let name = this.identifier();
    if (this.symbol('.')) name = this.identifier();
    this.expectSymbol('(');
    const columns = new Map<string, TableColumn>();
    let key: { readonly partition: readonly string[]; readonly clustering: readonly string[] } | undefined;
    do {
      if (this.word('primary')) {
        key = this.#primaryKey();
        continue;
      }
      const column = this.identifier();
      const type = this.#type();
      columns.set(column, { name: column, type });
      for (;;) {
        if (this.word('primary')) {
          this.expectWord('key');
          key = { partition: [column], clustering: [] };
        } else if (!this.word('static')) break;
      }
      this.#skipColumn();
    } while (this.symbol(','));
    this.expectSymbol(')');
    if (key === undefined) throw new DefinitionError(`table ${name} has no PRIMARY KEY`);
    const keyColumns = [...key.partition, ...key.clustering];
    for (const each of keyColumns)
      if (!columns.has(each)) throw new DefinitionError(`the primary key of ${name} has no column ${each}`);
    return tableOf(name, [...columns.values()], key.partition, key.clustering);
  }

  /** `CREATE kind [IF NOT EXISTS]` */
  create(...kinds: readonly string[]): void {
    this.expectWord('create');
    if (!kinds.some((kind) => this.word(kind))) this.fail(kinds[0]!.toUpperCase());
    if (this.word('if')) {
      this.expectWord('not');
      this.expectWord('exists');
    }
  }

  identifier(): string {
    return unquoted(this.name('a name'));
  }

  /** Up to what ends it: a comma, a bracket, or a word behind it. */
  #type(): string {
    let text = this.identifier();
    if (!this.symbol('<')) return text;
    text += '<';
    for (let depth = 1; depth > 0; this.at++) {
      const token = this.token;
      if (token === undefined) return this.fail('>');
      if (token.text === '<') depth++;
      if (token.text === '>') depth--;
      text += token.text.toLowerCase();
    }
    return text;
  }

  /** What else a column may have, such as a mask. */
  #skipColumn(): void {
    for (let depth = 0; this.at < this.tokens.length; this.at++) {
      const token = this.token!;
      const text = token.kind === 'symbol' ? token.text : '';
      if (depth === 0 && (text === ',' || text === ')')) return;
      if (text === '(') depth++;
      if (text === ')') depth--;
    }
  }

  #primaryKey(): { readonly partition: readonly string[]; readonly clustering: readonly string[] } {
    this.expectWord('key');
    this.expectSymbol('(');
    const partition: string[] = [];
    if (this.symbol('(')) {
      do partition.push(this.identifier());
      while (this.symbol(','));
      this.expectSymbol(')');
    } else partition.push(this.identifier());
    const clustering: string[] = [];
    while (this.symbol(',')) clustering.push(this.identifier());
    this.expectSymbol(')');
    return { partition, clustering };
  }

  protected override fail(expected: string): never {
    throw new DefinitionError(`found ${this.token?.text ?? 'its end'} where it needs ${expected}`);
  }
}
