import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/lexer/diagnostic.ts';
import { nearestWord } from '../../src/lexer/nearest-word.ts';
import { diagnosticToJson, renderDiagnostic } from '../../src/lexer/render-diagnostic.ts';
import { Source } from '../../src/lexer/source.ts';
import { parse } from '../../src/parser/parse.ts';

function rendered(text: string): string {
  const source = new Source('profile.sql', text);
  const [diagnostic] = parse([source]).diagnostics;
  return renderDiagnostic(diagnostic!, [source], { color: false });
}

describe('a diagnostic for people', () => {
  test('place, excerpt, caret, what was expected, suggestion', () => {
    expect(rendered('SHOW a\n\nINSERT c c v=1 DO 10 EVRY 5s')).toBe(
      [
        'profile.sql:3:22: error S001: `EVRY` begins no clause',
        '3 | INSERT c c v=1 DO 10 EVRY 5s',
        '  |                      ^^^^',
        '  expected: a clause: DO, EVERY, FOR, AT, WARMUP, PICK, WRITTEN, SERIES, POPULATION, RETURNS, PARTITIONS, ROW, ROWS, WITH, TAG, EXPECT, WEIGHT, CLUSTER, the end of the statement',
        '  did you mean EVERY?',
      ].join('\n'),
    );
  });

  test('a count that is none', () => {
    expect(rendered('QUERY q SELECT 1 DO 10k')).toBe(
      [
        'profile.sql:1:21: error S020: `10k` is no count',
        '1 | QUERY q SELECT 1 DO 10k',
        '  |                     ^^^',
        '  expected: a count such as 1000, 1_000_000 or 1e6',
      ].join('\n'),
    );
  });

  test('a hint', () => {
    expect(rendered("SELECT 'it\\'s'").split('\n').at(-1)).toBe(
      '  hint: write INFLUXQL or CQL before the text',
    );
  });

  test.each<[string, string, string]>([
    ['tabs are widened', "\tSELECT\t'a", `${' '.repeat(14)}^`],
    ['wide characters take two columns', "SELECT 世界, 'a", '             ^'],
    ['emoji take two columns', "SELECT 😀, 'a", '           ^'],
    ['marks that combine take none', "SELECT e\u0301, 'a", '          ^'],
  ])('%s', (_, text, caret) => {
    const lines = rendered(text).split('\n');
    expect(lines[2]!.slice(4)).toBe(caret);
  });

  test('columns count code points', () => {
    expect(rendered("SELECT 😀, 'a")).toContain('profile.sql:1:11:');
  });

  test('places of one line have the same columns in whatever order they are asked for', () => {
    const text = `WAIT\n${'ab😀\ud83d\ude00\ude00\ud83dc'.repeat(3)}\nWAIT`;
    const columnOf = (offset: number): number => new Source('profile.sql', text).position(offset).column;
    const asked = new Source('profile.sql', text);
    for (let first = 0; first <= text.length; first++)
      for (let second = 0; second <= text.length; second++) {
        asked.position(first);
        expect(asked.position(second).column).toBe(columnOf(second));
      }
  });

  test('a very long line is shown around the place', () => {
    const [, excerpt, caret] = rendered(`SELECT ${'x'.repeat(100_000)} ('`).split('\n');
    expect(excerpt!.length).toBeLessThan(120);
    expect(excerpt!.charAt(caret!.indexOf('^'))).toBe("'");
  });

  test('colours only when asked for', () => {
    const source = new Source('profile.sql', 'FOO');
    const [diagnostic] = parse([source]).diagnostics;
    expect(renderDiagnostic(diagnostic!, [source], { color: true })).toContain(
      '\u001b[1;31merror S002\u001b[0m',
    );
  });

  test('what is wrong with the command line has no place', () => {
    const diagnostic: Diagnostic = {
      severity: 'error',
      code: 'S051',
      message: 'the script has no parameter `X`',
      span: { source: 0, start: 0, end: 0 },
      suggestion: 'Y',
    };
    const source = new Source('profile.sql', 'SHOW a');
    expect(renderDiagnostic(diagnostic, [source], { color: false })).toBe(
      'error S051: the script has no parameter `X`\n  did you mean Y?',
    );
    expect(diagnosticToJson(diagnostic, [source])).not.toHaveProperty('file');
  });
});

test('a diagnostic for programs', () => {
  const source = new Source('profile.sql', 'SHOW a\n\nWIAT');
  const [diagnostic] = parse([source]).diagnostics;
  expect(diagnosticToJson(diagnostic!, [source])).toMatchObject({
    severity: 'error',
    code: 'S002',
    message: '`WIAT` begins no statement',
    suggestion: 'WAIT',
    file: 'profile.sql',
    start: { offset: 8, line: 3, column: 1 },
    end: { offset: 12, line: 3, column: 5 },
  });
});

test.each<[string, string[], string | undefined]>([
  ['WIAT', ['WAIT', 'WITH'], 'WAIT'],
  ['evry', ['EVERY', 'EXPECT'], 'EVERY'],
  ['BatchSze', ['BatchSize', 'PageSize'], 'BatchSize'],
  ['zebra', ['WAIT', 'WITH'], undefined],
  ['x', ['y'], undefined],
  ['databse', ['Database', 'ReportDatabase'], 'Database'],
])('the nearest word to %s', (word, candidates, nearest) => {
  expect(nearestWord(word, candidates)).toBe(nearest);
});
