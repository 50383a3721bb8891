import { readFileSync } from 'node:fs';
import { diagnosticCodes } from '../src/lexer/diagnostic-codes.ts';
import { reportingSchema } from '../src/reporting/influx/schema.ts';
import { columnFits } from '../src/statement/template/cql/column-fits.ts';
import { functionReference, typeReference } from '../src/statement/template/matrix-reference.ts';
import { differences } from '../test/cassandra-stress/differences.ts';
import { recorded } from '../test/cassandra-stress/recorded.ts';
import { settingDefinitions } from '../src/stress-client/settings.ts';
import type { SettingDefinition } from '../src/stress-client/settings.ts';
import { errorClasses } from '../src/stress-client/target/target.ts';

/** The generated parts of the documents by name, each as Markdown. */
export const generatedSections: Readonly<Record<string, () => string>> = {
  'syntax-tree': () => types('parser/ast.ts'),
  summary: () => types('reporting/summary.ts'),
  'interval-line': () => types('reporting/interval-line.ts'),
  'run-record': () => types('reporting/run-record.ts'),
  comparison: () => types('comparison/comparison.ts'),
  'run-event': () => types('stress-client/results.ts', ['RunEvent']),
  'request-line': () => types('reporting/request-line.ts'),
  'reporting-database': reportingDatabase,
  'column-fits': columnsThatFit,
  types: templateTypes,
  functions: templateFunctions,
  matrix,
  settings,
  'cassandra-stress-differences': cassandraStressDifferences,
  diagnostics: () => table(['code', 'meaning'], Object.entries(diagnosticCodes)),
  'error-classes': () =>
    table(
      ['class', 'outcome', 'may pass', 'meaning'],
      Object.entries(errorClasses).map(([name, { outcome, passes, doc }]) => [
        code(name),
        outcome,
        passes ? 'yes' : 'no',
        doc,
      ]),
    ),
};

/** Command lines that the real tool, asked once, takes otherwise. */
function cassandraStressDifferences(): string {
  const { lines } = recorded('command-lines');
  const rows = [...differences].map(([line, { why, outcome }]) => {
    const { refusal } = lines.find((each) => JSON.stringify(each.line) === line)!;
    const words: unknown = JSON.parse(line);
    return [
      code(Array.isArray(words) ? words.join(' ') : String(words)),
      refusal === undefined ? 'taken' : 'refused',
      typeof outcome === 'string' ? 'refused' : 'taken',
      why,
    ];
  });
  return table(['command line', '3.11.5', 'stressql', 'why'], rows);
}

function reportingDatabase(): string {
  return Object.entries(reportingSchema)
    .map(([name, { doc, time, tags, fields }]) => {
      const rows = [
        ['time', '', time],
        ...Object.entries(tags).map(([tag, meaning]) => [code(tag), 'tag', meaning]),
        ...Object.entries(fields).map(([field, { type, doc: meaning }]) => [code(field), type, meaning]),
      ];
      return `### ${name}\n\n${doc}\n\n${table(['name', 'type', 'meaning'], rows)}`;
    })
    .join('\n\n');
}

/** A row a kind of value: columns that take it in the same way stand together. */
function columnsThatFit(): string {
  const rows = Object.values(columnFits).map(({ noun, columns }) => {
    const columnsOf = new Map<string, string[]>();
    for (const [column, meaning] of Object.entries<string>(columns))
      columnsOf.set(meaning, [...(columnsOf.get(meaning) ?? []), column]);
    const fits = [...columnsOf].map(([meaning, names]) => `${names.map(code).join(' ')} ${meaning}`);
    return [noun, fits.join('; ')];
  });
  return table(['a slot that makes', 'fits columns of type'], rows);
}

function templateTypes(): string {
  const rows = typeReference.map(({ name, aliases, doc, lineProtocol, cql }) => [
    [name, ...aliases].map(code).join(' '),
    doc,
    lineProtocol,
    cql,
  ]);
  return table(['type', 'values', 'in line protocol', 'in CQL'], rows);
}

function templateFunctions(): string {
  return functionReference
    .map(({ name, doc, forms }) => {
      const rows = forms.map(({ signature, types: having, doc: gives, parameters }) => [
        code(signature),
        having.join(' '),
        gives,
        parameters
          .map(({ name: parameter, is, default: absent }) => {
            const otherwise = absent === undefined ? '' : `; absent: ${absent}`;
            return `${parameter}: ${is}${otherwise}`;
          })
          .join('; '),
      ]);
      return `#### ${name}\n\n${doc}\n\n${table(['form', 'of types', 'gives', 'arguments'], rows)}`;
    })
    .join('\n\n');
}

function matrix(): string {
  const rows = typeReference.map(({ name, functions }) => [
    name,
    ...functionReference.map((each) => (functions.includes(each.name) ? '●' : '')),
  ]);
  return table(['', ...functionReference.map(({ name }) => name)], rows);
}

const groupTitles: Readonly<Record<SettingDefinition['group'], string>> = {
  v2: 'Known from influx stress v2',
  target: 'Target',
  influx: 'InfluxDB',
  cql: 'Cassandra and ScyllaDB',
  load: 'Load',
  reporting: 'Reporting',
};

function settings(): string {
  const definitions: readonly [string, SettingDefinition][] = Object.entries(settingDefinitions);
  return Object.entries(groupTitles)
    .map(([group, title]) => {
      const rows = definitions
        .filter(([, definition]) => definition.group === group)
        .map(([name, definition]) => [
          name,
          settingValues(definition),
          `[${definition.default}]`,
          definition.scope,
          definition.doc,
        ]);
      return `#### ${title}\n\n${table(['name', 'value', 'default', 'scope', 'meaning'], rows)}`;
    })
    .join('\n\n');
}

function settingValues(definition: SettingDefinition): string {
  switch (definition.kind) {
    case 'choice':
      return definition.choices!.join(', ');
    case 'flag':
      return 'true, false';
    case 'count':
      return `whole number ≥ ${definition.minimum ?? 0}`;
    case 'limit':
      return `whole number ≥ ${definition.minimum ?? 0}, or ${definition.default}`;
    case 'text':
    case 'secret':
    case 'duration':
    case 'addresses':
    case 'date':
      return definition.kind;
  }
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The exported types of a source file, or some of them, as they stand there: a document that can't be wrong. */
function types(path: string, names?: readonly string[]): string {
  const text = readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8');
  const declaration =
    /(?:^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^export (?:interface [\s\S]*?^}|type (?:(?!;\n)[\s\S])*;)$/gm;
  const found = [...text.matchAll(declaration)]
    .map(([each]) => each.replace(/^export /m, ''))
    .filter((each) => names === undefined || names.some((name) => each.includes(`\ninterface ${name} {`)));
  return ['```ts', found.join('\n\n'), '```'].join('\n');
}
