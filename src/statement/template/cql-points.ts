import type { PointTemplate } from '../../parser/ast.ts';
import { readCqlName } from '../../stress-client/target/cql/cql-name.ts';
import type { TemplateContext } from '../load-options.ts';
import type { BoundSlot } from './bind-slot.ts';
import { compositionText, type Composition, type PlacedSlot } from './compose.ts';
import { cqlName } from './cql-name.ts';
import { CqlPointPlan, timeColumn, timeType, type Tables } from './cql-point-plan.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import { literalKind } from './line-protocol.ts';
import { firstPlace } from './place.ts';
import type { CompiledField, PointParts } from './points.ts';
import { readReplication, replicationForms } from './replication.ts';
import { tableValues } from './values.ts';

/** A measurement with slots makes a table, and a prepared text, of each of its texts; more than these are too many. */
const tablesAtMost = 100;

type ColumnType = 'bigint' | 'double' | 'boolean' | 'text';

/** Makes rows of points; undefined after an error. */
export function cqlPoints(
  parts: PointParts,
  template: PointTemplate,
  context: TemplateContext,
  diagnostics: DiagnosticList,
): CqlPointPlan | undefined {
  const { CreateTables, Keyspace } = context.settings;
  const tables = tablesOf(parts.measurement, template, diagnostics);
  const tags = new Set(parts.tags.map(({ key }) => key));
  for (const { key } of parts.fields)
    if (tags.has(key))
      diagnostics.error('T014', template.span, `there are a tag and a field ${key}, and CQL has one column`);
  const columns = parts.fields.map(fieldColumn);
  const replication = CreateTables ? replicationOf(template, context, diagnostics) : '';
  if (tables === undefined || diagnostics.failed) return undefined;
  const keyspace = cqlName(readCqlName(Keyspace));
  const schema = CreateTables
    ? [
        `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = ${replication}`,
        ...tables.names.map((table) => createTable(`${keyspace}.${table}`, parts, columns)),
      ]
    : [];
  return new CqlPointPlan({
    ...parts,
    fields: columns.map(({ field }) => field),
    tables,
    keyspace: Keyspace,
    schema,
  });
}

function createTable(table: string, { tags, digits }: PointParts, columns: readonly FieldColumn[]): string {
  const keys = tags.map(({ key }) => cqlName(key));
  const definitions = [
    ...keys.map((key) => `${key} text`),
    `${timeColumn} ${timeType(digits)}`,
    ...columns.map(({ field, type }) => `${cqlName(field.key)} ${type}`),
    // A series without tags has nothing but its times: each is a partition.
    `PRIMARY KEY (${keys.length === 0 ? timeColumn : `(${keys.join(', ')}), ${timeColumn}`})`,
  ];
  return `CREATE TABLE IF NOT EXISTS ${table} (${definitions.join(', ')})`;
}

function replicationOf(
  template: PointTemplate,
  { settings }: TemplateContext,
  diagnostics: DiagnosticList,
): string | undefined {
  const replication = readReplication(settings.Replication);
  if (replication === undefined)
    diagnostics.error('C010', template.span, `Replication can not be ${settings.Replication}`, {
      expected: [replicationForms],
    });
  return replication;
}

/** A table for each text of the measurement. */
function tablesOf(
  measurement: Composition,
  template: PointTemplate,
  diagnostics: DiagnosticList,
): Tables | undefined {
  const { span } = template.measurement;
  const slots = [
    ...new Map(
      measurement.flatMap((part) => (typeof part === 'string' ? [] : [[part.slot, part] as const])),
    ).values(),
  ];
  const count = slots.reduce((product, { slot }) => product * (slot.count ?? Infinity), 1);
  if (count > tablesAtMost)
    return diagnostics.error(
      'T026',
      span,
      Number.isFinite(count)
        ? `the measurement is ${count} tables, and ${tablesAtMost} is the most`
        : 'the measurement is a table of its own for every point',
      { hint: 'what tells series apart is better a tag, which CQL has as a key column' },
    );
  const texts = Array.from({ length: count }, (_, table) => measurementText(measurement, slots, table));
  const wrong = texts.find((text) => !/^\w+$/.test(text));
  if (wrong !== undefined)
    return diagnostics.error('T027', span, `no table of CQL can be called ${wrong}`, {
      expected: ['letters, digits and _'],
    });
  return { names: texts.map(cqlName), slots };
}

/** The measurement of table `table`: the slots count through their ranks, first one fastest. */
function measurementText(measurement: Composition, slots: readonly PlacedSlot[], table: number): string {
  const ranks = new Map<BoundSlot, number>();
  let rest = table;
  for (const { slot } of slots) {
    ranks.set(slot, rest % slot.count!);
    rest = Math.floor(rest / slot.count!);
  }
  const placed = measurement.map((part) =>
    typeof part === 'string' ? part : { slot: part.slot, rankOf: () => ranks.get(part.slot)! },
  );
  return compositionText(placed, firstPlace());
}

interface FieldColumn {
  readonly field: CompiledField;
  readonly type: ColumnType;
}

/** A field as a column; literals become what CQL reads. */
function fieldColumn(field: CompiledField): FieldColumn {
  switch (field.form) {
    case 'integer':
      return { field, type: 'bigint' };
    case 'float':
      return { field, type: 'double' };
    case 'boolean':
      return { field, type: 'boolean' };
    case 'string':
      return { field, type: 'text' };
    case 'literal':
      return literalColumn(field);
  }
}

/** A literal, or a choice of literals: numbers of both kinds are a double, numbers and flags a text. */
function literalColumn(field: CompiledField): FieldColumn {
  const [only] = field.value;
  const slot = typeof only === 'object' ? only.slot : undefined;
  const texts = slot?.values.texts ?? [field.value.join('')];
  const kinds = new Set(texts.map(literalKind));
  const type = !kinds.has('boolean')
    ? kinds.has('float')
      ? 'double'
      : 'bigint'
    : kinds.size === 1
      ? 'boolean'
      : 'text';
  const read = texts.map((text) => (type === 'text' ? text : literalText(text)));
  const numbers = type === 'bigint' || type === 'double' ? read.map(Number) : undefined;
  const values = slot && tableValues(read, slot.values.draw!, numbers);
  const value: Composition =
    values === undefined
      ? read
      : [{ ...(only as PlacedSlot), slot: { ...slot!, values, made: { ...slot!.made, values } } }];
  return { field: { ...field, form: type === 'text' ? 'string' : 'literal', value }, type };
}

/** A literal of line protocol as one of CQL. */
function literalText(text: string): string {
  switch (literalKind(text)) {
    case 'integer':
      return text.slice(0, -1);
    case 'boolean':
      return String(/^t/i.test(text));
    default:
      return String(Number(text));
  }
}
