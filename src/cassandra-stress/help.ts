import {
  commandAliases,
  commands,
  groupNamed,
  groups,
  type Alternative,
  type Group,
  type Option,
} from './options.ts';

/** Such as `Usage: -rate threads=? [throttle=?] [fixed=?]`. */
export function usageLine(name: string, options: Alternative): string {
  const required = options.filter((option) => option.kind === 'value' && option.required === true);
  const rest = options.filter((option) => !required.includes(option));
  return ['Usage:', name, ...[...required, ...rest].map(brief)].join(' ');
}

/** What `help` and `help <command or group>` show; undefined for a name that there is not. */
export function helpText(name?: string): string | undefined {
  if (name === undefined) return overview();
  const group = groupNamed(name.toLowerCase());
  if (group !== undefined) return groupHelp(group);
  const special = specials.get(name.toLowerCase());
  return special === undefined ? undefined : special();
}

const specialCommands: readonly (readonly [string, string])[] = [
  ['help', 'Print help for a command or option'],
  ['print', 'Inspect the output of a distribution definition'],
  ['version', 'Print the version of cassandra stress'],
];

const specials: ReadonlyMap<string, () => string> = new Map([
  ['help', helpOfHelp],
  ['-?', helpOfHelp],
  ['print', () => groupHelp(printGroup)],
  ['-sendto', helpOfSendTo],
  ['-send-to', helpOfSendTo],
]);

export const printGroup: Group = {
  name: 'print',
  about: 'Inspect the output of a distribution definition',
  alternatives: [[{ kind: 'distribution', name: 'dist=', about: 'A mathematical distribution' }]],
};

const aboutSendTo = 'Specify a stress server to send this command to';

function overview(): string {
  const lines = [
    'Usage:      cassandra-stress <command> [options]',
    'Help usage: cassandra-stress help <command>',
    '',
    '---Commands---',
    ...[...commands.map(({ name, about }) => [name, about] as const), ...specialCommands].map(
      ([name, about]) => `${name.padEnd(20)} : ${about}`,
    ),
    '',
    '---Options---',
    ...groups.map(({ name, about }) => `-${name.slice(1).padEnd(20)} : ${about}`),
    `-${'sendto'.padEnd(20)} : ${aboutSendTo}`,
  ];
  return `${lines.join('\n')}\n`;
}

function helpOfHelp(): string {
  const aliasesOf = (name: string): string =>
    [name, ...[...commandAliases].filter(([, proper]) => proper === name).map(([alias]) => alias)].join(', ');
  const lines = [
    'Usage: cassandra-stress help <command|option>',
    'Commands:',
    ...[...commands.map(({ name }) => aliasesOf(name)), ...specialCommands.map(([name]) => name)].map(
      (names) => `    ${names}`,
    ),
    'Options:',
    ...[...groups.map(({ name }) => name), '-sendto, -send-to'].map((name) => `    ${name}`),
  ];
  return `${lines.join('\n')}\n`;
}

function helpOfSendTo(): string {
  return 'Usage: -sendto <host>\n\nSpecify a host running the stress server to send this stress command to\n';
}

function groupHelp({ name, alternatives }: Group): string {
  const usages = alternatives.map((options) => `${usageLine(name, options)}\n`).join(' OR \n');
  const listed = new Map(alternatives.flatMap(sorted).map((option) => [option.name, option]));
  return `\n${usages}\n${[...listed.values()].map(described).join('')}`;
}

/** Required ones first, as in the line of usage. */
function sorted(options: Alternative): Alternative {
  const required = options.filter((option) => option.kind === 'value' && option.required === true);
  return [...required, ...options.filter((option) => !required.includes(option))];
}

function brief(option: Option): string {
  switch (option.kind) {
    case 'value':
      return option.required === true ? withMark(option.name) : `[${withMark(option.name)}]`;
    case 'distribution':
      return option.default === undefined ? `${option.name}DIST(?)` : `[${option.name}DIST(?)]`;
    case 'ratio':
      return `${option.name}DIST(?)`;
    case 'nested':
      return `[${option.name}(?)]`;
    case 'weights':
      return `${option.name}(?)`;
  }
}

function withMark(name: string): string {
  return /[=<>]$/.test(name) ? `${name}?` : name;
}

function described(option: Option): string {
  const { about } = option;
  switch (option.kind) {
    case 'value':
      return about === '' && option.default === undefined && option.pattern === ''
        ? ''
        : `  ${long(option)}\n`;
    case 'distribution':
    case 'ratio':
      return lines(`${brief(option)}: ${about}`, option.kind === 'ratio' ? ratioForms : distributionForms);
    case 'nested': {
      const inner = option.options.map(brief).join('') + (option.extra === true ? '[<option 1..N>=?]' : '');
      const values = option.options.flatMap((each) => (each.kind === 'value' ? [long(each)] : []));
      return lines(`${option.name}(${inner}): ${about}`, values);
    }
    case 'weights':
      return lines(`${option.name}(<name 1..N>=?): ${about}`, []);
  }
}

function long(option: Option & { kind: 'value' }): string {
  const standard = option.default === undefined ? '' : ` (default=${option.default})`;
  return `${(withMark(option.name) + standard).padEnd(40)} ${option.about}`;
}

function lines(first: string, rest: readonly string[]): string {
  return `  ${first}\n${rest.map((each) => `      ${each}\n`).join('')}`;
}

function form(text: string, about: string): string {
  return `${text.padEnd(36)} ${about}`;
}

const distributionForms: readonly string[] = [
  form('EXP(min..max)', 'An exponential distribution over the range [min..max]'),
  form('EXTREME(min..max,shape)', 'An extreme value (Weibull) distribution over the range [min..max]'),
  form(
    'QEXTREME(min..max,shape,quantas)',
    'An extreme value, split into quantas, within which the chance of selection is uniform',
  ),
  form(
    'GAUSSIAN(min..max,stdvrng)',
    'A gaussian/normal distribution, where mean=(min+max)/2, and stdev is (mean-min)/stdvrng',
  ),
  form(
    'GAUSSIAN(min..max,mean,stdev)',
    'A gaussian/normal distribution, with explicitly defined mean and stdev',
  ),
  form('UNIFORM(min..max)', 'A uniform distribution over the range [min, max]'),
  form('FIXED(val)', 'A fixed distribution, always returning the same value'),
  form(
    'SEQ(min..max)',
    'A fixed sequence, returning values in the range min to max sequentially (starting based on seed), wrapping if necessary.',
  ),
  'Preceding the name with ~ will invert the distribution, e.g. ~exp(1..10) will yield 10 most, instead of least, often',
  'Aliases: extr, qextr, gauss, normal, norm',
];

const ratioForms: readonly string[] = [
  form('EXP(min..max)/divisor', 'An exponential ratio distribution over the range [min..max]/divisor'),
  form(
    'EXTREME(min..max,shape)/divisor',
    'An extreme value (Weibull) ratio distribution over the range [min..max]/divisor',
  ),
  form(
    'GAUSSIAN(min..max,stdvrng)/divisor',
    'A gaussian/normal ratio distribution, where mean=(min+max)/2, and stdev is ((mean-min)/stdvrng)/divisor',
  ),
  form(
    'GAUSSIAN(min..max,mean,stdev)/divisor',
    'A gaussian/normal ratio distribution, with explicitly defined mean and stdev',
  ),
  form('UNIFORM(min..max)/divisor', 'A uniform ratio distribution over the range [min, max]/divisor'),
  form('FIXED(val)/divisor', 'A fixed ratio distribution, always returning the same value'),
  'Preceding the name with ~ will invert the distribution, e.g. ~exp(1..10)/10 will yield 0.1 least, instead of most, often',
  'Aliases: extr, gauss, normal, norm',
];
