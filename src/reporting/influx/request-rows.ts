import { requestOutcomes } from '../../stress-client/request-log.ts';
import type { RequestLine } from '../request-line.ts';
import { integerField, printRow, printTags, textField, wallNs } from './line-protocol.ts';
import { statementTags, type RunIdentity } from './run-rows.ts';

/** The `write` or `query` rows of a line: one a request. */
export function requestRows(run: RunIdentity, line: RequestLine): readonly string[] {
  const measurement = line.kind === 'insert' ? 'write' : 'query';
  const tags = printTags({ ...line.shape, ...statementTags(run, line) });
  return line.doneNs.map((doneNs, at) =>
    printRow(
      measurement,
      tags,
      [
        integerField('num_bytes', line.bytes[at]!),
        integerField('response_time_ns', line.timeNs[at]!),
        integerField('status_code', line.status[at]!),
        textField('outcome', requestOutcomes[line.outcome[at]!]!),
      ],
      wallNs(line.startedMs, doneNs),
    ),
  );
}
