import type { Clock } from '../../clock.ts';
import type { Plan } from '../../plan.ts';
import type { Settings } from '../../settings.ts';
import type { ServerInfo, TargetError } from '../target.ts';
import { bindPlan } from './bind-plan.ts';
import { CqlSession } from './cql-session.ts';
import { prepareTexts, problemError } from './prepare-texts.ts';

/** What is there before a run. */
export interface CqlInspection {
  /** The nodes that will get load. */
  readonly servers: readonly ServerInfo[];
  readonly keyspaces: readonly string[];
  /** In the order of the plans that were asked about. */
  readonly statements: readonly StatementInspection[];
}

/** How a statement fits the schema as it is now. */
export interface StatementInspection {
  readonly name: string;
  /** Why it can't be sent; `not-found` where it may be the script itself that makes what is missing. */
  readonly error: TargetError | undefined;
  readonly warnings: readonly string[];
  /** CQL that CreateTables would run first. */
  readonly wouldCreate: readonly string[];
}

/** A statement to be inspected. */
export interface InspectedPlan {
  readonly name: string;
  readonly plan: Plan;
  readonly settings: Settings;
}

/** Logs in at every address, and prepares what the plans will send; changes nothing, and creates no tables. */
export async function inspectCql(
  settings: Settings,
  clock: Clock,
  plans: readonly InspectedPlan[],
): Promise<CqlInspection | TargetError> {
  const session = await CqlSession.open(settings, clock);
  if ('errorClass' in session) return session;
  try {
    const rows = await session.select('SELECT keyspace_name FROM system_schema.keyspaces');
    if ('errorClass' in rows) return rows;
    const statements: StatementInspection[] = [];
    for (const plan of plans) statements.push(await inspectPlan(plan, session));
    return {
      servers: session.servers,
      keyspaces: rows.map((row) => String(row['keyspace_name'])).sort(),
      statements,
    };
  } finally {
    await session.close();
  }
}

async function inspectPlan(
  { name, plan: { cql }, settings }: InspectedPlan,
  session: CqlSession,
): Promise<StatementInspection> {
  const wouldCreate = settings.CreateTables ? (cql?.schema ?? []) : [];
  const found = (error: TargetError | undefined, warnings: readonly string[] = []): StatementInspection => ({
    name,
    error,
    warnings,
    wouldCreate,
  });
  if (cql === undefined) return found(problemError({ problem: 'the statement was not compiled for CQL' }));
  const prepared = await prepareTexts(cql, settings, session, session);
  if ('errorClass' in prepared) {
    const comesFirst = prepared.errorClass === 'not-found' && wouldCreate.length > 0;
    return found(comesFirst ? undefined : prepared);
  }
  const bound = bindPlan(cql, prepared);
  return 'problem' in bound ? found(problemError(bound)) : found(undefined, bound.values.warnings);
}
