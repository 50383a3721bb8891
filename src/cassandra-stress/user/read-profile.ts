import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type YAMLMap,
} from 'yaml';
import { nearestWord } from '../../lexer/nearest-word.ts';
import {
  DistributionError,
  readDistribution,
  type Distribution,
} from '../../statement/template/stress/distribution.ts';
import { readRatio, type Ratio } from '../../statement/template/stress/ratio.ts';
import { Refusal } from '../refusal.ts';
import type {
  BatchType,
  ColumnSpec,
  InsertSpec,
  ProfileQuery,
  ReadProfile,
  TokenRangeQuery,
} from './profile.ts';
import {
  DefinitionError,
  readKeyspaceName,
  readTableDefinition,
  type TableDefinition,
} from './table-definition.ts';

/** A profile's file as it was read. */
export interface ProfileFile {
  /** As it was given. */
  readonly path: string;
  readonly text: string;
}

/** Reads a profile. Throws Refusal with the file and the line of what is wrong. */
export function readProfile(file: ProfileFile): ReadProfile {
  return new ProfileReader(file).read();
}

const keys = [
  'specname',
  'keyspace',
  'keyspace_definition',
  'table',
  'table_definition',
  'extra_definitions',
  'columnspec',
  'insert',
  'queries',
  'token_range_queries',
];

/** What a map has, by its keys. */
interface Entry {
  readonly key: string;
  readonly at: Node;
  readonly value: Node | null;
}

class ProfileReader {
  readonly #file: ProfileFile;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  constructor(file: ProfileFile) {
    this.#file = file;
    this.#document = parseDocument(file.text, { lineCounter: this.#lines, merge: true });
  }

  read(): ReadProfile {
    const { contents, errors } = this.#document;
    const [error] = errors;
    if (error !== undefined) {
      const [message] = error.message.split(/ at line \d+|\n/);
      this.#refuse(error.pos[0], message!);
    }
    const top = new Map(this.#entries(contents, 'the profile', keys).map((each) => [each.key, each]));
    const keyspace = this.#required(top, 'keyspace');
    const table = this.#required(top, 'table');
    const keyspaceText = this.#optional(top, 'keyspace_definition');
    this.#checkKeyspace(top.get('keyspace_definition'), keyspaceText, keyspace);
    const tableText = this.#optional(top, 'table_definition');
    const insert = this.#insert(top.get('insert'));
    const queries = this.#queries(top.get('queries'));
    const tokenRangeQueries = this.#tokenRangeQueries(top.get('token_range_queries'));
    const definition =
      tableText === undefined ? undefined : this.#definition(top.get('table_definition')!, tableText, table);
    return {
      file: this.#file.path,
      specname: this.#optional(top, 'specname') ?? `${keyspace}.${table}`,
      keyspace,
      keyspaceDefinition: keyspaceText,
      table,
      tablePlace: this.#place(top.get('table')!.at),
      tableText,
      definition,
      extraDefinitions: this.#items(top.get('extra_definitions')).map((item) => this.#text(item)),
      columns: this.#columns(top.get('columnspec')),
      insert: insert.spec,
      insertTexts: insert.texts,
      queries,
      tokenRangeQueries,
    };
  }

  #checkKeyspace(entry: Entry | undefined, text: string | undefined, keyspace: string): void {
    if (text === undefined) return;
    const name = this.#readDefinition(entry!, () => readKeyspaceName(text));
    if (name.toLowerCase() === keyspace.toLowerCase()) return;
    this.#refuse(
      entry!.at,
      `Name in keyspace_definition doesn't match keyspace property: '${name}' != '${keyspace}'`,
    );
  }

  #definition(entry: Entry, text: string, table: string): TableDefinition {
    const definition = this.#readDefinition(entry, () => readTableDefinition(text));
    if (definition.name.toLowerCase() === table.toLowerCase()) return definition;
    return this.#refuse(
      entry.at,
      `Name in table_definition doesn't match table property: '${definition.name}' != '${table}'`,
    );
  }

  #readDefinition<Read>(entry: Entry, read: () => Read): Read {
    try {
      return read();
    } catch (error) {
      if (error instanceof DefinitionError) return this.#refuse(entry.at, `${entry.key}: ${error.message}`);
      throw error;
    }
  }

  #columns(entry: Entry | undefined): ReadonlyMap<string, ColumnSpec> {
    const columns = new Map<string, ColumnSpec>();
    for (const item of this.#items(entry)) {
      const known = ['name', 'size', 'population', 'cluster'];
      const given = new Map(this.#entries(item, 'a column spec', known).map((each) => [each.key, each]));
      const name = given.get('name');
      if (name === undefined) this.#refuse(item, 'Missing name argument in column spec');
      columns.set(this.#textOf(name), {
        size: this.#distribution(given.get('size')),
        population: this.#distribution(given.get('population')),
        cluster: this.#distribution(given.get('cluster')),
      });
    }
    return columns;
  }

  #insert(entry: Entry | undefined): { spec: InsertSpec; texts: readonly (readonly [string, string])[] } {
    const known = ['partitions', 'select', 'row-population', 'batchtype', 'condition'];
    const entries = entry === undefined ? [] : this.#entries(entry.value, 'insert', known);
    const given = new Map(entries.map((each) => [each.key, each]));
    const condition = given.get('condition');
    return {
      spec: {
        partitions: this.#distribution(given.get('partitions')),
        select: this.#ratio(given.get('select')),
        rowPopulation: this.#ratio(given.get('row-population')),
        batchType: this.#batchType(given.get('batchtype')),
        condition: condition === undefined ? undefined : this.#textOf(condition),
      },
      texts: entries.map((each) => [each.key, this.#textOf(each)]),
    };
  }

  #batchType(entry: Entry | undefined): BatchType | undefined {
    if (entry === undefined) return undefined;
    const text = this.#textOf(entry).toUpperCase();
    if (text === 'LOGGED' || text === 'UNLOGGED' || text === 'COUNTER') return text;
    return this.#refuse(entry.at, `batchtype can not be ${text}: it is LOGGED, UNLOGGED or COUNTER`);
  }

  #queries(entry: Entry | undefined): readonly ProfileQuery[] {
    if (entry === undefined) return [];
    return this.#entries(entry.value, 'queries').map(({ key, at, value }) => {
      const given = new Map(
        this.#entries(value, `query ${key}`, ['cql', 'fields']).map((each) => [each.key, each]),
      );
      const cql = given.get('cql');
      if (cql === undefined) this.#refuse(at, `query ${key} has no cql`);
      const fields = given.get('fields');
      const fieldsText = fields === undefined ? undefined : this.#textOf(fields);
      const mode = (fieldsText ?? 'multirow').toLowerCase();
      if (mode !== 'samerow' && mode !== 'multirow')
        this.#refuse(fields!.at, `fields can not be ${fieldsText}: they are samerow or multirow`);
      return { name: key, cql: this.#textOf(cql), fields: mode, fieldsText, place: this.#place(cql.at) };
    });
  }

  #tokenRangeQueries(entry: Entry | undefined): readonly TokenRangeQuery[] {
    if (entry === undefined) return [];
    return this.#entries(entry.value, 'token_range_queries').map(({ key, value }) => {
      const given = new Map(
        this.#entries(value, `query ${key}`, ['columns', 'page_size']).map((each) => [each.key, each]),
      );
      const pageSize = given.get('page_size');
      const columns = given.get('columns');
      return {
        name: key,
        columns: columns === undefined ? '*' : this.#textOf(columns),
        pageSize: pageSize === undefined ? undefined : Number(this.#textOf(pageSize)),
      };
    });
  }

  #distribution(entry: Entry | undefined): Distribution | undefined {
    return entry === undefined ? undefined : this.#readNumbers(entry, readDistribution);
  }

  #ratio(entry: Entry | undefined): Ratio | undefined {
    if (entry === undefined) return undefined;
    const ratio = this.#readNumbers(entry, readRatio);
    if (ratio !== undefined) return ratio;
    return this.#refuse(entry.at, `Invalid ratio definition: ${this.#textOf(entry)}`);
  }

  #readNumbers<Read>(entry: Entry, read: (text: string) => Read): Read {
    try {
      return read(this.#textOf(entry).replaceAll(/\s+/g, ''));
    } catch (error) {
      if (error instanceof DistributionError) return this.#refuse(entry.at, `${entry.key}: ${error.message}`);
      throw error;
    }
  }

  #required(top: ReadonlyMap<string, Entry>, key: string): string {
    const text = this.#optional(top, key);
    return text === undefined || text === '' ? this.#refuse(0, `${key} name is required in yaml file`) : text;
  }

  /** A text, or undefined where it is absent or blank. */
  #optional(top: ReadonlyMap<string, Entry>, key: string): string | undefined {
    const entry = top.get(key);
    if (entry === undefined) return undefined;
    const text = this.#textOf(entry);
    return text.trim() === '' ? undefined : text;
  }

  /** The entries of a map, of which only some keys are known; their case matters nowhere but in names. */
  #entries(node: Node | null, what: string, known?: readonly string[]): readonly Entry[] {
    if (node === null || (isScalar(node) && node.value === null)) return [];
    const map: unknown = isAlias(node) ? node.resolve(this.#document) : node;
    if (!isMap(map)) return this.#refuse(node, `${what} is a map of names and values`);
    return (map as YAMLMap<Node, Node | null>).items.map(({ key: at, value }) => {
      const written = this.#text(at);
      const key = known === undefined ? written : written.toLowerCase();
      if (known === undefined || known.includes(key)) return { key, at, value };
      const nearest = nearestWord(key, known);
      const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
      return this.#refuse(at, `${what} has no ${written}${hint}`);
    });
  }

  #items(entry: Entry | undefined): readonly Node[] {
    if (entry === undefined || entry.value === null) return [];
    if (isScalar(entry.value) && entry.value.value === null) return [];
    if (!isSeq<Node>(entry.value)) return this.#refuse(entry.at, `${entry.key} is a list`);
    return entry.value.items;
  }

  #textOf({ at, key, value }: Entry): string {
    return value === null ? this.#refuse(at, `${key} has no value`) : this.#text(value);
  }

  /** A scalar as it is written. */
  #text(node: Node): string {
    if (!isScalar(node)) return this.#refuse(node, 'a text belongs here');
    return typeof node.value === 'string' ? node.value : (node.source ?? '');
  }

  #place(at: Node | number): string {
    const offset = typeof at === 'number' ? at : (at.range?.[0] ?? 0);
    return `${this.#file.path}:${Math.max(1, this.#lines.linePos(offset).line)}`;
  }

  #refuse(at: Node | number, message: string): never {
    throw new Refusal(`${this.#place(at)}: ${message}`);
  }
}
