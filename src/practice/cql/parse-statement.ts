import { beyondPractice } from './cql-refusal.ts';
import { cqlTokens, syntaxError } from './cql-tokens.ts';
import type { CqlToken } from './cql-tokens.ts';
import type {
  AlterTable,
  Assignment,
  Comparison,
  Condition,
  CqlStatement,
  DefinitionStatement,
  DeleteStatement,
  InsertStatement,
  LiteralKind,
  Modification,
  Options,
  Relation,
  Selected,
  SelectStatement,
  Selector,
  TableName,
  Term,
  UpdateStatement,
  Using,
  WrittenColumn,
  WrittenType,
} from './statement.ts';

/** Reads one statement of CQL. Throws a CqlRefusal: a syntax error, or what the practice server can't do. */
export function parseStatement(text: string): { readonly statement: CqlStatement; readonly markers: number } {
  const parser = new Parser(text);
  const statement = parser.statement();
  return { statement, markers: parser.markers };
}

/** Words that are no names unless they are quoted. */
const reservedWords = new Set(
  `ADD ALLOW ALTER AND APPLY ASC AUTHORIZE BATCH BEGIN BY COLUMNFAMILY CREATE DELETE DESC DESCRIBE DROP ENTRIES
  EXECUTE FROM FULL GRANT IF IN INDEX INFINITY INSERT INTO IS KEYSPACE LIMIT MODIFY NAN NORECURSIVE NOT NULL OF
  ON OR ORDER PRIMARY RENAME REVOKE SCHEMA SELECT SET TABLE TO TOKEN TRUNCATE UNLOGGED UPDATE USE USING VIEW
  WHERE WITH`.split(/\s+/),
);

class Parser {
  readonly #text: string;
  readonly #tokens: readonly CqlToken[];
  #next = 0;
  markers = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = cqlTokens(text);
  }

  statement(): CqlStatement {
    const statement = this.#oneStatement();
    this.#takeSign(';');
    if (this.#peek.kind !== 'end') throw this.#unexpected('EOF');
    return statement;
  }

  #oneStatement(): CqlStatement {
    if (this.#takeWord('USE')) return { kind: 'use', keyspace: this.#name() };
    if (this.#takeWord('TRUNCATE')) {
      this.#takeWord('TABLE', 'COLUMNFAMILY');
      return { kind: 'truncate', table: this.#tableName() };
    }
    if (this.#takeWord('SELECT')) return this.#select();
    if (this.#takeWord('BEGIN')) return this.#batch();
    if (this.#takeWord('CREATE')) return this.#create();
    if (this.#takeWord('ALTER')) return this.#alter();
    if (this.#takeWord('DROP')) return this.#drop();
    if (this.#isWord('GRANT', 'REVOKE', 'LIST', 'DESCRIBE', 'DESC', 'ADD')) {
      throw beyondPractice(`has no ${this.#peek.text.toUpperCase()}`);
    }
    return this.#modification() ?? this.#fail();
  }

  #modification(): Modification | undefined {
    if (this.#takeWord('INSERT')) return this.#insert();
    if (this.#takeWord('UPDATE')) return this.#update();
    if (this.#takeWord('DELETE')) return this.#delete();
    return undefined;
  }

  #insert(): InsertStatement {
    this.#word('INTO');
    const table = this.#tableName();
    const columns: string[] = [];
    const values: Term[] = [];
    let json: Term | undefined;
    let jsonLeavesUnset = false;
    if (this.#takeWord('JSON')) {
      json = this.#term();
      if (this.#takeWord('DEFAULT')) {
        jsonLeavesUnset = this.#takeWord('UNSET');
        if (!jsonLeavesUnset) this.#word('NULL');
      }
    } else {
      this.#sign('(');
      columns.push(...this.#separated(() => this.#name()));
      this.#sign(')');
      this.#word('VALUES');
      this.#sign('(');
      values.push(...this.#separated(() => this.#term()));
      this.#sign(')');
    }
    let condition: Condition;
    if (this.#takeWord('IF')) {
      this.#word('NOT');
      this.#word('EXISTS');
      condition = 'not exists';
    }
    const using = this.#using();
    return { kind: 'insert', table, columns, values, json, jsonLeavesUnset, condition, using };
  }

  #update(): UpdateStatement {
    const table = this.#tableName();
    const using = this.#using();
    this.#word('SET');
    const assignments = this.#separated(() => this.#assignment());
    this.#word('WHERE');
    const where = this.#relations();
    return { kind: 'update', table, using, assignments, where, condition: this.#condition() };
  }

  #assignment(): Assignment {
    const start = this.#peek.start;
    const said = (): string => this.#text.slice(start, this.#tokens[this.#next - 1]!.end);
    const column = this.#name();
    if (this.#takeSign('[')) {
      const key = this.#term();
      this.#sign(']');
      this.#sign('=');
      return { column, set: 'element', key, value: this.#term() };
    }
    if (this.#takeSign('.')) {
      const field = this.#name();
      this.#sign('=');
      return { column, set: 'field', field, value: this.#term(), text: said() };
    }
    const short = this.#takeSign('+') ? 'add' : this.#takeSign('-') ? 'subtract' : undefined;
    this.#sign('=');
    if (short !== undefined) return { column, set: short, value: this.#term(), text: said() };
    const ahead = this.#tokens[this.#next + 1]!;
    if (this.#isName() && ahead.kind === 'sign' && (ahead.text === '+' || ahead.text === '-')) {
      if (this.#name() !== column) throw this.#unexpected(undefined);
      const set = this.#takeSign('+') ? 'add' : 'subtract';
      if (set === 'subtract') this.#sign('-');
      return { column, set, value: this.#term(), text: said() };
    }
    const value = this.#term();
    if (!this.#takeSign('+')) return { column, set: 'value', value };
    if (this.#name() !== column) throw this.#unexpected(undefined);
    return { column, set: 'prepend', value, text: said() };
  }

  #delete(): DeleteStatement {
    const targets = this.#isWord('FROM')
      ? []
      : this.#separated(() => {
          const column = this.#name();
          if (this.#takeSign('.')) return { column, field: this.#name() };
          if (!this.#takeSign('[')) return { column };
          const key = this.#term();
          this.#sign(']');
          return { column, key };
        });
    this.#word('FROM');
    const table = this.#tableName();
    const using = this.#using();
    this.#word('WHERE');
    const where = this.#relations();
    return { kind: 'delete', table, using, targets, where, condition: this.#condition() };
  }

  #batch(): CqlStatement {
    const counter = this.#takeWord('COUNTER');
    const type = counter ? 'counter' : this.#takeWord('UNLOGGED') ? 'unlogged' : 'logged';
    if (type === 'logged') this.#takeWord('LOGGED');
    this.#word('BATCH');
    const using = this.#using();
    const statements: Modification[] = [];
    while (!this.#takeWord('APPLY')) {
      statements.push(this.#modification() ?? this.#fail('K_APPLY'));
      this.#takeSign(';');
    }
    this.#word('BATCH');
    return { kind: 'batch', type, using, statements };
  }

  #select(): SelectStatement {
    const json = this.#isWord('JSON') && this.#tokens[this.#next + 1]!.text !== ',' && this.#takeWord('JSON');
    const distinct = this.#takeWord('DISTINCT');
    const selected = this.#takeSign('*') ? [] : this.#separated(() => this.#selected());
    this.#word('FROM');
    const table = this.#tableName();
    const where = this.#takeWord('WHERE') ? this.#relations() : [];
    const groupBy = this.#takeWords('GROUP', 'BY') ? this.#separated(() => this.#name()) : [];
    const orderBy = this.#takeWords('ORDER', 'BY')
      ? this.#separated(() => {
          const column = this.#name();
          if (this.#isWord('ANN')) throw beyondPractice('has no ANN search');
          const descending = this.#takeWord('DESC');
          if (!descending) this.#takeWord('ASC');
          return { column, descending };
        })
      : [];
    const perPartitionLimit = this.#takeWords('PER', 'PARTITION', 'LIMIT') ? this.#term() : undefined;
    const limit = this.#takeWord('LIMIT') ? this.#term() : undefined;
    const allowFiltering = this.#takeWords('ALLOW', 'FILTERING');
    return {
      kind: 'select',
      table,
      distinct,
      json,
      selected,
      where,
      groupBy,
      orderBy,
      perPartitionLimit,
      limit,
      allowFiltering,
    };
  }

  #selected(): Selected {
    const selector = this.#selector();
    return { selector, alias: this.#takeWord('AS') ? this.#name() : undefined };
  }

  #selector(): Selector {
    if (!this.#isName() && !this.#isWord('TOKEN')) return { kind: 'term', term: this.#term() };
    const start = this.#peek.start;
    const name = this.#takeWord('TOKEN') ? 'token' : this.#name();
    if (this.#takeSign('(')) {
      if (name === 'count' && (this.#takeSign('*') || this.#isInteger('1'))) {
        if (this.#peek.kind === 'integer') this.#next++;
        this.#sign(')');
        return { kind: 'count' };
      }
      if (name === 'cast') throw beyondPractice('has no CAST');
      const of = this.#isSign(')') ? [] : this.#separated(() => this.#selector());
      this.#sign(')');
      return { kind: 'call', name, of };
    }
    if (this.#takeSign('.')) return { kind: 'field', column: name, field: this.#name() };
    if (!this.#takeSign('[')) return { kind: 'column', column: name };
    const key = this.#term();
    this.#sign(']');
    return {
      kind: 'element',
      column: name,
      key,
      text: this.#text.slice(start, this.#tokens[this.#next - 1]!.end),
    };
  }

  #relations(): readonly Relation[] {
    const relations: Relation[] = [];
    do relations.push(this.#relation());
    while (this.#takeWord('AND'));
    return relations;
  }

  #relation(): Relation {
    if (this.#isWord('TOKEN') && this.#tokens[this.#next + 1]!.text === '(') {
      this.#next += 2;
      const columns = this.#separated(() => this.#name());
      this.#sign(')');
      return { columns, of: 'token', ...this.#comparisonWith() };
    }
    if (this.#takeSign('(')) {
      const columns = this.#separated(() => this.#name());
      this.#sign(')');
      return { columns, of: 'tuple', ...this.#comparisonWith() };
    }
    const columns = [this.#name()];
    if (this.#takeSign('[')) {
      const key = this.#term();
      this.#sign(']');
      return { columns, of: 'element', key, ...this.#comparisonWith() };
    }
    if (this.#takeSign('.')) {
      const field = this.#name();
      return { columns, of: 'field', field, ...this.#comparisonWith() };
    }
    return { columns, of: 'column', ...this.#comparisonWith() };
  }

  #comparisonWith(): Pick<Relation, 'comparison' | 'values' | 'inOneValue'> {
    if (this.#takeWord('IN')) {
      if (!this.#takeSign('(')) return { comparison: 'IN', values: [this.#term()], inOneValue: true };
      const values = this.#isSign(')') ? [] : this.#separated(() => this.#term());
      this.#sign(')');
      return { comparison: 'IN', values, inOneValue: false };
    }
    if (this.#takeWord('CONTAINS')) {
      const comparison = this.#takeWord('KEY') ? 'CONTAINS KEY' : 'CONTAINS';
      return { comparison, values: [this.#term()], inOneValue: false };
    }
    if (this.#isWord('LIKE', 'IS', 'NOT', 'BETWEEN')) {
      throw beyondPractice(`has no ${this.#peek.text.toUpperCase()} in WHERE`);
    }
    const { kind, text } = this.#peek;
    if (kind !== 'sign' || !['=', '!=', '<', '<=', '>', '>='].includes(text))
      throw this.#unexpected(undefined);
    this.#next++;
    return { comparison: text as Comparison, values: [this.#term()], inOneValue: false };
  }

  #condition(): Condition {
    if (!this.#takeWord('IF')) return undefined;
    if (this.#takeWord('EXISTS')) return 'exists';
    return this.#relations();
  }

  #using(): Using {
    const using: { ttl?: Term; timestamp?: Term } = {};
    if (!this.#takeWord('USING')) return using;
    do {
      if (this.#takeWord('TTL')) using.ttl = this.#term();
      else {
        this.#word('TIMESTAMP');
        using.timestamp = this.#term();
      }
    } while (this.#takeWord('AND'));
    return using;
  }

  #term(): Term {
    const token = this.#peek;
    if (this.#takeSign('?')) return { kind: 'marker', index: this.markers++, name: undefined };
    if (this.#takeSign(':')) return { kind: 'marker', index: this.markers++, name: this.#name() };
    if (this.#takeSign('[')) {
      const items = this.#isSign(']') ? [] : this.#separated(() => this.#term());
      this.#sign(']');
      return { kind: 'list', items };
    }
    if (this.#takeSign('(')) return this.#inParentheses();
    if (this.#takeSign('{')) return this.#inBraces();
    if (this.#takeSign('-')) {
      const number = this.#peek;
      if (number.kind === 'integer' || number.kind === 'float' || number.kind === 'duration') {
        this.#next++;
        return { kind: 'literal', of: number.kind, text: `-${number.text}` };
      }
      if (this.#takeWord('INFINITY')) return { kind: 'literal', of: 'float', text: '-Infinity' };
      if (this.#takeWord('NAN')) return { kind: 'literal', of: 'float', text: 'NaN' };
      throw this.#unexpected(undefined);
    }
    if (token.kind === 'word') {
      if (this.#takeWord('NULL')) return { kind: 'null' };
      if (this.#takeWord('TRUE', 'FALSE'))
        return { kind: 'literal', of: 'boolean', text: token.text.toLowerCase() };
      if (this.#takeWord('NAN')) return { kind: 'literal', of: 'float', text: 'NaN' };
      if (this.#takeWord('INFINITY')) return { kind: 'literal', of: 'float', text: 'Infinity' };
      if (this.#tokens[this.#next + 1]!.text === '(') {
        const name = this.#takeWord('TOKEN') ? 'token' : this.#name();
        this.#sign('(');
        const values = this.#isSign(')') ? [] : this.#separated(() => this.#term());
        this.#sign(')');
        return { kind: 'call', name, values };
      }
    }
    const literals: readonly string[] = ['string', 'uuid', 'hex', 'duration', 'float', 'integer'];
    if (!literals.includes(token.kind)) throw this.#unexpected(undefined);
    this.#next++;
    return { kind: 'literal', of: token.kind as LiteralKind, text: token.text };
  }

  /** `(1, 'x')`, or a cast: `(int)1`. */
  #inParentheses(): Term {
    if (this.#peek.kind === 'word' && ![',', ')'].includes(this.#tokens[this.#next + 1]!.text)) {
      const from = this.#next;
      if (this.#tokens[from + 1]!.text === '<') return this.#cast();
    }
    if (this.#peek.kind === 'word' && this.#tokens[this.#next + 1]!.text === ')' && !this.#isConstantWord()) {
      return this.#cast();
    }
    const items = this.#separated(() => this.#term());
    this.#sign(')');
    return { kind: 'tuple', items };
  }

  #isConstantWord(): boolean {
    return this.#isWord('NULL', 'TRUE', 'FALSE', 'NAN', 'INFINITY');
  }

  #cast(): Term {
    const type = this.#type();
    this.#sign(')');
    return { kind: 'cast', type, term: this.#term() };
  }

  /** A set, a map or a UDT. */
  #inBraces(): Term {
    if (this.#takeSign('}')) return { kind: 'set', items: [] };
    const isField = this.#isName() && this.#tokens[this.#next + 1]!.text === ':' && !this.#isConstantWord();
    if (isField) {
      const fields = this.#separated((): [string, Term] => {
        const name = this.#name();
        this.#sign(':');
        return [name, this.#term()];
      });
      this.#sign('}');
      return { kind: 'udt', fields };
    }
    const first = this.#term();
    if (this.#takeSign(':')) {
      const entries: [Term, Term][] = [[first, this.#term()]];
      while (this.#takeSign(',')) {
        const key = this.#term();
        this.#sign(':');
        entries.push([key, this.#term()]);
      }
      this.#sign('}');
      return { kind: 'map', entries };
    }
    const items = [first];
    while (this.#takeSign(',')) items.push(this.#term());
    this.#sign('}');
    return { kind: 'set', items };
  }

  #create(): DefinitionStatement {
    if (this.#takeWord('KEYSPACE', 'SCHEMA')) {
      const ifNotExists = this.#ifNotExists();
      const name = this.#name();
      if (!this.#isWord('WITH')) throw this.#unexpected('K_WITH');
      return { kind: 'create keyspace', name, ifNotExists, options: this.#options().options };
    }
    if (this.#takeWord('TABLE', 'COLUMNFAMILY')) return this.#createTable();
    if (this.#takeWord('TYPE')) {
      const ifNotExists = this.#ifNotExists();
      const type = this.#tableName();
      this.#sign('(');
      const fields = this.#separated((): [string, WrittenType] => [this.#name(), this.#type()]);
      this.#sign(')');
      return { kind: 'create type', type, ifNotExists, fields };
    }
    const custom = this.#takeWord('CUSTOM');
    if (this.#takeWord('INDEX')) return this.#createIndex(custom);
    throw this.#isName()
      ? beyondPractice(`has no CREATE ${this.#peek.text.toUpperCase()}`)
      : this.#unexpected(undefined);
  }

  #createTable(): DefinitionStatement {
    const ifNotExists = this.#ifNotExists();
    const table = this.#tableName();
    const columns: WrittenColumn[] = [];
    let partitionKey: readonly string[] = [];
    let clusteringKey: readonly string[] = [];
    this.#sign('(');
    do {
      if (this.#isSign(')')) break;
      if (this.#takeWords('PRIMARY', 'KEY')) {
        this.#sign('(');
        if (this.#takeSign('(')) {
          partitionKey = this.#separated(() => this.#name());
          this.#sign(')');
        } else partitionKey = [this.#name()];
        clusteringKey = this.#takeSign(',') ? this.#separated(() => this.#name()) : [];
        this.#sign(')');
        continue;
      }
      const column = this.#writtenColumn();
      columns.push(column);
      if (this.#takeWords('PRIMARY', 'KEY')) partitionKey = [column.name];
    } while (this.#takeSign(','));
    this.#sign(')');
    const { options, descending } = this.#options();
    return {
      kind: 'create table',
      table,
      ifNotExists,
      columns,
      partitionKey,
      clusteringKey,
      descending,
      options,
    };
  }

  #writtenColumn(): WrittenColumn {
    return { name: this.#name(), type: this.#type(), isStatic: this.#takeWord('STATIC') };
  }

  #createIndex(isCustom: boolean): DefinitionStatement {
    const ifNotExists = this.#ifNotExists();
    const name = this.#isWord('ON') ? undefined : this.#name();
    this.#word('ON');
    const table = this.#tableName();
    this.#sign('(');
    const isPart = this.#isWord('ENTRIES', 'FULL');
    let column = isPart ? this.#constant().toLowerCase() : this.#name();
    let part: string | undefined;
    if (this.#takeSign('(')) {
      part = column;
      column = this.#name();
      this.#sign(')');
    }
    this.#sign(')');
    let custom: string | undefined;
    if (this.#takeWord('USING')) custom = this.#string();
    else if (isCustom) this.#word('USING');
    this.#options();
    return { kind: 'create index', name, table, ifNotExists, column, part, custom };
  }

  #alter(): DefinitionStatement {
    if (this.#takeWord('KEYSPACE', 'SCHEMA')) {
      const ifExists = this.#ifExists();
      return { kind: 'alter keyspace', name: this.#name(), ifExists, options: this.#options().options };
    }
    if (this.#takeWord('TABLE', 'COLUMNFAMILY')) {
      const ifExists = this.#ifExists();
      return { kind: 'alter table', table: this.#tableName(), ifExists, change: this.#alterTable() };
    }
    if (this.#takeWord('TYPE')) {
      const ifExists = this.#ifExists();
      const type = this.#tableName();
      if (this.#takeWord('ADD')) {
        const add = this.#separated((): [string, WrittenType] => [this.#name(), this.#type()]);
        return { kind: 'alter type', type, ifExists, add };
      }
      return { kind: 'alter type', type, ifExists, rename: this.#renames() };
    }
    throw this.#isName()
      ? beyondPractice(`has no ALTER ${this.#peek.text.toUpperCase()}`)
      : this.#unexpected(undefined);
  }

  #alterTable(): AlterTable {
    if (this.#takeWord('ADD')) {
      const ifNotExists = this.#ifNotExists();
      return { alter: 'add', ifNotExists, columns: this.#maybeInParentheses(() => this.#writtenColumn()) };
    }
    if (this.#takeWord('DROP')) {
      const ifExists = this.#ifExists();
      return { alter: 'drop', ifExists, columns: this.#maybeInParentheses(() => this.#name()) };
    }
    if (this.#isWord('RENAME')) return { alter: 'rename', names: this.#renames() };
    if (this.#isWord('WITH')) return { alter: 'with', options: this.#options().options };
    throw this.#unexpected(undefined);
  }

  #renames(): readonly (readonly [string, string])[] {
    this.#word('RENAME');
    const names: [string, string][] = [];
    do {
      const from = this.#name();
      this.#word('TO');
      names.push([from, this.#name()]);
    } while (this.#takeWord('AND'));
    return names;
  }

  #drop(): DefinitionStatement {
    if (this.#takeWord('KEYSPACE', 'SCHEMA')) {
      const ifExists = this.#ifExists();
      return { kind: 'drop keyspace', name: this.#name(), ifExists };
    }
    if (this.#takeWord('TABLE', 'COLUMNFAMILY')) {
      const ifExists = this.#ifExists();
      return { kind: 'drop table', table: this.#tableName(), ifExists };
    }
    if (this.#takeWord('TYPE')) {
      const ifExists = this.#ifExists();
      return { kind: 'drop type', type: this.#tableName(), ifExists };
    }
    if (this.#takeWord('INDEX')) {
      const ifExists = this.#ifExists();
      return { kind: 'drop index', index: this.#tableName(), ifExists };
    }
    throw this.#isName()
      ? beyondPractice(`has no DROP ${this.#peek.text.toUpperCase()}`)
      : this.#unexpected(undefined);
  }

  #ifNotExists(): boolean {
    return this.#takeWords('IF', 'NOT', 'EXISTS');
  }

  #ifExists(): boolean {
    return this.#takeWords('IF', 'EXISTS');
  }

  /** WITH …: options by name; CLUSTERING ORDER BY apart. */
  #options(): { readonly options: Options; readonly descending: ReadonlySet<string> } {
    const options = new Map<string, string | ReadonlyMap<string, string>>();
    const descending = new Set<string>();
    if (!this.#takeWord('WITH')) return { options, descending };
    do {
      if (this.#takeWords('CLUSTERING', 'ORDER', 'BY')) {
        this.#sign('(');
        this.#separated(() => {
          const name = this.#name();
          if (this.#takeWord('DESC')) descending.add(name);
          else this.#takeWord('ASC');
        });
        this.#sign(')');
        continue;
      }
      if (this.#takeWords('COMPACT', 'STORAGE')) throw beyondPractice('has no COMPACT STORAGE');
      const name = this.#name();
      if (this.#isSign('=')) {
        this.#next++;
        options.set(name, this.#optionValue());
      } else if (this.#isString()) options.set(name, this.#string());
      else throw this.#unexpected("'='");
    } while (this.#takeWord('AND'));
    return { options, descending };
  }

  #optionValue(): string | ReadonlyMap<string, string> {
    if (!this.#takeSign('{')) return this.#constant();
    const map = new Map<string, string>();
    if (!this.#isSign('}')) {
      this.#separated(() => {
        const key = this.#constant();
        this.#sign(':');
        map.set(key, this.#constant());
      });
    }
    this.#sign('}');
    return map;
  }

  #constant(): string {
    const minus = this.#takeSign('-') ? '-' : '';
    const { kind, text } = this.#peek;
    if (kind === 'sign' || kind === 'end') throw this.#unexpected(undefined);
    this.#next++;
    return minus + text;
  }

  #type(): WrittenType {
    if (this.#isString()) throw beyondPractice('has no types by their Java class');
    let name = this.#takeWord('SET') ? 'set' : this.#name();
    let keyspace: string | undefined;
    if (this.#takeSign('.')) {
      keyspace = name;
      name = this.#name();
    }
    const parts: WrittenType[] = [];
    let size = 0;
    if (this.#takeSign('<')) {
      do {
        if (name === 'vector' && this.#peek.kind === 'integer') size = Number(this.#constant());
        else parts.push(this.#type());
      } while (this.#takeSign(','));
      this.#sign('>');
    }
    return { keyspace, name, parts, size };
  }

  #tableName(): TableName {
    const name = this.#name();
    return this.#takeSign('.') ? { keyspace: name, name: this.#name() } : { keyspace: undefined, name };
  }

  #separated<Item>(read: () => Item): Item[] {
    const items = [read()];
    while (this.#takeSign(',')) items.push(read());
    return items;
  }

  #maybeInParentheses<Item>(read: () => Item): Item[] {
    if (!this.#takeSign('(')) return this.#separated(read);
    const items = this.#separated(read);
    this.#sign(')');
    return items;
  }

  #name(): string {
    if (!this.#isName()) throw this.#unexpected(undefined);
    const { kind, text } = this.#peek;
    this.#next++;
    return kind === 'quoted' ? text : text.toLowerCase();
  }

  #string(): string {
    if (!this.#isString()) throw this.#unexpected('STRING_LITERAL');
    return this.#tokens[this.#next++]!.text;
  }

  #word(word: string): void {
    if (!this.#takeWord(word)) throw this.#unexpected(`K_${word}`);
  }

  #sign(sign: string): void {
    if (!this.#takeSign(sign)) throw this.#unexpected(`'${sign}'`);
  }

  #takeWord(...words: readonly string[]): boolean {
    if (!this.#isWord(...words)) return false;
    this.#next++;
    return true;
  }

  #takeWords(...words: readonly string[]): boolean {
    const said = words.every((word, index) => {
      const { kind, text } = this.#tokens[Math.min(this.#next + index, this.#tokens.length - 1)]!;
      return kind === 'word' && text.toUpperCase() === word;
    });
    if (said) this.#next += words.length;
    return said;
  }

  #takeSign(sign: string): boolean {
    if (!this.#isSign(sign)) return false;
    this.#next++;
    return true;
  }

  #isWord(...words: readonly string[]): boolean {
    return this.#peek.kind === 'word' && words.includes(this.#peek.text.toUpperCase());
  }

  #isName(): boolean {
    const { kind, text } = this.#peek;
    return kind === 'quoted' || (kind === 'word' && !reservedWords.has(text.toUpperCase()));
  }

  #isString(): boolean {
    return this.#peek.kind === 'string';
  }

  #isInteger(text: string): boolean {
    return this.#peek.kind === 'integer' && this.#peek.text === text;
  }

  #isSign(sign: string): boolean {
    return this.#peek.kind === 'sign' && this.#peek.text === sign;
  }

  get #peek(): CqlToken {
    return this.#tokens[this.#next]!;
  }

  #fail(expected?: string): never {
    throw this.#unexpected(expected);
  }

  #unexpected(expected: string | undefined): Error {
    return syntaxError(this.#text, this.#peek, expected);
  }
}
