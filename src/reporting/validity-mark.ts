import type { LoadSummary, Summary } from './summary.ts';

/** What the `!` behind a time says, and what to do about it, by the state that puts it there. */
export const meaningOfMark: Readonly<Record<string, string>> = {
  INVALID_CLIENT:
    'Times that end in ! hold the client’s own delays: they are not the target’s alone. ' +
    'Ask for less, or give the client a faster or less busy machine.',
  INVALID_RATE:
    'Times that end in ! were taken at a lower rate than the script asks for. ' +
    'Ask for less, or give more slots: WriteConcurrency, of queries QueryConcurrency.',
};

/** What of a statement's marks applies: a rehearsal shows nobody's times. */
export function marksOfLoad(
  { rehearsal }: Pick<Summary, 'rehearsal'>,
  load: LoadSummary,
): LoadSummary['marks'] {
  return load.marks.filter(({ state }) => !(rehearsal && state in meaningOfMark));
}

/** What follows every time of a statement in every report: `!` where it is marked invalid, else nothing. */
export function markOf(run: Pick<Summary, 'rehearsal'>, load: LoadSummary): string {
  return marksOfLoad(run, load).some(({ state }) => state in meaningOfMark) ? '!' : '';
}
