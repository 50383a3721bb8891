import { expect, test } from 'vitest';
import { maskSecrets } from '../../src/parser/mask-secrets.ts';

/** What is shown of a line; the line itself where nothing in it is secret. */
const lines: readonly [line: string, shown?: string][] = [
  ['SET Password [hunter2]', 'SET Password [*******]'],
  ['set "password"[a b]', 'set "password"[* *]'],
  ['SET Password\n[hunter2]\nSET Database [x]', 'SET Password\n[*******]\nSET Database [x]'],
  ['SET Token ["tok]en"] # why', 'SET Token ["***]**"] # why'],
  ['SET Passwrd [hunter2]', 'SET Passwrd [*******]'],
  ['SET Password hunter2', 'SET Password *******'],
  ['SET Password = hunter2', 'SET Password = *******'],
  ['SET Password [hunter2\nDO 5', 'SET Password [*******\nDO 5'],
  [
    'DO 5 WITH BatchSize [5], ReportToken[hunter2], Precision [s]',
    'DO 5 WITH BatchSize [5], ReportToken[*******], Precision [s]',
  ],
  ['SET Password [${env:PASS:-hunter2}]', 'SET Password [********************]'],
  ["CREATE USER u WITH PASSWORD 'hunter2'", "CREATE USER u WITH PASSWORD '*******'"],
  ["SET PASSWORD FOR u = 'hunter2", "SET PASSWORD FOR u = '*******"],
  ['SET Password [${env:PASS}]'],
  ['SET Password [${PASS:-}]'],
  ["CREATE USER u WITH PASSWORD '${PASS}'"],
  ['SET Databse [shop]'],
  ['c,token=[a|b],password=[x] v=[int rand(3)]'],
];

test.each(lines)('%s', (line, shown = line) => {
  expect(maskSecrets(line)).toBe(shown);
  expect(maskSecrets(line)).toHaveLength(line.length);
});
