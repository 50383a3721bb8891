import type { Distribution } from '../statement/template/stress/distribution.ts';
import { KeyColumn } from '../statement/template/stress/row-data.ts';
import { distributionText } from './distribution-text.ts';
import {
  counterReadStatement,
  counterWriteStatement,
  keyspaceStatement,
  readStatement,
  tableStatement,
  truncateStatement,
  writeStatement,
  type StatementValues,
  type StressTable,
} from './schema-statements.ts';
import type { CommandSettings, PopulationSettings, StressSettings } from './settings.ts';
import type { StressOperation, Workload } from './workload.ts';

/** The row that a read looks for is written by this. */
const writeOf: Readonly<Record<string, string>> = { READ: 'WRITE', COUNTER_READ: 'COUNTER_WRITE' };

function typesOf({ name, ratios }: CommandSettings): readonly (readonly [type: string, weight: number])[] {
  return ratios.length > 0 ? ratios.filter(([, weight]) => weight > 0) : [[name.toUpperCase(), 1]];
}

/** Whether a command that is none of the user's reads rows. */
export function readsRows(command: CommandSettings): boolean {
  return typesOf(command).some(([type]) => writeOf[type] !== undefined);
}

/** What write, read, mixed, counter_write and counter_read do; in a rehearsal all rows that are read are written first. */
export function predefinedWorkload(settings: StressSettings, rehearses: boolean): Workload {
  const { command, schema, population } = settings;
  const used = typesOf(command);
  const missing = rehearses ? used.flatMap(([type]) => writeOf[type] ?? []) : [];
  const tables = new Set(used.map(([type]) => tableOf(type)));
  const makes = rehearses || command.name === 'write' || command.name === 'counter_write';
  const made: readonly StressTable[] = tables.has('counter1') ? ['standard1', 'counter1'] : ['standard1'];
  const key = new KeyColumn('key', { kind: 'fixed', value: command.keySize });
  return {
    keyspace: schema.keyspace,
    schema: makes ? [keyspaceStatement(schema), ...made.map((table) => tableStatement(settings, table))] : [],
    created: 'keyspaces',
    missing: missing.map((type) => operationOf(type, 1, settings)),
    truncations: [...tables].map((table) => truncateStatement(schema.keyspace, table)),
    operations: used.map(([type, weight]) => operationOf(type, weight, settings)),
    population: populationText(population),
    lookback: lookbackText(population),
    writes: command.name !== 'read' && command.name !== 'counter_read',
    keysOf: (_, seed) => {
      const bytes = Buffer.alloc(command.keySize);
      key.write(Math.floor(seed / 0x1_0000_0000), seed | 0, bytes, 0);
      return [bytes.toString('hex')];
    },
  };
}

function tableOf(type: string): StressTable {
  return type.startsWith('COUNTER') ? 'counter1' : 'standard1';
}

function operationOf(type: string, weight: number, settings: StressSettings): StressOperation {
  const keyword = type === 'READ' || type === 'COUNTER_READ' ? 'QUERY' : 'INSERT';
  const { command, columns, errors } = settings;
  const key = `[blob stresskey('key', ${command.keySize})]`;
  const blobs: StatementValues = { key, column: (name) => blobSlot(name, columns.size) };
  const operation = { name: type, keyword, weight, clauses: [] } as const;
  const returns = (row: string): readonly string[] => (errors.skipReadValidation ? [] : [`RETURNS ${row}`]);
  switch (type) {
    case 'WRITE':
      return { ...operation, body: writeStatement(settings, blobs) };
    case 'COUNTER_WRITE': {
      const values = { key, column: () => counterSlot(command.add.distribution) };
      return { ...operation, body: counterWriteStatement(settings, values) };
    }
    case 'COUNTER_READ':
      return { ...operation, body: counterReadStatement(blobs), clauses: ['RETURNS *'] };
    default: {
      if (!columns.slice) {
        const clauses = returns(columns.names.map(blobs.column).join(', '));
        return { ...operation, body: readStatement(settings, blobs), clauses };
      }
      // A second key slot would be a second part of the key.
      const named = { ...blobs, key: key.replace('[', '[key: ') };
      const clauses = returns(['[=key]', ...columns.names.map(blobs.column)].join(', '));
      return { ...operation, body: readStatement(settings, named), clauses };
    }
  }
}

function blobSlot(name: string, size: Distribution): string {
  const argument = size.kind === 'fixed' ? String(size.value) : `'${distributionText(size)}'`;
  return `[blob stress('${name.replaceAll("'", "''")}', ${argument})]`;
}

/** What a counter grows by follows from no key: it is drawn. */
function counterSlot(add: Distribution): string {
  switch (add.kind) {
    case 'fixed':
      return `[counter const('${add.value}')]`;
    case 'uniform':
      return `[counter rand(${add.minimum}, ${add.maximum})]`;
    default:
      return `[counter draw('${distributionText(add)}')]`;
  }
}

function lookbackText(population: PopulationSettings): string | undefined {
  if (population.kind !== 'sequence' || population.readLookback === undefined) return undefined;
  return distributionText(population.readLookback);
}

function populationText(population: PopulationSettings): string {
  return population.kind === 'sequence'
    ? `${population.first}..${population.last}`
    : distributionText(population.distribution);
}
