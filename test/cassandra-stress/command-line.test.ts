import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCommandLine, type CommandLine } from '../../src/cassandra-stress/read-command-line.ts';
import { settingsBlock } from '../../src/cassandra-stress/settings-block.ts';
import { commandLines, wordsOf } from './command-lines.ts';
import { differences } from './differences.ts';
import { recorded, type RecordedLine } from './recorded.ts';

function read(words: readonly string[]): CommandLine {
  return readCommandLine(words, { readFile: (path) => readFileSync(path, 'utf8'), version: '1.2.3' });
}

type Sections = Readonly<Record<string, readonly string[]>>;

function sectionsOf(block: string): Sections {
  const sections: Record<string, string[]> = {};
  let section: string[] = [];
  for (const line of block.split('\n').slice(1)) {
    if (line.startsWith('  ')) section.push(line.slice(2));
    else if (line !== '') sections[line.replace(/:$/, '')] = section = [];
  }
  return sections;
}

/** Our settings, which are ScyllaDB's, as Apache Cassandra 3.11.5 would print them. */
function asApache(block: string, { line }: RecordedLine): Sections {
  const native = block.includes('API: JAVA_DRIVER_NATIVE');
  const own = block
    .replace(/^ {2}(?:Serial Consistency Level|Fail fast setting|Rack|Storage Options): .*\n/gm, '')
    .replace(/^CloudConf:\n.*\n/m, '')
    .replace('Strategy Options: {', 'Strategy Pptions: {')
    .replace('hostname-verification=false; ', '')
    .replace('Max Pending Per Connection: null', `Max Pending Per Connection: ${native ? 128 : null}`);
  // ScyllaDB's default is another.
  const standard = /strategy=/.test(String(line).replace(/compaction\(.*/, ''))
    ? own
    : own.replace('locator.NetworkTopologyStrategy', 'locator.SimpleStrategy');
  return sortedRatios(sectionsOf(standard));
}

/** The recorded ones are sorted: the real one has them in an order of its memory's addresses. */
function sortedRatios(sections: Sections): Sections {
  const command = sections['Command']?.map((each) =>
    each.replace(/\{(.*)\}/, (_, ratios: string) => `{${ratios.split(', ').sort().join(', ')}}`),
  );
  return command === undefined ? sections : { ...sections, Command: command };
}

const { base, lines } = recorded('command-lines');

function expectedSections({ sections, absent = [] }: RecordedLine): Sections {
  const all = Object.entries({ ...base, ...sections }).filter(([name]) => !absent.includes(name));
  return Object.fromEntries(all);
}

const title = (row: RecordedLine): string => JSON.stringify(row.line);
const rows = lines.map((row) => [title(row), row] as const);
const same = rows.filter(([line]) => !differences.has(line));

test('as many lines as it takes', () => {
  expect(lines.length).toBeGreaterThanOrEqual(150);
  expect(lines.map(({ line }) => line)).toEqual(commandLines);
  expect([...differences.keys()].filter((line) => !rows.some(([each]) => each === line))).toEqual([]);
});

describe('accepted, with the settings of the real tool', () => {
  test.each(same.filter(([, row]) => row.refusal === undefined))('%s', (_, row) => {
    const found = read(wordsOf(row.line));
    if (found.kind !== 'run') throw new Error(JSON.stringify(found));
    const keyspace = found.settings.command.name === 'user' ? 'stresscql' : undefined;
    expect(asApache(settingsBlock(found.settings, keyspace), row)).toEqual(expectedSections(row));
  });
});

describe('refused, for the reason of the real tool', () => {
  test.each(same.filter(([, row]) => row.refusal !== undefined))('%s', (_, row) => {
    const found = read(wordsOf(row.line));
    if (found.kind !== 'refused') throw new Error(`it is ${found.kind}`);
    expect(found.reason.replace(/; did you mean .*\?$/, '')).toBe(row.refusal);
    expect(found.usage).toMatch(/^Usage: \S[^\n]*$/);
  });
});

describe('what differs, and why', () => {
  test.each(rows.filter(([line]) => differences.has(line)))('%s', (line, row) => {
    const found = read(wordsOf(row.line));
    const { outcome } = differences.get(line)!;
    if (typeof outcome === 'string') {
      expect(found).toMatchObject({ kind: 'refused', reason: outcome });
      expect(row.refusal).not.toBe(outcome);
      return;
    }
    if (found.kind !== 'run') throw new Error(JSON.stringify(found));
    const keyspace = found.settings.command.name === 'user' ? 'stresscql' : undefined;
    const printed = sectionsOf(settingsBlock(found.settings, keyspace));
    for (const [section, values] of Object.entries(outcome)) {
      expect(printed[section]).toEqual(expect.arrayContaining([...values]));
    }
    const theirs = row.refusal === undefined ? expectedSections(row) : undefined;
    expect(asApache(settingsBlock(found.settings, keyspace), row)).not.toEqual(theirs);
  });
});

test('arguments mean the same however they are cut, and with blanks where these mean nothing', () => {
  const good = lines.filter(({ refusal, line }) => refusal === undefined && typeof line === 'string');
  fc.assert(
    fc.property(
      fc.constantFrom(...good),
      fc.array(fc.constantFrom('', ' ', '  '), { minLength: 40, maxLength: 40 }),
      fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
      ({ line }, blanks, cuts) => {
        let at = 0;
        const blank = (): string => blanks[at++ % blanks.length]!;
        const spaced = String(line).replace(/[,=()]/g, (mark) =>
          mark === ')' ? `${blank()})` : `${blank()}${mark}${blank()}`,
        );
        const words = spaced.split(' ').reduce<string[]>((all, word, index) => {
          if (index === 0 || cuts[index % cuts.length]!) return [...all, word];
          return [...all.slice(0, -1), `${all.at(-1)} ${word}`];
        }, []);
        expect(read(words)).toEqual(read(wordsOf(line)));
      },
    ),
    { seed: 20_261_121, numRuns: 500 },
  );
});
