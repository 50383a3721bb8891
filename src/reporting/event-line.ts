import type { RunEvent } from '../stress-client/results.ts';

/**
 * A line of events.ndjson: an event as it was told. What takes time has two, without `endNs` when it began and with it
 * when it had ended.
 */
export interface EventLine extends Omit<RunEvent, 'endNs'> {
  readonly schemaVersion: 1;
  readonly endNs?: number;
}

export function eventLine(event: RunEvent): EventLine {
  const { endNs, ...rest } = event;
  return { schemaVersion: 1, ...rest, ...(endNs !== undefined && { endNs }) };
}

/** What the lines tell, in the order in which it began: an event that has ended once, with its end. */
export function eventsOf(lines: Iterable<EventLine>): readonly RunEvent[] {
  const events = new Map<string, RunEvent>();
  for (const { schemaVersion: _, endNs, ...rest } of lines) {
    const key = JSON.stringify([rest.kind, rest.statementId, rest.startNs]);
    events.set(key, { ...rest, endNs: endNs ?? events.get(key)?.endNs });
  }
  return [...events.values()].toSorted((left, right) => left.startNs - right.startNs);
}
