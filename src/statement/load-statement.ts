import { wholeLease, type Load } from '../stress-client/package.ts';
import type { Plan } from '../stress-client/plan.ts';
import type { Settings } from '../stress-client/settings.ts';
import type { StressTest } from '../stress-client/stress-test.ts';
import { Tracer } from '../stress-client/tracer.ts';
import { evaluateCheck } from './expectations.ts';
import type { LoadOptions } from './load-options.ts';
import type { StatementReport } from './report.ts';
import { StartableStatement } from './startable-statement.ts';
import type { StatementOrigin } from './statement.ts';

/** What an INSERT or QUERY is made from, compiled. */
export interface LoadStatementParts extends StatementOrigin {
  readonly name: string;
  /** Started by GO. */
  readonly background: boolean;
  readonly plan: Plan;
  readonly options: LoadOptions;
  /** As they stand where the statement starts, its WITH applied. */
  readonly settings: Settings;
  /** Of a templated QUERY: the name of its INSERT. */
  readonly companion?: string;
}

/** An INSERT or QUERY: sends one package, the whole lease of its plan, and waits for what becomes of it. */
export abstract class LoadStatement extends StartableStatement {
  readonly #kind: 'insert' | 'query';
  readonly #parts: LoadStatementParts;
  #ran = false;
  #problem: string | undefined;

  constructor(kind: 'insert' | 'query', parts: LoadStatementParts) {
    super(parts.name);
    this.#kind = kind;
    this.#parts = parts;
  }

  override async execute(test: StressTest): Promise<string | undefined> {
    this.#ran = true;
    const { plan, options } = this.#parts;
    const tracer = new Tracer(options.tags);
    tracer.add();
    this.#problem = await test.sendPackage({
      kind: 'lease',
      statementId: this.statementId,
      tracer,
      loads: [loadOf(this.#kind, this.#parts, this.statementId)],
      lease: wholeLease(options.items, plan.batchSize),
    });
    return this.#problem === undefined ? undefined : `${this.#parts.text}: ${this.#problem}`;
  }

  override report(test: StressTest): StatementReport {
    return loadReport(this.#kind, this.#parts, this.statementId, test, {
      ran: this.#ran,
      problem: this.#problem,
    });
  }
}

/** What an INSERT or QUERY, by itself or in a MIX, has to say. */
export function loadReport(
  kind: 'insert' | 'query',
  { position, text, place, background }: LoadStatementParts,
  statementId: string,
  test: StressTest,
  { ran, problem }: { readonly ran: boolean; readonly problem: string | undefined },
): StatementReport {
  const result = test.resultOf(statementId);
  return {
    kind,
    position,
    statementId,
    text,
    place,
    ran,
    background,
    ...(result === undefined ? {} : { result }),
    ...(problem === undefined ? {} : { error: problem }),
  };
}

/** What the engine gets of an INSERT or QUERY, by itself or in a MIX. */
export function loadOf(
  kind: 'insert' | 'query',
  parts: LoadStatementParts,
  statementId: string,
  mix?: Load['mix'] & { readonly name: string },
): Load {
  const { name, position, background, plan, options, settings, companion } = parts;
  const { items, durationNs, stages } = options;
  return {
    identity: {
      statementId,
      name,
      kind,
      position,
      background,
      ...(mix !== undefined && { mix: mix.name }),
      tags: options.tags,
    },
    plan,
    settings,
    fixed: options.fixed,
    items,
    durationNs: durationNs ?? (items === Infinity ? durationOfStages(stages) : undefined),
    stages,
    warmup: options.warmup,
    written: options.written,
    companion: plan.pick === undefined ? undefined : companion,
    ...(mix !== undefined && { mix: { shares: mix.shares, member: mix.member } }),
    checks: (tally, seconds) =>
      options.checks.map((check) => evaluateCheck(check, tally, seconds, plan.itemName)),
    abort: options.abort,
  };
}

/** Without DO and a FOR of its own a statement ends with its last stage. */
function durationOfStages(stages: LoadOptions['stages']): number | undefined {
  if (stages.length === 0) return undefined;
  return stages.reduce((sum, stage) => sum + (stage.durationNs ?? Infinity), 0);
}
