import type { QuotedTemplate, Slot } from '../../parser/ast.ts';
import { closingToken, readLiteral } from './cql/read-literal.ts';
import type { LiteralTree } from './cql/literal-tree.ts';
import { CqlCursor, unquoted } from './cql-cursor.ts';
import type { CqlToken, TemplatePosition } from './cql-tokens.ts';

/** What the shape of a CQL write tells, without the table's schema. */
export interface CqlWrite {
  /** The table as written; that of the first statement of a batch. */
  readonly table: string;
  /** Every table, as written. */
  readonly tables: readonly string[];
  /** Columns that are written or compared, each once, without quotes. */
  readonly columns: readonly string[];
  /** Which column a slot is for; `TTL` and `TIMESTAMP` for those of USING. */
  readonly columnOf: ReadonlyMap<Slot | QuotedTemplate, string>;
  /** Columns that have the same literal in every row: `5`, `'eu'`, `true`, a UUID, as written. */
  readonly constants: ReadonlyMap<string, string>;
  /** Literals of collections with slots inside, where CQL has no bind markers; from first to last. */
  readonly literals: readonly CqlLiteral[];
  readonly isBatch: boolean;
  /** A lightweight transaction. */
  readonly conditional: boolean;
  /** Does something else the second time: counters, list appends, `now()`. */
  readonly relative: boolean;
  /** One UPDATE of counters. */
  readonly counter: boolean;
  /** One INSERT. */
  readonly inserts: boolean;
  /** Columns whose values the server makes anew each time. */
  readonly generated: ReadonlySet<string>;
}

/** A literal that becomes one value. */
export interface CqlLiteral {
  readonly column: string;
  readonly tree: LiteralTree<Slot | QuotedTemplate>;
  /** Of its opening bracket. */
  readonly from: TemplatePosition;
  /** Behind its closing bracket. */
  readonly to: TemplatePosition;
}

/** What was found where the shape of a write asked for something else. */
export class CqlProblem {
  readonly expected: string;
  readonly found: string;
  constructor(expected: string, found: string) {
    this.expected = expected;
    this.found = found;
  }
}

/** Reads the shape of INSERT, UPDATE, DELETE or a batch of them; what its values are is left to the database. */
export function readCqlWrite(tokens: readonly CqlToken[]): CqlWrite | CqlProblem {
  try {
    return new CqlReader(tokens).read();
  } catch (problem) {
    if (problem instanceof CqlProblem) return problem;
    throw problem;
  }
}

/** Functions of CQL that give another value each time. */
const clockFunctions = new Set([
  'now',
  'uuid',
  'currenttimestamp',
  'currentdate',
  'currenttime',
  'currenttimeuuid',
]);

/** Types of slots that a counter is not changed by. */
const collections = new Set(['list', 'set', 'map', 'vector']);

/** A literal that is one value, in an INSERT or behind the `=` of an UPDATE. */
const constantPattern =
  /^=?('(?:[^']|'')*'|-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|0x[\da-f]*|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|true|false)$/i;

type Value = Slot | QuotedTemplate;

class CqlReader extends CqlCursor<CqlToken> {
  readonly #columnOf = new Map<Value, string>();
  readonly #columns = new Set<string>();
  readonly #constants = new Map<string, string>();
  readonly #literals: CqlLiteral[] = [];
  readonly #tables = new Set<string>();
  #counter = false;
  readonly #generated = new Set<string>();
  #inserts = false;
  #conditional = false;
  #relative = false;

  read(): CqlWrite {
    const isBatch = this.word('begin');
    if (isBatch) this.#batch();
    else this.#statement();
    this.symbol(';');
    if (this.at < this.tokens.length) this.fail('the end of the statement');
    return {
      table: [...this.#tables][0]!,
      tables: [...this.#tables],
      columns: [...this.#columns],
      columnOf: this.#columnOf,
      constants: this.#constants,
      literals: this.#literals,
      isBatch,
      conditional: this.#conditional,
      relative: this.#relative,
      counter: this.#counter && !isBatch,
      inserts: this.#inserts && !isBatch,
      generated: this.#generated,
    };
  }

  /** BEGIN [UNLOGGED | COUNTER] BATCH [USING …] statements APPLY BATCH */
  #batch(): void {
    if (this.word('counter')) this.#relative = true;
    else this.word('unlogged');
    this.expectWord('batch');
    this.#using();
    do {
      this.#statement();
      this.symbol(';');
    } while (!this.word('apply'));
    this.expectWord('batch');
  }

  #statement(): void {
    if (this.word('insert')) this.#insert();
    else if (this.word('update')) this.#update();
    else if (this.word('delete')) this.#delete();
    else this.fail('INSERT INTO, UPDATE or DELETE');
  }

  /** INSERT INTO table (columns) VALUES (values) [IF NOT EXISTS] [USING …], or … JSON text */
  #insert(): void {
    this.expectWord('into');
    this.#inserts = true;
    this.#tableName();
    if (this.word('json')) {
      this.#values('JSON', ['if', 'using', 'default']);
      if (this.word('default')) this.at++;
    } else {
      const columns: string[] = [];
      this.expectSymbol('(');
      do columns.push(this.#column());
      while (this.symbol(','));
      this.expectSymbol(')');
      this.expectWord('values');
      this.expectSymbol('(');
      let index = 0;
      do {
        const column = columns[index++];
        if (column === undefined) this.fail(`${columns.length} values, one a column`);
        this.#values(column!, [], ',', ')');
      } while (this.symbol(','));
      if (index < columns.length) this.fail(`${columns.length} values, one a column`);
      this.expectSymbol(')');
    }
    this.#condition();
    this.#using();
    this.#condition();
  }

  /** UPDATE table [USING …] SET assignments WHERE relations [IF …] */
  #update(): void {
    this.#tableName();
    this.#using();
    this.expectWord('set');
    this.#counter = true;
    do {
      const start = this.at;
      const column = this.#column();
      this.#values(column, ['where'], ',');
      this.#noticeChange(column, this.tokens.slice(start + 1, this.at));
    } while (this.symbol(','));
    this.#where();
  }

  /** DELETE [columns] FROM table [USING …] WHERE relations [IF …] */
  #delete(): void {
    while (!this.word('from')) {
      const column = this.#column();
      const start = this.at;
      this.#values(column, ['from'], ',');
      // Deleting an element of a list moves those after it.
      if (this.at > start) this.#relative = true;
      this.symbol(',');
    }
    this.#tableName();
    this.#using();
    this.#where();
  }

  #where(): void {
    this.expectWord('where');
    do {
      const tuple = this.symbol('(');
      const column = this.word('token') ? 'token' : this.#column();
      this.#values(column, ['and', 'if', 'apply', 'insert', 'update', 'delete'], tuple ? '' : ';');
    } while (this.word('and'));
    this.#condition();
  }

  #condition(): void {
    if (!this.word('if')) return;
    this.#conditional = true;
    if (this.word('exists')) return;
    if (this.word('not')) return this.expectWord('exists');
    do this.#values(this.#column(), ['and', 'using', 'apply', 'insert', 'update', 'delete'], ';');
    while (this.word('and'));
  }

  #using(): void {
    if (!this.word('using')) return;
    do {
      const option = this.word('ttl') ? 'TTL' : 'TIMESTAMP';
      if (option === 'TIMESTAMP') this.expectWord('timestamp');
      this.#values(option, ['and', 'set', 'where', 'if', 'apply', 'insert', 'update', 'delete'], ';');
    } while (this.word('and'));
  }

  /**
   * Takes tokens up to one of the words or symbols, outside brackets; slots among them are values of `column`.
   * A word within brackets never ends them.
   */
  #values(column: string, words: readonly string[], ...symbols: readonly string[]): void {
    const start = this.at;
    let depth = 0;
    for (; this.at < this.tokens.length; this.at++) {
      const token = this.token!;
      if (this.#literal(column)) continue;
      if (token.kind === 'word' && clockFunctions.has(token.text.toLowerCase())) {
        this.#relative = true;
        this.#generated.add(column);
      }
      if (token.kind === 'value') this.#columnOf.set(token.value, column);
      else if (depth === 0 && token.kind === 'symbol' && symbols.includes(token.text)) break;
      else if (depth === 0 && token.kind === 'word' && words.includes(token.text.toLowerCase())) break;
      else if (token.kind === 'symbol' && '([{'.includes(token.text)) depth++;
      else if (token.kind === 'symbol' && ')]}'.includes(token.text)) depth--;
    }
    if (this.at === start && words[0] !== 'from') this.fail(`a value for ${column}`);
    this.#noticeConstant(column, this.tokens.slice(start, this.at));
  }

  /** What IF compares with is not what is written. */
  #noticeConstant(column: string, tokens: readonly CqlToken[]): void {
    if (this.#conditional || !this.#columns.has(column) || this.#constants.has(column)) return;
    const text = tokens.map((token) => tokenText(token) ?? '').join('');
    const [, literal] = constantPattern.exec(text) ?? [];
    if (literal !== undefined) this.#constants.set(column, literal);
  }

  /** Takes a literal of a collection with slots inside, up to its closing bracket. */
  #literal(column: string): boolean {
    const token = this.token!;
    if (token.kind !== 'symbol' || !(token.text === '{' || (token.text === '[' && !this.#isIndex())))
      return false;
    const close = closingToken(this.tokens, this.at);
    if (close === undefined) return false;
    const values = this.tokens.slice(this.at, close).filter((each) => each.kind === 'value');
    if (values.length === 0) return false;
    const read = readLiteral(this.tokens, this.at);
    if ('expected' in read) {
      this.at = read.end;
      return this.fail(`${read.expected}, since a literal with slots is one value`);
    }
    for (const { value } of values) this.#columnOf.set(value, column);
    this.#literals.push({ column, tree: read.tree, from: token.from, to: this.tokens[close]!.to });
    this.at = close;
    return true;
  }

  /** Whether a `[` stands behind a name: `m['a']`. */
  #isIndex(): boolean {
    const before = this.tokens[this.at - 1];
    return before?.kind === 'name' || (before?.kind === 'word' && before.text.toLowerCase() !== 'contains');
  }

  /** `c = c + 1`, `c += 1`, `l = l + [x]`, `l[1] = x`: not the same twice. Adding to a set or a map is. */
  #noticeChange(column: string, tokens: readonly CqlToken[]): void {
    const texts = tokens.map((token) =>
      token.kind === 'word' || token.kind === 'name'
        ? unquoted(token)
        : token.kind === 'value'
          ? ''
          : token.text,
    );
    const [operator] = texts;
    const ofItself =
      operator === '=' && texts.includes(column) && texts.some((text) => text === '+' || text === '-');
    const changes = operator === '+=' || operator === '-=' || ofItself;
    if (operator === '[' || (changes && !texts.includes('{'))) this.#relative = true;
    const ofCollection = tokens.some((token) =>
      token.kind === 'value'
        ? token.value.kind === 'quoted-template' ||
          (token.value.kind === 'value-slot' && collections.has(token.value.type.name.toLowerCase()))
        : token.text === '[' || token.text === '{',
    );
    if (!changes || ofCollection) this.#counter = false;
  }

  #tableName(): void {
    let table = this.name('the name of a table').text;
    if (this.symbol('.')) table += `.${this.name('the name of a table').text}`;
    this.#tables.add(table);
  }

  /** A column without quotes; unquoted names mean their lower case. */
  #column(): string {
    const column = unquoted(this.name('the name of a column'));
    this.#columns.add(column);
    return column;
  }

  protected override fail(expected: string): never {
    throw new CqlProblem(expected, tokenText(this.token) ?? 'the end of the statement');
  }
}

function tokenText(token: CqlToken | undefined): string | undefined {
  return token?.kind === 'value' ? 'a slot' : token?.text;
}
