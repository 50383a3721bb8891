import { diff } from 'node:util';
import type { ScriptDifference } from './comparison.ts';

/** Lines of both scripts, beyond which they are not laid side by side. */
const linesAtMost = 4000;
/** Lines shown before and after a difference. */
const around = 2;

type DiffLine = ScriptDifference['lines'][number];

/** How the lines of two scripts differ; undefined where they do not, or where one is not known. */
export function scriptDifference(
  baseline: string | undefined,
  candidate: string | undefined,
): ScriptDifference | undefined {
  if (baseline === undefined || candidate === undefined || baseline === candidate) return undefined;
  const [before, after] = [linesOf(baseline), linesOf(candidate)];
  if (before.length + after.length > linesAtMost) {
    return { removed: before.length, added: after.length, lines: [] };
  }
  const lines = diff(before, after).map(([side, text]): DiffLine => ({
    sign: side === 1 ? '-' : side === -1 ? '+' : ' ',
    text,
  }));
  return {
    removed: lines.filter(({ sign }) => sign === '-').length,
    added: lines.filter(({ sign }) => sign === '+').length,
    lines: [...shortened(lines)],
  };
}

/** A line end at the end of a script begins no further line. */
function linesOf(script: string): string[] {
  return script.replace(/\n$/, '').split('\n');
}

function* shortened(lines: readonly DiffLine[]): Iterable<DiffLine> {
  let isCut = false;
  for (const [at, line] of lines.entries()) {
    const near = lines.slice(Math.max(0, at - around), at + around + 1);
    if (near.some(({ sign }) => sign !== ' ')) yield line;
    else if (!isCut) yield { sign: '…', text: '' };
    isCut = near.every(({ sign }) => sign === ' ');
  }
}
