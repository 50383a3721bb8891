import type { Source, Span } from '../lexer/source.ts';
import { printName } from '../parser/print-words.ts';
import type { Settings } from '../stress-client/settings.ts';
import type { LoadOptions, MixOptions } from './load-options.ts';
import type { InsertPlan } from './template/compile-insert.ts';
import type { QueryPlan } from './template/compile-query.ts';

/** What a step tells of where its statement stands. */
export interface StepOf<Kind extends string> {
  readonly kind: Kind;
  /** From 1, in script order. */
  readonly position: number;
  /** File and line, such as `profile.sql:12`. */
  readonly place: string;
  /** First line of the statement in canonical layout, secrets cut out. */
  readonly text: string;
  readonly span: Span;
  /** As they stand where the statement starts, its WITH applied. */
  readonly settings: Settings;
}

/** An INSERT or QUERY without its plan. */
export interface LoadStepHead {
  readonly position: number;
  readonly source: Source;
  readonly span: Span;
  readonly settings: Settings;
  readonly name: string;
  /** Started by GO. */
  readonly background: boolean;
  readonly options: LoadOptions;
  /** Where it is a member of a MIX. */
  readonly mix?: MixPlace;
}

/** Which member of which MIX a step is. */
export interface MixPlace {
  readonly name: string;
  /** Of the whole statement. */
  readonly span: Span;
  /** From 0. */
  readonly member: number;
  /** Of the operations of the MIX, above 0 and at most 1. */
  readonly share: number;
}

/** A MIX, with its members. */
export interface MixStep extends StepOf<'mix'> {
  readonly name: string;
  /** Started by GO. */
  readonly background: boolean;
  readonly options: LoadOptions;
  readonly mix: MixOptions;
  readonly members: readonly (InsertStep | QueryStep)[];
}

/** File and line, such as `profile.sql:12`. */
export function placeIn(source: Source, span: Span): string {
  return `${source.name}:${source.position(span.start).line}`;
}

/** Makes a step's plan, each time anew. */
export type PlanMaker<Step, Plan> = (step: Step) => Plan;

/** An INSERT or QUERY with what a look at its plan has told. */
abstract class LoadStep<Plan extends InsertPlan | QueryPlan> implements StepOf<'insert' | 'query'> {
  abstract readonly kind: 'insert' | 'query';
  readonly position: number;
  readonly span: Span;
  readonly settings: Settings;
  readonly name: string;
  /** Started by GO. */
  readonly background: boolean;
  readonly options: LoadOptions;
  /** Where it is a member of a MIX. */
  readonly mix: MixPlace | undefined;
  /** Items an operation; 1 for queries. */
  readonly batchSize: number;
  /** Different series that the whole plan writes (0 for queries); Infinity where a tag is unbounded. */
  readonly seriesCardinality: number;
  readonly #source: Source;
  #plan: WeakRef<Plan> | undefined;

  constructor(head: LoadStepHead, plan: Plan) {
    this.position = head.position;
    this.#source = head.source;
    this.span = head.span;
    this.settings = head.settings;
    this.name = head.name;
    this.background = head.background;
    this.options = head.options;
    this.mix = head.mix;
    this.batchSize = plan.batchSize;
    this.seriesCardinality = plan.seriesCardinality;
  }

  get place(): string {
    return placeIn(this.#source, this.span);
  }

  get text(): string {
    const started = this.background && this.mix === undefined ? 'GO ' : '';
    return `${started}${this.kind.toUpperCase()} ${printName({ parts: [this.name] })}`;
  }

  /**
   * The compiled statement. A plan is a pure function of the script, so it is made when it is asked for, and again
   * when nobody has held it in the meantime: those of a long script together would fill the memory.
   */
  get plan(): Plan {
    const held = this.#plan?.deref();
    if (held !== undefined) return held;
    const plan = this.makePlan();
    this.#plan = new WeakRef(plan);
    return plan;
  }

  /** A plan that nobody else holds. */
  abstract makePlan(): Plan;
}

export class InsertStep extends LoadStep<InsertPlan> {
  readonly kind = 'insert' as const;
  /** Some of its items replace others in the database, as far as that is told without the tables there. */
  readonly overwrites: boolean;
  /** The first INSERT above it that has its name. */
  readonly namesake: InsertStep | undefined;
  readonly #maker: PlanMaker<InsertStep, InsertPlan>;

  constructor(
    head: LoadStepHead,
    plan: InsertPlan,
    lastNamesake: InsertStep | undefined,
    maker: PlanMaker<InsertStep, InsertPlan>,
  ) {
    super(head, plan);
    this.namesake = lastNamesake?.namesake ?? lastNamesake;
    this.overwrites = plan.overwrites(head.options.items);
    this.#maker = maker;
  }

  override makePlan(): InsertPlan {
    return this.#maker(this);
  }
}

export class QueryStep extends LoadStep<QueryPlan> {
  readonly kind = 'query' as const;
  /** The INSERT that it names, or whose name it has. */
  readonly insert: InsertStep | undefined;
  readonly #isNamed: boolean;
  /** The INSERT whose acknowledged points fill the query. */
  readonly companion: InsertStep | undefined;
  readonly #maker: PlanMaker<QueryStep, QueryPlan>;

  constructor(
    head: LoadStepHead,
    plan: QueryPlan,
    { insert, isNamed }: { readonly insert: InsertStep | undefined; readonly isNamed: boolean },
    maker: PlanMaker<QueryStep, QueryPlan>,
  ) {
    super(head, plan);
    this.insert = insert;
    this.#isNamed = isNamed;
    this.companion = plan.pick === undefined ? undefined : insert;
    this.#maker = maker;
  }

  override get text(): string {
    return this.#isNamed ? `${super.text} OF ${printName({ parts: [this.insert!.name] })}` : super.text;
  }

  override makePlan(): QueryPlan {
    return this.#maker(this);
  }
}
