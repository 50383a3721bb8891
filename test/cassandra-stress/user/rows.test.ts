import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { generatedColumn, profileColumns } from '../../../src/cassandra-stress/user/column-slots.ts';
import type { GeneratedValue } from '../../../src/statement/template/stress/generated-column.ts';
import { Partition } from '../../../src/statement/template/stress/partition.ts';
import { PartitionRows } from '../../../src/statement/template/stress/partition-rows.ts';
import { definedProfile } from './defined-profile.ts';

/** A table as cassandra-stress filled it from seeds 1 to the last, in hexadecimal digits of the protocol's bytes. */
interface RecordedTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const folder = new URL('../profiles/', import.meta.url);
const staging = Buffer.alloc(1 << 16);

function recordedTable(name: string): RecordedTable {
  return JSON.parse(readFileSync(new URL(`${name}.rows.json`, folder), 'utf8')) as RecordedTable;
}

/** The rows of the seeds from 1 to `seeds`, columns by their names; of one of several visits to each. */
function madeRows(name: string, seeds: number, visit = 0, visits = 1): ReadonlyMap<string, string>[] {
  const text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8');
  const columns = profileColumns(definedProfile({ path: `${name}.yaml`, text }), false);
  const made = columns.map((column) => ({ role: column.role, generated: generatedColumn(column) }));
  const ofRole = (role: string): typeof made => made.filter((column) => column.role === role);
  const partition = new Partition({
    partitionKey: ofRole('key').map(({ generated }) => generated),
    clusteringKey: ofRole('cluster').map(({ generated }) => generated),
  });
  const written = new PartitionRows();
  const rows: ReadonlyMap<string, string>[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    partition.open(seed);
    written.clear();
    partition.written(1, () => 0, Infinity, written, visit, visits);
    for (let each = 0; each < written.length; each++) {
      const row = written.at(each);
      const bytesOf = ({ generated }: (typeof made)[number], value: GeneratedValue): string =>
        staging.toString('hex', 0, generated.write(value, staging, 0));
      const cells = [
        ...ofRole('key').map((column, at) => [column, bytesOf(column, partition.keys[at]!)] as const),
        ...ofRole('cluster').map((column, at) => [column, bytesOf(column, row.clusters[at]!)] as const),
        ...ofRole('other').map((column) => {
          const { generated } = column;
          generated.setSeed(row.high, row.low);
          const bytes = bytesOf(column, generated.next());
          expect(staging.toString('hex', 0, generated.writeOf(row.high, row.low, staging, 0))).toBe(bytes);
          return [column, bytes] as const;
        }),
      ];
      rows.push(
        new Map(
          cells.map(([{ generated }, bytes]) => [
            generated.name,
            generated.type.kind === 'set' ? sortedElements(bytes) : bytes,
          ]),
        ),
      );
    }
  }
  return rows;
}

/** A set as the server sorts it. */
function sortedElements(set: string): string {
  const bytes = Buffer.from(set, 'hex');
  const elements: Buffer[] = [];
  for (let at = 4; at < bytes.length;) {
    const end = at + 4 + bytes.readInt32BE(at);
    elements.push(bytes.subarray(at, end));
    at = end;
  }
  elements.sort((one, other) => Buffer.compare(one.subarray(4), other.subarray(4)));
  return Buffer.concat([bytes.subarray(0, 4), ...elements]).toString('hex');
}

function textOf(row: readonly string[]): string {
  return row.join(' ');
}

test.each([
  ['levels', 30],
  ['clusters', 30],
])('every row of %s is what cassandra-stress wrote', (name, seeds) => {
  const { columns, rows } = recordedTable(name);
  const made = madeRows(name, seeds).map((row) => textOf(columns.map((column) => row.get(column)!)));
  expect(made.toSorted()).toEqual(rows.map(textOf).toSorted());
});

test('each visit writes the rows that it writes there, the last one what is left', () => {
  const { rows } = recordedTable('visits');
  const recorded = new Map<string, string[][]>();
  const times = [...new Set(rows.map(([, , , time]) => time!))].toSorted();
  for (const time of times) {
    const written = rows.filter((row) => row[3] === time);
    const visited = written.map(([, word, number]) => `${word} ${number}`).toSorted();
    recorded.set(written[0]![0]!, [...(recorded.get(written[0]![0]!) ?? []), visited]);
  }
  // It ended within the last one.
  recorded.delete(rows.find((row) => row[3] === times.at(-1))![0]!);
  const made = new Map<string, string[][]>();
  for (const visit of [0, 1, 2])
    for (const [id, of] of Map.groupBy(madeRows('visits', recorded.size, visit, 3), (row) => row.get('id')!))
      made.set(id, [
        ...(made.get(id) ?? []),
        of.map((row) => `${row.get('word')} ${row.get('number')}`).toSorted(),
      ]);
  const merged = [...recorded].map(
    ([id, [first, second, ...others]]) => [id, [first, second, others.flat().toSorted()]] as const,
  );
  expect(recorded.size).toBeGreaterThan(10);
  expect(new Map(made)).toEqual(new Map(merged));
});

describe('a column of every type', () => {
  const { columns, rows } = recordedTable('types');
  const made = madeRows('types', 40);
  const key = columns.filter((column) => column.startsWith('k_'));
  const madeOf = new Map(made.map((row) => [textOf(key.map((column) => row.get(column)!)), row]));
  const pairs = rows.map((row) => {
    const recorded = new Map(columns.map((column, at) => [column, row[at]!]));
    return { recorded, made: madeOf.get(textOf(key.map((column) => recorded.get(column)!))) };
  });

  test('all keys', () => {
    expect(pairs.filter((pair) => pair.made === undefined)).toEqual([]);
    expect(made.length).toBe(rows.length);
  });

  test.each(columns.filter((column) => column !== 'd_extreme'))('%s', (column) => {
    expect(pairs.map((pair) => pair.made?.get(column))).toEqual(
      pairs.map(({ recorded }) => recorded.get(column)),
    );
  });

  test('fractions of an extreme distribution, to the last two bits', () => {
    // Java's powers and ours are not rounded alike.
    for (const pair of pairs) {
      const value = Buffer.from(pair.made!.get('d_extreme')!, 'hex').readDoubleBE();
      const recorded = Buffer.from(pair.recorded.get('d_extreme')!, 'hex').readDoubleBE();
      expect(Math.abs(value - recorded)).toBeLessThanOrEqual(Math.abs(recorded) * 2 ** -51);
    }
  });
});

test('a timeuuid that clusters: the same values, as many as there are in both', () => {
  const { columns, rows } = recordedTable('events');
  const made = new Map<string, string[]>();
  for (const row of madeRows('events', 30)) {
    const texts = made.get(row.get('sensor')!) ?? [];
    made.set(row.get('sensor')!, texts);
    texts.push(textOf(columns.map((column) => row.get(column)!)));
  }
  const recorded = Map.groupBy(rows, ([sensor]) => sensor!);
  expect([...made.keys()].toSorted()).toEqual([...recorded.keys()].toSorted());
  for (const [sensor, texts] of made) {
    const written = new Set(recorded.get(sensor)!.map(textOf));
    const common = Math.min(texts.length, written.size);
    expect(texts.slice(0, common).filter((text) => !written.has(text))).toEqual([]);
  }
});
