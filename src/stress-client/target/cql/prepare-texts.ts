import type { CqlPlan, CqlProblem, CqlTableKeys } from '../../cql-plan.ts';
import type { Settings } from '../../settings.ts';
import type { TargetError } from '../target.ts';
import { readCqlName } from './cql-name.ts';
import type { CqlSession } from './cql-session.ts';
import type { CqlTransport } from './cql-transport.ts';
import type { PreparedStatement } from './protocol/result.ts';

/** A plan's texts, with what PREPARE answered to each. */
export interface PreparedTexts {
  /** As it is spelt, without quotes. */
  readonly keyspace: string;
  readonly texts: readonly string[];
  readonly answers: readonly PreparedStatement[];
  readonly keys: readonly CqlTableKeys[];
}

/** Reads the keys of a plan's tables, and prepares its texts. */
export async function prepareTexts(
  cql: CqlPlan,
  settings: Settings,
  session: CqlSession,
  transport: Pick<CqlTransport, 'prepare'>,
): Promise<PreparedTexts | TargetError> {
  const keyspace = readCqlName(settings.Keyspace);
  const keys: CqlTableKeys[] = [];
  for (const table of cql.tables) {
    const found = await session.tableKeys(table, keyspace);
    if (found === undefined) continue;
    if ('errorClass' in found) return found;
    keys.push(found);
  }
  const texts = cql.texts(keys);
  if ('problem' in texts) return problemError(texts);
  const answers: PreparedStatement[] = [];
  for (const text of texts) {
    const answer = await transport.prepare(text, keyspace);
    if ('errorClass' in answer) return missingBecauseOfCase(answer, settings.Keyspace, keyspace);
    answers.push(answer);
  }
  return { keyspace, texts, answers, keys };
}

/** What is missing may be in a keyspace whose capitals the setting has lost: CQL keeps those of quoted names only. */
function missingBecauseOfCase(error: TargetError, written: string, keyspace: string): TargetError {
  if (error.errorClass !== 'not-found' || written.toLowerCase() !== keyspace || written === keyspace)
    return error;
  const advice = `Keyspace [${written}] is read as ${keyspace}: SET Keyspace ["""${written}"""] keeps its capitals`;
  return { ...error, hint: error.hint === undefined ? advice : `${error.hint}; ${advice}` };
}

/** Why a plan can't be sent, as an error of the client where it is not the schema that lacks something. */
export function problemError({ problem, hint, isMissingTable = false }: CqlProblem): TargetError {
  const errorClass = isMissingTable ? 'not-found' : 'client';
  return { errorClass, message: problem, status: 0, ...(hint === undefined ? {} : { hint }) };
}
