import type { QueryStep, Step } from './analyse.ts';
import { ExecStatement } from './exec.ts';
import { GoStatement } from './go.ts';
import { InsertStatement } from './insert.ts';
import type { LoadStatementParts } from './load-statement.ts';
import { MixStatement } from './mix.ts';
import { PassThroughStatement } from './pass-through.ts';
import { QueryStatement } from './query.ts';
import { SetStatement } from './set.ts';
import type { StartableStatement } from './startable-statement.ts';
import type { Statement, StatementOrigin } from './statement.ts';
import { WaitStatement } from './wait.ts';

/** The statements of an analysed script, in its order, without ids. */
export function compile(steps: readonly Step[]): Statement[] {
  return steps.map(compileStep);
}

function compileStep(step: Step): Statement {
  switch (step.kind) {
    case 'insert':
      return started(step.background, new InsertStatement(step));
    case 'query':
      return started(step.background, new QueryStatement(queryParts(step)));
    case 'mix': {
      const { settings, members, ...parts } = step;
      const statement = new MixStatement({
        ...parts,
        ...originOf(step),
        seed: settings.Seed,
        members: members.map((member) => ({
          kind: member.kind,
          parts: member.kind === 'insert' ? member : queryParts(member),
        })),
      });
      return started(step.background, statement);
    }
    case 'exec':
      return started(step.background, new ExecStatement(step));
    case 'set':
      return new SetStatement({ ...step, ...originOf(step), name: step.setting });
    case 'wait':
      return new WaitStatement({ ...step, ...originOf(step), until: step.for ?? 'all' });
    case 'pass-through': {
      const { skipReason, ...rest } = step;
      const parts = { ...rest, ...originOf(step) };
      return new PassThroughStatement(skipReason === undefined ? parts : { ...parts, skipReason });
    }
  }
}

function started(background: boolean, statement: StartableStatement): Statement {
  return background ? new GoStatement(statement) : statement;
}

/** A step tells these when it is asked: they are no fields of it. */
function originOf({ position, place, text }: Step): StatementOrigin {
  return { position, place, text };
}

/** The plan is made when it is asked for. */
function queryParts(step: QueryStep): LoadStatementParts {
  const { name, background, options, settings, companion } = step;
  return {
    ...originOf(step),
    name,
    background,
    options,
    settings,
    get plan() {
      return step.plan;
    },
    ...(companion && { companion: companion.name }),
  };
}
