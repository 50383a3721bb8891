import { describe, expect, test } from 'vitest';
import { helpText } from '../../src/cassandra-stress/help.ts';
import { commands, groups, type Option } from '../../src/cassandra-stress/options.ts';
import { readCommandLine } from '../../src/cassandra-stress/read-command-line.ts';
import { recorded } from './recorded.ts';

/** Suboptions that Apache Cassandra 3.11.5 has not, as they stand in help. */
const additions: readonly string[] = [...commands, ...groups]
  .flatMap(({ alternatives }) => alternatives.flat())
  .filter((option: Option) => option.origin !== undefined && option.name !== '')
  .map(({ name }) => name);

/** Help without these. */
function withoutAdditions(text: string): string {
  return text
    .split('\n')
    .filter((line) => !additions.some((name) => line.startsWith(`  ${name}`)))
    .map((line) =>
      line.startsWith('Usage:')
        ? additions.reduce(
            (rest, name) => rest.replace(new RegExp(` \\[${name}\\??(?:\\(\\?\\))?\\]`), ''),
            line,
          )
        : line,
    )
    .join('\n');
}

const { help } = recorded('help');

function theirs(name: string): string {
  return help
    .find(({ words }) => words[1] === name)!
    .printed.replaceAll(
      'Aliases: extr, qextr, gauss, normal, norm, weibull',
      'Aliases: extr, qextr, gauss, normal, norm',
    )
    .replaceAll('Aliases: extr, gauss, normal, norm, weibull', 'Aliases: extr, gauss, normal, norm');
}

describe('as the real one, but for what it has not', () => {
  test.each([
    'mixed',
    'print',
    '-pop',
    '-col',
    '-rate',
    '-errors',
    '-schema',
    '-node',
    '-log',
    '-transport',
    '-port',
    '-sendto',
    '-graph',
    '-tokenrange',
  ])('help %s', (name) => expect(withoutAdditions(helpText(name)!)).toBe(theirs(name)));

  // It forgets the suboptions of data.
  test.each(['read', 'write', 'counter_write', 'counter_read'])('help %s', (name) => {
    const own = withoutAdditions(helpText(name)!)
      .replaceAll(' [add=DIST(?)] [keysize=?]', '')
      .replace(/ {2}\[add=DIST\(\?\)\]: [^\n]*\n(?: {6}[^\n]*\n)*/, '')
      .replace(/ {2}keysize=[^\n]*\n/, '');
    expect(own).toBe(theirs(name));
  });

  test('help', () => {
    const own = helpText()!
      .split('\n')
      .filter((line) => !/^-(?:reporting|credentials-file|jmx) /.test(line));
    const real = help[0]!.printed.split('\n').filter((line) => !line.startsWith('legacy'));
    expect(own.toSorted()).toEqual(real.toSorted());
  });
});

test('every group has a line of usage that lists its suboptions', () => {
  for (const { name } of [...commands, ...groups])
    expect(helpText(name)).toMatch(new RegExp(`Usage: ${name} `));
  expect(helpText('-errors')).toMatch(/^Usage: -errors .*\[skip-unsupported-columns\]/m);
});

describe('how it is asked for', () => {
  const read = (line: string): unknown =>
    readCommandLine(line.split(' '), { readFile: () => '', version: '1.2.3' });
  test.each([
    ['help', helpText()],
    ['--help', helpText()],
    ['-?', helpText()],
    ['help -rate', helpText('-rate')],
    ['help rate', helpText('-rate')],
    ['help WRITE', helpText('write')],
    ['help insert', helpText('write')],
    ['-rate --help', helpText('-rate')],
    ['version', 'Version: 1.2.3\n'],
    ['--version', 'Version: 1.2.3\n'],
  ])('%s', (line, text) => expect(read(line)).toEqual({ kind: 'text', text }));

  test.each([
    ['help nothing', 'Invalid command or option provided to command help'],
    ['help write read', 'Invalid command/option provided to help'],
    ['print', 'Invalid print options provided, see output for valid options'],
    ['print dist=NONE(1)', 'Illegal distribution type: NONE'],
    ['print distance=5', 'Invalid parameter distance=5'],
  ])('%s is refused', (line, reason) => expect(read(line)).toMatchObject({ kind: 'refused', reason }));
});
