import { cqlTokens, type CqlToken } from '../../statement/template/cql-tokens.ts';

/** A table as its CREATE TABLE says it; names are without quotes. */
export interface TableDefinition {
  readonly keyspace: string | undefined;
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

/** The keyspace that a CREATE KEYSPACE makes. Throws DefinitionError. */
export function readKeyspaceName(text: string): string {
  const reader = new DefinitionReader(tokensOf(text));
  reader.create('keyspace');
  return reader.name();
}

/** A name in a token, or undefined; without quotes it means its lower case. */
export function nameOf(token: PlainToken | undefined): string | undefined {
  if (token?.kind === 'word') return token.text.toLowerCase();
  return token?.kind === 'name' ? token.text.slice(1, -1).replaceAll('""', '"') : undefined;
}

class DefinitionReader {
  readonly #tokens: readonly PlainToken[];
  #at = 0;

  constructor(tokens: readonly PlainToken[]) {
    this.#tokens = tokens;
  }

  read(): TableDefinition {
    this.create('table', 'columnfamily');
    let keyspace: string | undefined;
    let name = this.name();
    if (this.#symbol('.')) {
      keyspace = name;
      name = this.name();
    }
    this.#expect('(');
    const columns = new Map<string, TableColumn>();
    let key: { readonly partition: readonly string[]; readonly clustering: readonly string[] } | undefined;
    do {
      if (this.#word('primary')) {
        key = this.#primaryKey();
        continue;
      }
      const column = this.name();
      const type = this.#type();
      columns.set(column, { name: column, type });
      for (;;) {
        if (this.#word('primary')) {
          this.#expectWord('key');
          key = { partition: [column], clustering: [] };
        } else if (!this.#word('static')) break;
      }
      this.#skipColumn();
    } while (this.#symbol(','));
    this.#expect(')');
    if (key === undefined) throw new DefinitionError(`table ${name} has no PRIMARY KEY`);
    const keyColumns = [...key.partition, ...key.clustering];
    for (const each of keyColumns)
      if (!columns.has(each)) throw new DefinitionError(`the primary key of ${name} has no column ${each}`);
    const others = [...columns.keys()].filter((each) => !keyColumns.includes(each));
    others.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    return {
      keyspace,
      name,
      columns: [...keyColumns, ...others].map((each) => columns.get(each)!),
      partitionKey: key.partition,
      clusteringKey: key.clustering,
    };
  }

  /** `CREATE kind [IF NOT EXISTS]` */
  create(...kinds: readonly string[]): void {
    this.#expectWord('create');
    if (!kinds.some((kind) => this.#word(kind))) this.#fail(kinds[0]!.toUpperCase());
    if (this.#word('if')) {
      this.#expectWord('not');
      this.#expectWord('exists');
    }
  }

  name(): string {
    const name = nameOf(this.#tokens[this.#at]);
    if (name === undefined) return this.#fail('a name');
    this.#at++;
    return name;
  }

  /** Up to what ends it: a comma, a bracket, or a word behind it. */
  #type(): string {
    let text = this.name();
    if (!this.#symbol('<')) return text;
    text += '<';
    for (let depth = 1; depth > 0; this.#at++) {
      const token = this.#tokens[this.#at];
      if (token === undefined) return this.#fail('>');
      if (token.text === '<') depth++;
      if (token.text === '>') depth--;
      text += token.text.toLowerCase();
    }
    return text;
  }

  /** What else a column may have, such as a mask. */
  #skipColumn(): void {
    for (let depth = 0; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at]!;
      const text = token.kind === 'symbol' ? token.text : '';
      if (depth === 0 && (text === ',' || text === ')')) return;
      if (text === '(') depth++;
      if (text === ')') depth--;
    }
  }

  #primaryKey(): { readonly partition: readonly string[]; readonly clustering: readonly string[] } {
    this.#expectWord('key');
    this.#expect('(');
    const partition: string[] = [];
    if (this.#symbol('(')) {
      do partition.push(this.name());
      while (this.#symbol(','));
      this.#expect(')');
    } else partition.push(this.name());
    const clustering: string[] = [];
    while (this.#symbol(',')) clustering.push(this.name());
    this.#expect(')');
    return { partition, clustering };
  }

  #word(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }

  #expectWord(word: string): void {
    if (!this.#word(word)) this.#fail(word.toUpperCase());
  }

  #symbol(symbol: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'symbol' || token.text !== symbol) return false;
    this.#at++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#symbol(symbol)) this.#fail(symbol);
  }

  #fail(expected: string): never {
    const token = this.#tokens[this.#at];
    const found = token === undefined ? 'its end' : token.text;
    throw new DefinitionError(`found ${found} where it needs ${expected}`);
  }
}
