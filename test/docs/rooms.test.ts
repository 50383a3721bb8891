import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What each folder of src may import, besides itself; ARCHITECTURE.md has the same table in words. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  lexer: [],
  parser: ['lexer', 'stress-client/settings'],
  'stress-client': ['lexer', 'parser/ast', 'wasm'],
  statement: ['lexer', 'parser', 'stress-client', 'wasm'],
  reporting: ['lexer', 'parser/ast', 'statement', 'stress-client'],
  comparison: ['parser/ast', 'reporting', 'stress-client'],
  grafana: ['reporting/influx/common-clock', 'reporting/influx/schema'],
  practice: [],
  wasm: [],
  'cassandra-stress': ['lexer', 'parser', 'reporting', 'statement', 'stress-client'],
  cli: [
    'cassandra-stress',
    'comparison',
    'grafana',
    'lexer',
    'parser',
    'practice',
    'reporting',
    'statement',
    'stress-client',
  ],
};

function importsOf(file: string): readonly string[] {
  const paths = [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(
    ([, path]) => path!,
  );
  const found = paths.map((path) => relative('src', join(dirname(file), path)).replace(/\.ts$/, ''));
  // The package's own description is no room, nor is what was made for Grafana.
  return found.filter(
    (path) => path !== join('..', 'package.json') && !path.startsWith(join('..', 'grafana')),
  );
}

describe('a room imports what it may', () => {
  test.each(Object.entries(rooms))('src/%s', (room, allowed) => {
    const own = [room, ...allowed];
    const strangers = globSync(`src/${room}/**/*.ts`).flatMap((file) =>
      importsOf(file)
        .filter((path) => !own.some((each) => path === each || path.startsWith(each + sep)))
        .map((path) => `${file} imports ${path}`),
    );
    expect(strangers).toEqual([]);
  });
});
