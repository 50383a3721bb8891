import type { DiagnosticCode } from '../lexer/diagnostic-codes.ts';
import type { Diagnostic } from '../lexer/diagnostic.ts';
import { nearestWord } from '../lexer/nearest-word.ts';
import { parseDuration } from '../lexer/scalar.ts';
import type { Source, Span } from '../lexer/source.ts';
import type {
  ExecNode,
  InsertNode,
  LoadNode,
  MixNode,
  PassThroughNode,
  QueryNode,
  SetNode,
  StatementNode,
  WaitNode,
} from '../parser/ast.ts';
import { plainText } from '../parser/text.ts';
import { printName } from '../parser/print-words.ts';
import { printStatement } from '../parser/print.ts';
import { defaultSettings, settingDefinitions } from '../stress-client/settings.ts';
import type { SettingDefinition, SettingName, Settings } from '../stress-client/settings.ts';
import { formatShare } from '../stress-client/units.ts';
import type { Expectation, LoadOptions, TemplateContext } from './load-options.ts';
import {
  InsertStep,
  QueryStep,
  placeIn,
  type LoadStepHead,
  type MixPlace,
  type MixStep,
  type PlanMaker,
  type StepOf,
} from './load-step.ts';
import { readLoadOptions, readMixOptions, readNamedSetting } from './read-load-options.ts';
import { StandingSettings } from './standing-settings.ts';
import { compileInsert, type InsertPlan } from './template/compile-insert.ts';
import { compileQuery, type QueryPlan } from './template/compile-query.ts';

export { InsertStep, QueryStep, type MixStep } from './load-step.ts';

export interface SetStep extends StepOf<'set'> {
  readonly setting: SettingName;
  readonly value: Settings[SettingName];
}
export interface WaitStep extends StepOf<'wait'> {
  readonly for: { readonly name: string } | { readonly durationNs: number } | undefined;
}
export interface PassThroughStep extends StepOf<'pass-through'> {
  readonly body: string;
  readonly dialect: 'influxql' | 'cql';
  readonly skipReason: string | undefined;
}
export interface ExecStep extends StepOf<'exec'> {
  /** What WAIT calls it: the last part of the program’s path. */
  readonly name: string;
  readonly background: boolean;
  readonly program: string;
  readonly arguments: readonly string[];
}

/** A statement with everything resolved that can be known without the network. */
export type Step = InsertStep | QueryStep | MixStep | SetStep | WaitStep | PassThroughStep | ExecStep;

/** The INSERTs and QUERYs among the steps, members of a MIX in their order. */
export function loadStepsOf(steps: readonly Step[]): (InsertStep | QueryStep)[] {
  return steps.flatMap((step) => {
    if (step.kind === 'mix') return step.members;
    return step.kind === 'insert' || step.kind === 'query' ? [step] : [];
  });
}

export interface Analysis {
  readonly steps: readonly Step[];
  /** As they stand before the first operation: run settings hold from here to the end. */
  readonly runSettings: Settings;
  readonly diagnostics: readonly Diagnostic[];
}

/** The statements of a script, parameters bound. */
export interface StatementReader extends Iterable<StatementNode> {
  /** The statement at a place, once more. */
  again(span: Span): StatementNode;
}

export interface AnalysisOptions {
  /** Overrides SET Seed. */
  readonly seed: number | undefined;
  readonly startMs: number;
  readonly compatibility: 'influx-v2' | undefined;
  readonly readFile: TemplateContext['readFile'];
  readonly expectations?: readonly Expectation[];
}

/**
 * Resolves a script whose parameters are bound: settings, dialects, companions, options and plans. Statements
 * with an error are left out of `steps`, so that one mistake is told once; run only what has no error. Reads one
 * statement after the other, and keeps neither syntax trees nor plans.
 */
export function analyse(
  script: StatementReader,
  sources: readonly Source[],
  options: AnalysisOptions,
): Analysis {
  const analyser = new Analyser(script, sources, options);
  return analyser.analyse();
}

class Analyser {
  readonly #script: StatementReader;
  readonly #sources: readonly Source[];
  readonly #options: AnalysisOptions;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #steps: Step[] = [];
  /** Every INSERT so far by its name; undefined where all of that name have an error. */
  readonly #inserts = new Map<string, InsertStep | undefined>();
  readonly #membersOfMixes = new Set<string>();
  /** QUERYs that wait for what stands below them. */
  readonly #later: (() => void)[] = [];
  /** A script asks about one INSERT after the other: the plan that was made last is likely the next one wanted. */
  #lastPlan: { readonly step: InsertStep; readonly plan: InsertPlan } | undefined;
  readonly #started = new Set<string>();
  readonly #settings: StandingSettings;
  #context: TemplateContext | undefined;
  #runSettings: Settings | undefined;

  constructor(script: StatementReader, sources: readonly Source[], options: AnalysisOptions) {
    this.#script = script;
    this.#sources = sources;
    this.#options = options;
    const settings = defaultSettings(options.compatibility);
    this.#settings = new StandingSettings(
      options.seed === undefined ? settings : { ...settings, Seed: options.seed },
    );
  }

  analyse(): Analysis {
    let position = 0;
    for (const node of this.#script) {
      this.#statement(node, ++position);
      position += memberCountOf(node);
    }
    for (const compile of this.#later) compile();
    if (this.#later.length > 0) this.#steps.sort((one, other) => one.position - other.position);
    return {
      steps: this.#steps,
      runSettings: this.#runSettings ?? this.#settings.now,
      diagnostics: this.#diagnostics,
    };
  }

  #error(code: DiagnosticCode, span: Span, message: string, more: Partial<Diagnostic> = {}): void {
    this.#diagnostics.push({ severity: 'error', code, message, span, ...more });
  }

  #statement(node: StatementNode, position: number): void {
    switch (node.kind) {
      case 'set':
        return this.#set(node, position);
      case 'wait':
        return this.#wait(node, position);
      case 'pass-through':
        return this.#passThrough(node, position);
      case 'exec':
        return this.#exec(node, node, position);
      case 'insert':
        return this.#insert(node, node, position);
      case 'query':
        return this.#query(node, node, position);
      case 'mix':
        return this.#mix(node, node, position);
      case 'go':
        switch (node.statement.kind) {
          case 'insert':
            return this.#insert(node.statement, node, position);
          case 'query':
            return this.#query(node.statement, node, position);
          case 'mix':
            return this.#mix(node.statement, node, position);
          case 'exec':
            return this.#exec(node.statement, node, position);
        }
    }
  }

  #step<Kind extends string, Own extends object>(
    kind: Kind,
    { span }: StatementNode,
    position: number,
    own: Own,
  ): StepOf<Kind> & Own {
    const source = this.#sources[span.source]!;
    return Object.assign(new PlacedStep(kind, position, span, this.#settings.now, source, this.#script), own);
  }

  #firstOperation(): void {
    this.#runSettings ??= this.#settings.now;
  }

  #set(node: SetNode, position: number): void {
    const known = readNamedSetting(node.name, node.value);
    if ('diagnostic' in known) {
      this.#diagnostics.push(known.diagnostic);
      return;
    }
    const definition: SettingDefinition = settingDefinitions[known.name];
    const isLate = definition.scope === 'run' && this.#runSettings !== undefined;
    // Scripts that are run as one may each say where the target is.
    if (isLate && JSON.stringify(known.value) !== JSON.stringify(this.#settings.now[known.name])) {
      this.#error(
        'C014',
        node.span,
        `${known.name} holds for the whole run and is set after its first operation`,
        {
          hint: `move SET ${known.name} above the first INSERT, QUERY, EXEC or pass-through statement`,
        },
      );
      return;
    }
    this.#change(known.name, known.value, node, position);
  }

  #change(setting: SettingName, value: Settings[SettingName], node: StatementNode, position: number): void {
    const overridden = setting === 'Seed' && this.#options.seed !== undefined;
    if (!overridden) this.#settings.change(setting, value);
    this.#steps.push(this.#step('set', node, position, { setting, value: this.#settings.now[setting] }));
  }

  #wait(node: WaitNode, position: number): void {
    const argument = node.argument && plainText(node.argument);
    const durationNs = argument === undefined ? undefined : parseDuration(argument);
    if (argument !== undefined && durationNs === undefined && !this.#started.has(argument)) {
      const suggestion = nearestWord(argument, [...this.#started]);
      this.#error(
        'C016',
        node.argument!.span,
        `WAIT ${argument}, but no GO before it starts ${argument}`,
        suggestion !== undefined
          ? { suggestion }
          : {
              hint: /^\d/.test(argument)
                ? 'a duration has a unit, such as 30s'
                : 'a WAIT without a name waits for every GO',
            },
      );
      return;
    }
    const waitFor =
      durationNs !== undefined ? { durationNs } : argument !== undefined ? { name: argument } : undefined;
    this.#steps.push(this.#step('wait', node, position, { for: waitFor }));
  }

  #passThrough(node: PassThroughNode, position: number): void {
    const target = this.#settings.now.Target;
    const body = plainText(node.text);
    const dialect = node.dialect === 'bare' ? (target === 'cql' ? 'cql' : 'influxql') : node.dialect;
    const spoken = { influx: 'influxql', cql: 'cql', sink: dialect }[target];
    const skipReason =
      spoken === dialect
        ? undefined
        : `${dialect === 'cql' ? 'CQL' : 'InfluxQL'} is not the language of Target [${target}]`;
    const use = /^USE\s+(?:"([^"\\]+)"|([^\s";]+))\s*;?$/i.exec(body.trim());
    if (use !== null && skipReason === undefined) {
      const [, quoted, bare] = use;
      // A keyspace keeps its quotes: CQL takes a name without them for its lower case.
      if (target === 'cql') this.#change('Keyspace', bare ?? `"${quoted}"`, node, position);
      else this.#change('Database', (bare ?? quoted)!, node, position);
      return;
    }
    this.#firstOperation();
    this.#steps.push(this.#step('pass-through', node, position, { body, dialect, skipReason }));
  }

  #exec(node: ExecNode, whole: StatementNode, position: number): void {
    this.#firstOperation();
    const background = whole.kind === 'go';
    const program = plainText(node.program);
    const name = program.split('/').at(-1)!;
    if (background) this.#started.add(name);
    const words = node.arguments.map(plainText);
    this.#steps.push(this.#step('exec', whole, position, { name, background, program, arguments: words }));
  }

  /** What INSERT and QUERY have in common; undefined where an error forbids to go on. */
  #load(node: LoadNode, whole: StatementNode, position: number) {
    this.#firstOperation();
    const name = plainText(node.name);
    const background = whole.kind === 'go';
    if (background) this.#started.add(name);
    const { options, settings, diagnostics } = readLoadOptions(node, this.#settings.now);
    this.#diagnostics.push(...diagnostics);
    const { span } = whole;
    const head: LoadStepHead = {
      position,
      source: this.#sources[span.source]!,
      span,
      settings,
      name,
      background,
      options: this.#expecting(name, node, options),
    };
    const usable = diagnostics.every(({ severity }) => severity !== 'error');
    return { head, context: this.#contextOf(settings), usable };
  }

  /** With what is expected besides the script; rows are a QUERY's, and nothing is of what sends nothing. */
  #expecting(name: string, { kind }: LoadNode, options: LoadOptions): LoadOptions {
    const { expectations = [] } = this.#options;
    const further = expectations
      .filter((each) => each.name === undefined || each.name === name)
      .flatMap(({ checks }) => checks)
      .filter(({ check }) => check.metric !== 'rows' || kind === 'query');
    if (further.length === 0 || options.written) return options;
    return { ...options, checks: [...options.checks, ...further] };
  }

  /** A MIX has the position before those of its members, each of which is a statement in every report. */
  #mix(node: MixNode, whole: StatementNode, position: number): void {
    this.#firstOperation();
    const name = plainText(node.name);
    const background = whole.kind === 'go';
    if (background) this.#started.add(name);
    const read = readMixOptions(node, this.#settings.now);
    this.#diagnostics.push(...read.diagnostics);
    const { settings } = read;
    // Its members take slots of its own.
    const fixed: LoadOptions['fixed'] = new Set([...read.options.fixed, 'WriteConcurrency' as const]);
    const { weights } = read.mix;
    const weightOfAll = weights.reduce((sum, weight) => sum + weight, 0);
    const names = new Set<string>();
    const members = node.members.map((member, index) => {
      const memberName = plainText(member.name);
      if (names.has(memberName))
        this.#error('C002', member.name.span, `MIX ${name} has two members ${memberName}`);
      names.add(memberName);
      const share = weights[index]! / weightOfAll;
      // What a stage asks is asked of all members together.
      const stages = read.options.stages.map((stage) => ({
        ...stage,
        text: `${formatShare(share)} of ${stage.text}`,
      }));
      return this.#member(member, {
        position: position + 1 + index,
        source: this.#sources[member.span.source]!,
        span: member.span,
        settings,
        name: memberName,
        background,
        options: { ...this.#expecting(memberName, member, read.members[index]!), stages, fixed },
        mix: { name, span: whole.span, member: index, share },
      });
    });
    const isWhole = members.every((member) => member !== undefined);
    if (!isWhole || read.diagnostics.some(({ severity }) => severity === 'error')) return;
    const options = { ...read.options, fixed };
    const own = { settings, name, background, options, mix: read.mix, members };
    this.#steps.push(this.#step('mix', whole, position, own));
  }

  /** Its operations are those of the MIX, and cover as many items as if all were its own. */
  #member(node: LoadNode, head: LoadStepHead): InsertStep | QueryStep | undefined {
    const context = this.#contextOf(head.settings);
    if (node.kind === 'insert') {
      if (!this.#isSpoken(node)) return undefined;
      this.#membersOfMixes.add(head.name);
      const first = compileInsert(node, head.options, context);
      const { options } = head;
      const items = options.items * (first.plan?.batchSize ?? 1);
      const whole = { ...head, options: { ...options, items } };
      const { plan, diagnostics } =
        items === options.items ? first : compileInsert(node, whole.options, context);
      this.#diagnostics.push(...diagnostics);
      if (options.population?.lookback !== undefined && plan !== undefined && plan.batchSize > 1)
        this.#error(
          'C024',
          node.name.span,
          `LOOKBACK counts ${plan.itemName}s written one by one, not batches`,
          {
            hint: 'WITH RowsPerBatch [1], or BatchSize [1] for points',
          },
        );
      return plan && new InsertStep(whole, plan, undefined, this.#insertPlan);
    }
    const companionName = node.of === undefined ? head.name : plainText(node.of);
    return this.#queryStep(node, head, context, companionName, this.#inserts.get(companionName));
  }

  /** Statements with the same settings have one context. */
  #contextOf(settings: Settings): TemplateContext {
    if (this.#context?.settings === settings) return this.#context;
    const { startMs, compatibility, readFile } = this.#options;
    this.#context = { seed: settings.Seed, settings, startMs, compatibility, readFile };
    return this.#context;
  }

  #insert(node: InsertNode, whole: StatementNode, position: number): void {
    const { head, context, usable } = this.#load(node, whole, position);
    const { name, options } = head;
    if (!this.#inserts.has(name)) this.#inserts.set(name, undefined);
    if (!this.#isSpoken(node)) return;
    const { plan, diagnostics } = compileInsert(node, options, context);
    this.#diagnostics.push(...diagnostics);
    if (plan === undefined || !usable) return;
    const step = new InsertStep(head, plan, this.#inserts.get(name), this.#insertPlan);
    this.#lastPlan = { step, plan };
    this.#inserts.set(name, step);
    this.#steps.push(step);
  }

  /** Whether the target speaks the language of an INSERT. */
  #isSpoken({ name, template }: InsertNode): boolean {
    if (template.kind !== 'cql-template' || this.#settings.now.Target !== 'influx') return true;
    const message = `INSERT ${plainText(name)} is CQL, and Target [influx] speaks line protocol`;
    this.#error('C015', template.span, message, { hint: 'SET Target [cql] before the first operation' });
    return false;
  }

  #planOf(step: InsertStep): InsertPlan {
    if (this.#lastPlan?.step !== step) this.#lastPlan = { step, plan: step.makePlan() };
    return this.#lastPlan.plan;
  }

  /** A QUERY may stand before its INSERT where GO starts it, and then waits until every INSERT is known. */
  #query(node: QueryNode, whole: StatementNode, position: number): void {
    const { head, context, usable } = this.#load(node, whole, position);
    const companionName = node.of === undefined ? head.name : plainText(node.of);
    const companion = this.#inserts.get(companionName);
    const compile = (read: QueryNode): void => {
      const found = companion ?? this.#inserts.get(companionName);
      const step = this.#queryStep(read, head, context, companionName, found);
      if (step !== undefined && usable) this.#steps.push(step);
    };
    if (companion !== undefined || (node.of === undefined && isConstant(node))) compile(node);
    else this.#later.push(() => compile(this.#nodeAgain(head) as QueryNode));
  }

  #queryStep(
    node: QueryNode,
    head: LoadStepHead,
    context: TemplateContext,
    companionName: string,
    companion: InsertStep | undefined,
  ): QueryStep | undefined {
    const { name, options, background, position } = head;
    if (
      node.of !== undefined &&
      !this.#inserts.has(companionName) &&
      this.#membersOfMixes.has(companionName)
    ) {
      this.#error('C021', node.of.span, `INSERT ${companionName} is a member of a MIX`, {
        hint: 'a query is about an INSERT by itself: only its operations are all of one kind',
      });
      return undefined;
    }
    if (node.of !== undefined && !this.#inserts.has(companionName)) {
      const suggestion = nearestWord(companionName, this.#inserts.keys());
      this.#error(
        'C017',
        node.of.span,
        `QUERY ${name} OF ${companionName}, but there is no INSERT ${companionName}`,
        suggestion === undefined ? {} : { suggestion },
      );
      return undefined;
    }
    // Its INSERT has an error of its own: what the query makes of it can't be told.
    if (companion === undefined && this.#inserts.has(companionName)) return undefined;
    const about = companion && this.#planOf(companion);
    const { plan, diagnostics } = compileQuery(node, about, options, context);
    this.#diagnostics.push(...diagnostics);
    if (plan === undefined) return undefined;
    const step = new QueryStep(
      head,
      plan,
      { insert: companion, isNamed: node.of !== undefined },
      this.#queryPlan,
    );
    if (step.companion !== undefined && step.companion.position > position && !background) {
      this.#error(
        'C018',
        node.span,
        `QUERY ${name} would wait for ever for INSERT ${companionName}, which stands below it`,
        {
          hint: 'start it with GO, or move it below the INSERT',
        },
      );
      return undefined;
    }
    return step;
  }

  /** The syntax tree of a step, read once more. */
  #nodeAgain({
    span,
    mix,
  }: Pick<LoadStepHead, 'span'> & { readonly mix?: MixPlace | undefined }): StatementNode {
    if (mix === undefined) return loadNodeOf(this.#script.again(span));
    return (loadNodeOf(this.#script.again(mix.span)) as MixNode).members[mix.member]!;
  }

  /* Plans of steps without errors, made again. */

  readonly #insertPlan: PlanMaker<InsertStep, InsertPlan> = (step) => {
    const { options, settings } = step;
    const node = this.#nodeAgain(step) as InsertNode;
    return compileInsert(node, options, this.#contextOf(settings)).plan!;
  };

  readonly #queryPlan: PlanMaker<QueryStep, QueryPlan> = (step) => {
    const { options, settings, insert } = step;
    const node = this.#nodeAgain(step) as QueryNode;
    return compileQuery(node, insert?.plan, options, this.#contextOf(settings)).plan!;
  };
}

/** So many positions its members take. */
function memberCountOf(statement: StatementNode): number {
  const node = loadNodeOf(statement);
  return node.kind === 'mix' ? node.members.length : 0;
}

/** Tells place and text when it is asked: of most steps of a long script nobody does. */
class PlacedStep<Kind extends string> implements StepOf<Kind> {
  readonly kind: Kind;
  readonly position: number;
  readonly span: Span;
  readonly settings: Settings;
  readonly #source: Source;
  readonly #script: StatementReader;

  constructor(
    kind: Kind,
    position: number,
    span: Span,
    settings: Settings,
    source: Source,
    script: StatementReader,
  ) {
    this.kind = kind;
    this.position = position;
    this.span = span;
    this.settings = settings;
    this.#source = source;
    this.#script = script;
  }

  get place(): string {
    return placeIn(this.#source, this.span);
  }

  get text(): string {
    return headOf(this.#script.again(this.span));
  }
}

/** The INSERT, QUERY, MIX or EXEC itself, or the one that GO starts. */
function loadNodeOf(statement: StatementNode): StatementNode {
  return statement.kind === 'go' ? statement.statement : statement;
}

/** Whether a query has nothing to fill in, so that no INSERT matters to it. */
function isConstant({ template, clauses }: QueryNode): boolean {
  const returned = clauses.flatMap((clause) => (clause.kind === 'returns' ? clause.values.parts : []));
  return [...template.parts, ...returned].every((part) => typeof part === 'string');
}

/** The first line of a statement in canonical layout, secrets cut out: of an INSERT or QUERY without its body. */
function headOf(node: StatementNode): string {
  switch (node.kind) {
    case 'go':
      return `GO ${headOf(node.statement)}`;
    case 'mix':
      return `MIX ${printName(node.name)}`;
    case 'insert':
      return `INSERT ${printName(node.name)}`;
    case 'query':
      return `QUERY ${printName(node.name)}${node.of === undefined ? '' : ` OF ${printName(node.of)}`}`;
    default:
      return printStatement(node, { redact: true }).split('\n')[0]!;
  }
}
