import type { RunEvent } from '../stress-client/results.ts';
import { formatDuration } from '../stress-client/units.ts';
import { eventsOf } from './event-line.ts';

/** What the script does not say, and a reader of figures must know. */
const notableKinds: ReadonlySet<RunEvent['kind']> = new Set([
  'pause',
  'rate',
  'end',
  'node-lost',
  'node-back',
]);

/** The events of a run that its reports tell, each once, in the order in which they began. */
export function notableEvents(events: Iterable<RunEvent>): readonly RunEvent[] {
  return eventsOf(events).filter(({ kind }) => notableKinds.has(kind));
}

/** When it was, since the run's start, and what. */
export function eventRow({ startNs, endNs, name, text }: RunEvent): readonly [when: string, what: string] {
  const from = formatDuration(startNs);
  const when =
    endNs === undefined ? `from ${from}` : endNs === startNs ? from : `${from} to ${formatDuration(endNs)}`;
  return [when, name === undefined ? text : `${name}: ${text}`];
}
