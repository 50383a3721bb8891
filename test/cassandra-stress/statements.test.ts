import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/cassandra-stress/read-command-line.ts';
import {
  counterReadStatement,
  counterWriteStatement,
  keyspaceStatement,
  readStatement,
  tableStatement,
  truncateStatement,
  writeStatement,
} from '../../src/cassandra-stress/schema-statements.ts';
import type { StressSettings } from '../../src/cassandra-stress/settings.ts';
import { wordsOf } from './command-lines.ts';
import { recorded } from './recorded.ts';

function settingsOf(line: string | readonly string[]): StressSettings {
  const found = readCommandLine(wordsOf(line), { readFile: () => '', version: '1.0.0' });
  if (found.kind !== 'run') throw new Error(JSON.stringify(found));
  return found.settings;
}

/** The statements of 3.11.5 as newer versions have them. */
function asNewer(text: string): string {
  return (
    text
      .replaceAll('WITH COMPACT STORAGE AND compression', 'WITH compression')
      .replaceAll("'sstable_compression' : ", "'class' : ")
      .replaceAll('counter1 (key blob PRIMARY KEY,\n', 'counter1 (key blob PRIMARY KEY \n')
      // Where nothing was said of it; else it has the blank.
      .replace("'replication_factor': '1'", "'replication_factor' : '1'")
      .trimEnd()
  );
}

describe('the statements of the real tool', () => {
  const rows = recorded('statements').rows.map((row) => [JSON.stringify(row.line), row] as const);
  test.each(rows)('%s', (line, row) => {
    const settings = settingsOf(row.line);
    const own = [
      keyspaceStatement(settings.schema),
      tableStatement(settings, 'standard1'),
      tableStatement(settings, 'counter1'),
      writeStatement(settings),
      readStatement(settings),
      counterWriteStatement(settings),
      counterReadStatement(),
    ].join('\n');
    const standard = /strategy=(?!\w*Compaction)/.test(line)
      ? own
      : own.replace('locator.NetworkTopologyStrategy', 'locator.SimpleStrategy');
    expect(standard).toBe(asNewer(row.text));
  });
});

// The real one of 3.11.5 refuses a count of columns that varies; ScyllaDB's writes as many as there can be.
test('columns whose count varies', () => {
  expect(writeStatement(settingsOf('write n=5 -col n=UNIFORM(1..3)'))).toBe(
    'UPDATE "standard1" SET "C0" = ?,"C1" = ?,"C2" = ? WHERE KEY=?',
  );
});

test('the others', () => {
  expect(counterReadStatement()).toBe('SELECT * FROM "counter1" WHERE KEY=?');
  expect(truncateStatement('ks', 'standard1')).toBe('TRUNCATE "ks".standard1');
  const { schema } = settingsOf("write n=5 -schema keyspace=it's");
  expect(keyspaceStatement(schema)).toContain('"it\'s"');
});
