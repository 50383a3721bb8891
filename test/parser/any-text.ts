import { Source } from '../../src/lexer/source.ts';
import { format } from '../../src/parser/format.ts';
import { parse } from '../../src/parser/parse.ts';
import { print } from '../../src/parser/print.ts';
import { sameTree } from '../../src/parser/same-tree.ts';

/** Numbers from 0 up to `below`, the same in every run (mulberry32). */
export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const fragments = [
  [
    '"',
    "'",
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    '|',
    '\\',
    '$',
    '${',
    '${X}',
    '$$',
    '%',
    '%t',
    '"""',
    '#',
    '-- ',
    '/* ',
    '*/',
  ],
  [
    '\n',
    '\n\n',
    ';\n',
    ' ',
    ',',
    '=',
    '\r\n',
    '\t',
    '\u0000',
    '\ufeff',
    '😀',
    'é',
    '\ud800',
    '1e16',
    '10s',
    '5/s',
  ],
  [
    'GO ',
    'SET ',
    'INSERT ',
    'QUERY ',
    'WAIT',
    'EXEC ',
    'MIX ',
    'CQL ',
    'INFLUXQL ',
    'BEGIN',
    'END',
    'BATCH',
    'UPDATE ',
    'AS',
  ],
  [
    '\nDO 5',
    '\nFOR 1m',
    '\nAT 5/s',
    '\nEXPECT p99 < 1s',
    '\nWITH a [b]',
    '\nTAG a = b',
    '\nSERIES (a)',
    '\nWRITTEN',
    '\nPOPULATION 1..9',
    '\nRETURNS ',
    '\nROW ',
    '\nPARTITIONS fixed(1)',
    ' SHARE ',
    '\nCLUSTER exp(1..5)',
    '\nWEIGHT 2',
  ],
  [
    '[int inc(0) 5]',
    '[a|b]',
    '[=x]',
    '[x: a|b]',
    'list(2) of ',
    'INTO ',
    'OF ',
    'TO ',
    'ABORT',
    'PICK zipf(',
  ],
].flat();

export function mutate(text: string, random: (below: number) => number): string {
  let mutated = text;
  for (let rounds = 1 + random(4); rounds > 0; rounds--) {
    const at = random(mutated.length + 1);
    const end = Math.min(mutated.length, at + random(random(8) === 0 ? 200 : 6));
    const from = random(mutated.length + 1);
    switch (random(5)) {
      case 0:
        mutated = mutated.slice(0, at) + mutated.slice(end);
        break;
      case 1:
        mutated = mutated.slice(0, at) + mutated.slice(from, from + random(60)) + mutated.slice(at);
        break;
      case 2:
        mutated = mutated.slice(0, at) + fragments[random(fragments.length)]! + mutated.slice(end);
        break;
      default:
        mutated = mutated.slice(0, at) + fragments[random(fragments.length)]! + mutated.slice(at);
    }
  }
  return mutated;
}

export function randomText(random: (below: number) => number): string {
  return Array.from({ length: random(40) }, () =>
    random(3) === 0
      ? String.fromCharCode(random(random(4) === 0 ? 0x10000 : 128))
      : fragments[random(fragments.length)]!,
  ).join('');
}

/** Everything that must hold of any input; whether it was accepted. */
export function checkAnyText(text: string): boolean {
  const source = new Source('input.sql', text);
  const { script, diagnostics } = parse([source]);
  const rejected = diagnostics.filter(({ severity }) => severity === 'error');
  for (const { span, message } of diagnostics) {
    const inside = span.start >= 0 && span.start <= span.end && span.end <= source.text.length;
    if (!inside || message === '') throw new Error(`no position for ${message}`);
  }
  const printed = new Source('printed.sql', print(script));
  const again = parse([printed]);
  if (!sameTree(again.script, script)) throw new Error(`printed as ${printed.text}`);
  if (rejected.length > 0) return false;
  const formatted = format(source).text;
  const read = parse([new Source('formatted.sql', formatted)]);
  if (!sameTree(read.script, script)) throw new Error(`formatted as ${formatted}`);
  const twice = format(new Source('formatted.sql', formatted)).text;
  if (twice !== formatted) throw new Error(`formatted as\n${formatted}\nand then as\n${twice}`);
  return true;
}
