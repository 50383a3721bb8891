import type { StatementResult } from '../../stress-client/results.ts';
import { timeFiguresOf } from '../../stress-client/time-figures.ts';
import { formatDuration, formatItems, formatPerSecond, pluralOf } from '../../stress-client/units.ts';
import { inert } from '../inert.ts';
import { errorsOf, nameOf } from './statement-figures.ts';

/** What came of a statement, on one line. */
export function endedText(result: StatementResult): string {
  const { identity, total, itemName, startedNs, endedNs, model } = result;
  const seconds = (endedNs - startedNs) / 1e9;
  const clock = model === 'open' ? 'response' : 'service';
  const time = timeFiguresOf(total.times[clock], total.censored[clock]);
  const rate = seconds > 0 ? total.items.acknowledged / seconds : 0;
  const parts = [
    `${nameOf(identity)} ${endOf(result)}: ${formatPerSecond(rate)} ${pluralOf(itemName)}/s`,
    ...(time === undefined ? [] : [`p99 ${formatDuration(time.percentilesNs.p99)}`]),
    formatItems(errorsOf(total), 'error'),
    `ran ${formatDuration(endedNs - startedNs)}`,
  ];
  return parts.join(', ');
}

function endOf({ state, reason }: StatementResult): string {
  if (reason === undefined) return state;
  return state === 'ended' ? inert(reason) : `${state} (${inert(reason)})`;
}
