import type { RunEvent } from '../../stress-client/results.ts';
import type { RunRecord } from '../run-record.ts';
import { integerField, printRow, printTags, textField, wallNs } from './line-protocol.ts';
import { runTags, type RunIdentity } from './run-rows.ts';

/** The row of an event: when it begins and when it has ended the same one, with more known. */
export function eventRow(run: RunIdentity & Pick<RunRecord, 'startedMs'>, event: RunEvent): string {
  const { kind, statementId = '', name = '', text, startNs, endNs } = event;
  const { startedMs } = run;
  const endMs = startedMs + Math.floor((endNs ?? startNs) / 1e6);
  const fields = [
    textField('event_text', text),
    textField('event_tags', name === '' ? kind : `${kind},${name.replaceAll(',', ' ')}`),
    integerField('start_ns', startNs),
    integerField('time_end', endMs),
  ];
  if (endNs !== undefined) fields.push(integerField('end_ns', endNs));
  const tags = { ...runTags(run), kind, statement: name, statement_id: statementId };
  return printRow('event', printTags(tags), fields, wallNs(startedMs, startNs));
}

/** The event of a row that was read. */
export function eventOf(row: Readonly<Record<string, unknown>>): RunEvent {
  const { kind, statement_id: statementId, statement: name, start_ns: startNs, end_ns: endNs } = row;
  return {
    kind: kind as RunEvent['kind'],
    ...(typeof statementId === 'string' && statementId !== '' && { statementId }),
    ...(typeof name === 'string' && name !== '' && { name }),
    startNs: Number(startNs),
    endNs: typeof endNs === 'number' ? endNs : undefined,
    text: String(row['event_text']),
  };
}
