import { expect, test } from 'vitest';
import { TerminalBlock } from '../../../src/reporting/live-view/terminal-block.ts';
import { Screen } from './screen.ts';

test('a frame is one write, of the lines that changed', () => {
  const screen = new Screen(20, 10);
  const block = new TerminalBlock(screen);
  block.draw(['one', 'two', 'three']);
  expect(screen.shown).toEqual(['one', 'two', 'three']);
  const before = screen.written.length;
  block.draw(['one', '2', 'three']);
  expect(screen.shown).toEqual(['one', '2', 'three']);
  expect(screen.written.slice(before)).not.toMatch(/one|three/);
  block.draw(['one', '2', 'three']);
  expect(screen.writes).toBe(2);
  block.draw(['one', '2', 'three', 'four', 'five']);
  expect(screen.shown).toEqual(['one', '2', 'three', 'four', 'five']);
  block.draw(['one']);
  expect(screen.shown).toEqual(['one']);
  expect(screen.writes).toBe(4);
});

test('what is printed stays above, and nothing is left of the lines', () => {
  const screen = new Screen(20, 10);
  const block = new TerminalBlock(screen);
  block.print('first\n');
  block.draw(['one', 'two']);
  block.print('second\nthird');
  expect(screen.shown).toEqual(['first', 'second', 'third', 'one', 'two']);
  block.draw(['one', '2']);
  block.clear();
  block.clear();
  expect(screen.shown).toEqual(['first', 'second', 'third']);
  block.print('fourth\n');
  expect(screen.shown).toEqual(['first', 'second', 'third', 'fourth']);
});

test.each([
  [20, 60],
  [60, 20],
  [60, 7],
])('from %d to %d columns it is drawn again, without remains', (before, after) => {
  const screen = new Screen(before, 40);
  const block = new TerminalBlock(screen);
  block.print('first\n');
  block.draw(['a line of text', '\u001b[1manother line of it\u001b[22m', '']);
  // The terminal breaks the lines that stand on it anew, as `shown` does.
  screen.columns = after;
  block.draw(['short', 'lines']);
  expect(screen.shown).toEqual(['first', 'short', 'lines']);
});

test('what is printed on a terminal that has become narrower leaves no remains', () => {
  const screen = new Screen(60, 40);
  const block = new TerminalBlock(screen);
  block.draw(['a line of text', 'another line of text']);
  screen.columns = 10;
  block.print('first');
  block.draw(['short']);
  expect(screen.shown).toEqual(['first', 'short']);
});

test('where others have written, it begins anew below', () => {
  const screen = new Screen(20, 10);
  const block = new TerminalBlock(screen);
  block.draw(['one', 'two']);
  screen.write('stopped\n');
  block.forget();
  block.draw(['one', 'two']);
  expect(screen.shown).toEqual(['one', 'two', 'stopped', 'one', 'two']);
});

test('a terminal that does not know its size is taken for 80 columns and 24 rows', () => {
  const screen = new Screen(0, 0);
  const block = new TerminalBlock(screen);
  block.draw(['one', 'two']);
  block.draw(['one', '2']);
  expect(screen.written.split('\u001b[2A')).toHaveLength(2);
});
