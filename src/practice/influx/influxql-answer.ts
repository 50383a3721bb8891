import type { PracticeDatabase } from './database.ts';
import type { PracticeDatabases } from './databases.ts';

interface Series {
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | boolean | null)[])[];
}

interface Result {
  readonly statement_id: number;
  readonly series?: readonly Series[];
  readonly error?: string;
}

const bucketsAtMost = 1000;
const rowsAtMost = 100;
const bucketsUnlessBounded = 12;
const statementWords = 'SELECT, DELETE, SHOW, CREATE, DROP, EXPLAIN, GRANT, REVOKE, ALTER, SET, KILL';
const secondsOf: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * Answers InfluxQL in the shape that InfluxDB 1.8 answers: databases and measurements are those that were made
 * and written, the values of a SELECT are made up, and there are few of them. `error` says where a text is none.
 */
export function answerInfluxql(
  text: string,
  databaseName: string,
  databases: PracticeDatabases,
): { readonly results: readonly Result[] } | { readonly error: string } {
  const statements = splitStatements(text);
  if ('error' in statements) return statements;
  for (const statement of statements) {
    const error = syntaxError(statement);
    if (error !== undefined) return { error };
  }
  const results: Result[] = [];
  for (const statement of statements) {
    results.push({ statement_id: results.length, ...answerStatement(statement, databaseName, databases) });
  }
  return { results };
}

/** A statement as its words and signs, quotes kept. */
type Tokens = readonly string[];

function splitStatements(text: string): readonly Tokens[] | { readonly error: string } {
  const pattern =
    /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<=[~,(]\s*|FROM\s+)\/(?:[^/\\]|\\.)+\/|[\p{L}\p{N}_@$:]+(?:\.\p{N}+\p{L}*)?|[=!]~|<>|[!<>]=|./giuy;
  const statements: string[][] = [[]];
  let depth = 0;
  for (const [token] of text.matchAll(pattern)) {
    if (/^(\s|--|\/\*)/.test(token)) continue;
    if (token === '"' || token === "'") return { error: `found BADSTRING, expected the string's end` };
    if (token === '(') depth++;
    if (token === ')') depth--;
    if (depth < 0) break;
    if (token === ';') statements.push([]);
    else statements.at(-1)!.push(token);
  }
  if (depth > 0) return { error: 'found EOF, expected )' };
  if (depth < 0) return { error: 'found ), expected EOF' };
  const said = statements.filter((tokens) => tokens.length > 0);
  return said.length > 0 ? said : { error: `found EOF, expected ${statementWords} at line 1, char 1` };
}

function syntaxError(tokens: Tokens): string | undefined {
  const words = tokens.map((token) => token.toUpperCase());
  const needs = (word: string): string | undefined =>
    words.includes(word) ? undefined : `found EOF, expected ${word}`;
  switch (words[0]) {
    case 'SELECT':
      if (tokens.length < 2 || words[1] === 'FROM')
        return `found ${tokens[1] ?? 'EOF'}, expected identifier, string, number, bool`;
      if (words.includes('FROM') && words.at(-1) === 'FROM') return 'found EOF, expected identifier';
      if (words.at(-1) === 'WHERE') return 'found EOF, expected identifier, string, number, bool';
      return needs('FROM');
    case 'CREATE':
      if (words[1] === 'DATABASE') return tokens.length > 2 ? undefined : 'found EOF, expected identifier';
      if (words[1] === 'CONTINUOUS') return needs('BEGIN') ?? needs('END');
      if (words[1] === 'RETENTION') return needs('ON') ?? needs('DURATION') ?? needs('REPLICATION');
      if (words[1] === 'USER') return needs('PASSWORD');
      if (words[1] === 'SUBSCRIPTION') return needs('ON');
      return `found ${tokens[1] ?? 'EOF'}, expected CONTINUOUS, DATABASE, USER, RETENTION, SUBSCRIPTION`;
    case 'DROP':
    case 'SHOW':
    case 'DELETE':
    case 'EXPLAIN':
    case 'GRANT':
    case 'REVOKE':
    case 'ALTER':
    case 'SET':
    case 'KILL':
      return tokens.length > 1 ? undefined : `found EOF, expected more after ${words[0]}`;
    default:
      return `found ${tokens[0]}, expected ${statementWords} at line 1, char 1`;
  }
}

function answerStatement(
  tokens: Tokens,
  databaseName: string,
  databases: PracticeDatabases,
): { series?: readonly Series[]; error?: string } {
  const words = tokens.map((token) => token.toUpperCase());
  const start = words.join(' ');
  const named = (after: string): string => unquoted(tokens[words.indexOf(after) + 1] ?? '');
  if (start.startsWith('CREATE DATABASE')) {
    databases.create(unquoted(tokens[2]!));
    return {};
  }
  if (start.startsWith('DROP DATABASE')) {
    databases.drop(unquoted(tokens[2] ?? ''));
    return {};
  }
  if (start.startsWith('SHOW DATABASES')) return names('databases', databases.names);
  if (/^(CREATE|ALTER|DROP) (RETENTION|CONTINUOUS)/.test(start)) {
    const on = named('ON');
    return databases.find(on) !== undefined ? {} : { error: `database not found: ${on}` };
  }
  if (/^(CREATE|DROP) (USER|SUBSCRIPTION)|^(GRANT|REVOKE|SET|KILL)/.test(start)) return {};
  if (/^SHOW (QUERIES|USERS|GRANTS|SHARDS|STATS|DIAGNOSTICS|SUBSCRIPTIONS|CONTINUOUS)/.test(start)) return {};

  const asked = words.includes('ON') ? named('ON') : databaseName;
  if (asked === '') return { error: 'database name required' };
  const database = databases.find(asked);
  if (database === undefined) return { error: `database not found: ${asked}` };
  if (start.startsWith('SHOW MEASUREMENTS')) return names('measurements', [...database.measurements.keys()]);
  if (/^SHOW SERIES (EXACT )?CARDINALITY/.test(start)) {
    return oneSeries({ columns: ['cardinality estimation'], values: [[database.seriesCardinality]] });
  }
  if (start.startsWith('SHOW FIELD KEYS')) {
    const series = [...database.measurements].map(([name, { fields }]) => ({
      name,
      columns: ['fieldKey', 'fieldType'],
      values: [...fields],
    }));
    return series.length > 0 ? { series } : {};
  }
  if (/^DROP (MEASUREMENT|SERIES)|^DELETE/.test(start)) {
    database.drop(words[1] === 'MEASUREMENT' ? unquoted(tokens[2] ?? '') : undefined);
    return {};
  }
  if (words[0] === 'EXPLAIN') {
    return oneSeries({ columns: ['QUERY PLAN'], values: [['PRACTICE SERVER: nothing is planned']] });
  }
  if (words[0] === 'SELECT') return select(tokens, words, database);
  return {};
}

function select(
  tokens: Tokens,
  words: readonly string[],
  database: PracticeDatabase,
): { series?: readonly Series[]; error?: string } {
  const name = measurementOf(tokens, words);
  const measurement = database.measurements.get(name);
  const from = outerFrom(words);
  if (words.slice(0, from).includes('INTO')) {
    const written = measurement === undefined ? 0 : 1;
    return oneSeries({
      name: 'result',
      columns: ['time', 'written'],
      values: [['1970-01-01T00:00:00Z', written]],
    });
  }
  const isPattern = name.startsWith('/');
  if (measurement === undefined && !isPattern) return {};
  const columns = selected(tokens.slice(1, from), [...(measurement?.fields.keys() ?? ['value'])].toSorted());
  const text = words.join(' ');
  const limit = Number(/ LIMIT (\d+)/.exec(text)?.[1] ?? Infinity);
  const aggregates = columns.some(({ isFunction }) => isFunction);
  const bucket = /GROUP BY .*?TIME \( (\d+)([A-Z]+)/.exec(text);
  const rows = Math.min(limit, rowCount(text, bucket, aggregates, measurement?.points ?? 1));
  const stepMs =
    bucket === null ? 1000 : Number(bucket[1]) * (secondsOf[bucket[2]!.toLowerCase()] ?? 1) * 1000;
  const startMs = aggregates && bucket === null ? 0 : Date.UTC(2016, 0, 1);
  const values = Array.from({ length: rows }, (_, row) => [
    new Date(startMs + row * stepMs).toISOString().replace('.000Z', 'Z'),
    ...columns.map(({ isCount }, column) => (isCount ? (measurement?.points ?? 0) : plausible(row, column))),
  ]);
  if (values.length === 0) return {};
  const tag = /GROUP BY (?:TIME \([^)]*\) , )?(?!TIME \()("[^"]*"|[\p{L}_][\p{L}\p{N}_]*)/iu.exec(
    tokens.join(' '),
  )?.[1];
  return oneSeries({
    name: isPattern ? 'practice' : name,
    ...(tag === undefined || /^fill$/i.test(tag) ? {} : { tags: { [unquoted(tag)]: 'practice' } }),
    columns: ['time', ...columns.map((column) => column.name)],
    values,
  });
}

function rowCount(text: string, bucket: RegExpExecArray | null, aggregates: boolean, points: number): number {
  if (bucket !== null) {
    const seconds = Number(bucket[1]) * (secondsOf[bucket[2]!.toLowerCase()] ?? 1);
    const range = timeRangeSeconds(text);
    const buckets = range === undefined ? bucketsUnlessBounded : Math.ceil(range / seconds);
    return Math.max(0, Math.min(bucketsAtMost, buckets));
  }
  return aggregates ? 1 : Math.min(points, rowsAtMost);
}

/** The span between the bounds of a WHERE time, where both are dates or one is `now() - 1h`. */
function timeRangeSeconds(text: string): number | undefined {
  const ago = /TIME >=? NOW \( \) - (\d+)([A-Z]+)/.exec(text);
  if (ago !== null) return Number(ago[1]) * (secondsOf[ago[2]!.toLowerCase()] ?? 1);
  const from = /TIME >=? '([^']+)'/.exec(text)?.[1];
  const to = /TIME <=? '([^']+)'/.exec(text)?.[1];
  if (from === undefined || to === undefined) return undefined;
  const seconds = (Date.parse(to.replace(' ', 'T')) - Date.parse(from.replace(' ', 'T'))) / 1000;
  return Number.isNaN(seconds) ? undefined : seconds;
}

interface Column {
  readonly name: string;
  readonly isFunction: boolean;
  readonly isCount: boolean;
}

/** The columns that a SELECT's list makes, `*` being every field. */
function selected(tokens: Tokens, fields: readonly string[]): readonly Column[] {
  const columns: Column[] = [];
  let part: string[] = [];
  let depth = 0;
  const end = (): void => {
    const alias = part.findIndex((token) => token.toUpperCase() === 'AS');
    const first = unquoted(part[0] ?? '');
    const isFunction = part[1] === '(';
    if (first === '*') {
      columns.push(...fields.map((name) => ({ name, isFunction: false, isCount: false })));
    } else if (first !== '') {
      const name = alias >= 0 ? unquoted(part[alias + 1] ?? '') : first;
      columns.push({ name, isFunction, isCount: isFunction && first.toLowerCase() === 'count' });
    }
    part = [];
  };
  for (const token of tokens) {
    if (token.toUpperCase() === 'INTO') break;
    if (token === '(') depth++;
    if (token === ')') depth--;
    if (token === ',' && depth === 0) end();
    else part.push(token);
  }
  end();
  return columns;
}

/** The measurement of the innermost FROM, without its database and retention policy. */
function measurementOf(tokens: Tokens, words: readonly string[]): string {
  let at = words.findIndex((word, index) => word === 'FROM' && words[index + 1] !== '(') + 1;
  while (tokens[at + 1] === '.') at += tokens[at + 2] === '.' ? 3 : 2;
  return unquoted(tokens[at] ?? '')
    .split('.')
    .at(-1)!;
}

function outerFrom(words: readonly string[]): number {
  let depth = 0;
  for (let at = 0; at < words.length; at++) {
    if (words[at] === '(') depth++;
    if (words[at] === ')') depth--;
    if (depth === 0 && words[at] === 'FROM') return at;
  }
  return words.length;
}

/** A number that looks measured, the same for the same place. */
function plausible(row: number, column: number): number {
  return Math.round((50 + 40 * Math.sin((row + 3 * column) / 5)) * 1000) / 1000;
}

function oneSeries(series: Series): { series: readonly Series[] } {
  return { series: [series] };
}

function names(name: string, values: readonly string[]): { series?: readonly Series[] } {
  return values.length === 0
    ? {}
    : oneSeries({ name, columns: ['name'], values: values.map((value) => [value]) });
}

function unquoted(token: string): string {
  return /^["']/.test(token) ? token.slice(1, -1).replaceAll(/\\(.)/g, '$1') : token;
}
