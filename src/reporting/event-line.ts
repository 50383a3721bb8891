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

/**
 * Events as they were told, or as their lines have them, each once, in the order in which they began: what has ended
 * with its end.
 */
export function eventsOf(
  told: Iterable<Omit<RunEvent, 'endNs'> & Partial<Pick<RunEvent, 'endNs'>>>,
): RunEvent[] {
  const events = new Map<string, RunEvent>();
  for (const { kind, statementId, name, startNs, endNs, text } of told) {
    const key = JSON.stringify([kind, statementId, startNs]);
    events.set(key, {
      kind,
      ...(statementId !== undefined && { statementId }),
      ...(name !== undefined && { name }),
      startNs,
      endNs: endNs ?? events.get(key)?.endNs,
      text,
    });
  }
  return [...events.values()].toSorted((left, right) => left.startNs - right.startNs);
}
