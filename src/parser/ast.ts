import type { Span } from '../lexer/source.ts';

/*
 * The syntax tree: a discriminated union of plain readonly data, the same that `stressql parse --format json`
 * prints. It keeps what the author wrote (parameters, fences, quoting), so that parse(print(tree)) = tree,
 * spans apart.
 */

/** `${NAME}`, `${NAME:-default}` or `${env:NAME}`; replaced by `bindParameters` before anything is compiled. */
export interface Parameter {
  readonly kind: 'parameter';
  readonly name: string;
  /** Read from the process environment instead of `-p`. */
  readonly environment: boolean;
  readonly fallback?: string;
  readonly span: Span;
}

/** A word, name, number or text as written, unescaped; neighbouring strings are joined. */
export interface Text {
  readonly kind: 'text';
  readonly parts: readonly (string | Parameter)[];
  readonly span: Span;
}

export interface Script {
  readonly kind: 'script';
  readonly statements: readonly StatementNode[];
}

export type StatementNode = SetNode | GoNode | WaitNode | ExecNode | PassThroughNode | LoadNode | MixNode;
/** What has clauses and makes operations. */
export type LoadNode = InsertNode | QueryNode;

export interface SetNode {
  readonly kind: 'set';
  readonly name: Text;
  readonly value: Text;
  readonly span: Span;
}

export interface GoNode {
  readonly kind: 'go';
  readonly statement: InsertNode | QueryNode | MixNode | ExecNode;
  readonly span: Span;
}

export interface WaitNode {
  readonly kind: 'wait';
  /** A statement's name, or a duration: which of the two is decided once parameters are bound. */
  readonly argument?: Text;
  readonly span: Span;
}

export interface ExecNode {
  readonly kind: 'exec';
  readonly program: Text;
  readonly arguments: readonly Text[];
  readonly span: Span;
}

/** Text for the target as it stands. `bare` texts get their dialect from the target. */
export interface PassThroughNode {
  readonly kind: 'pass-through';
  readonly dialect: 'influxql' | 'cql' | 'bare';
  readonly fenced: boolean;
  readonly text: Text;
  readonly span: Span;
}

export interface InsertNode {
  readonly kind: 'insert';
  readonly name: Text;
  readonly template: PointTemplate | CqlTemplate;
  readonly fenced: boolean;
  readonly clauses: readonly Clause[];
  readonly span: Span;
}

export interface QueryNode {
  readonly kind: 'query';
  readonly name: Text;
  /** The companion INSERT named after OF. Without OF it is the INSERT of the query's own name, if there is one. */
  readonly of?: Text;
  readonly template: QueryTemplate;
  readonly fenced: boolean;
  readonly clauses: readonly Clause[];
  readonly span: Span;
}

/** Several INSERTs and QUERYs that share one sequence of operations. */
export interface MixNode {
  readonly kind: 'mix';
  readonly name: Text;
  readonly members: readonly LoadNode[];
  /** The word END. */
  readonly end: { readonly span: Span };
  readonly clauses: readonly Clause[];
  readonly span: Span;
}

/* Templates. */

export type TemplatePart = string | Parameter | Slot;

/** Text with slots. Strings are unescaped: the writer of the protocol escapes. */
export interface Template {
  readonly kind: 'template';
  readonly parts: readonly TemplatePart[];
  readonly span: Span;
}

export interface PointTemplate {
  readonly kind: 'point-template';
  readonly measurement: Template;
  readonly tags: readonly PointTag[];
  readonly fields: readonly PointField[];
  readonly span: Span;
}

export interface PointTag {
  readonly key: Text;
  readonly value: Template;
}

export interface PointField {
  readonly key: Text;
  readonly value: Template;
  /** Written within double quotes: a string field whatever it holds. */
  readonly quoted: boolean;
}

/** A CQL write, as text, slots, and quoted strings that contain slots (each becomes one text bind marker). */
export interface CqlTemplate {
  readonly kind: 'cql-template';
  readonly parts: readonly (TemplatePart | QuotedTemplate)[];
  readonly span: Span;
}

/** A single-quoted string with at least one slot inside. */
export interface QuotedTemplate {
  readonly kind: 'quoted-template';
  readonly parts: readonly TemplatePart[];
  readonly span: Span;
}

/** A query of the target's dialect, with slots of its own and placeholders of its companion's points. */
export interface QueryTemplate {
  readonly kind: 'query-template';
  readonly parts: readonly (TemplatePart | QuotedTemplate | Placeholder)[];
  readonly span: Span;
}

/** `%t %T %f %m %a %k %K` or `%(name)`. */
export interface Placeholder {
  readonly kind: 'placeholder';
  readonly what:
    'tag' | 'tags' | 'field' | 'measurement' | 'timestamp' | 'partition-key' | 'primary-key' | 'value';
  /** The name of `%(name)`. */
  readonly name?: string;
  readonly span: Span;
}

export type Slot = ValueSlot | ChoiceSlot | SlotReference;

/** `[type function(arguments) count]`. */
export interface ValueSlot {
  readonly kind: 'value-slot';
  readonly name?: string;
  readonly type: SlotType;
  readonly function: FunctionCall;
  /** Number of different values; absent or 0: unbounded. */
  readonly count?: Text;
  readonly span: Span;
}

/** `[a|b|c]`, `[get*80|put*20]`. */
export interface ChoiceSlot {
  readonly kind: 'choice-slot';
  readonly name?: string;
  readonly options: readonly { readonly text: Text; readonly weight?: Text }[];
  readonly span: Span;
}

/** `[=id]`: the value that the named slot has in the same operation. */
export interface SlotReference {
  readonly kind: 'slot-reference';
  readonly name: string;
  readonly span: Span;
}

/** `int`, `list(3) of int`, `map(2) of text, double`, `vector(8)`. Names are as written; aliases are resolved later. */
export interface SlotType {
  readonly kind: 'slot-type';
  readonly name: string;
  readonly size?: Text;
  readonly of: readonly SlotType[];
  readonly span: Span;
}

export interface FunctionCall {
  readonly kind: 'function-call';
  readonly name: string;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

/** A number, duration, date or word as written; `quoted` where it stood in single quotes. */
export interface Argument {
  readonly kind: 'argument';
  readonly text: Text;
  readonly quoted: boolean;
  readonly span: Span;
}

/* Clauses, in the order of the source. Counts, durations and rates are texts until parameters are bound. */

export type Clause =
  | CountClause
  | DoClause
  | EveryClause
  | ForClause
  | AtClause
  | WarmupClause
  | PickClause
  | WrittenClause
  | SeriesClause
  | PopulationClause
  | ReturnsClause
  | PartitionsClause
  | RowClause
  | WithClause
  | TagClause
  | ExpectClause
  | WeightClause
  | ClusterClause;

/** The bare `count [step]` of v2. */
export interface CountClause {
  readonly kind: 'count';
  readonly count: Text;
  readonly step?: Text;
  readonly span: Span;
}

export interface DoClause {
  readonly kind: 'do';
  readonly count: Text;
  readonly span: Span;
}

export interface EveryClause {
  readonly kind: 'every';
  readonly step: Text;
  readonly span: Span;
}

export interface ForClause {
  readonly kind: 'for';
  readonly duration: Text;
  readonly span: Span;
}

export interface AtClause {
  readonly kind: 'at';
  readonly stages: readonly Stage[];
  readonly span: Span;
}

/** `rate`, `rate FOR d`, `rate TO rate FOR d`. */
export interface Stage {
  readonly rate: Text;
  readonly to?: Text;
  readonly duration?: Text;
  readonly span: Span;
}

export interface WarmupClause {
  readonly kind: 'warmup';
  /** A count of items or a duration. */
  readonly amount: Text;
  readonly span: Span;
}

export interface PickClause {
  readonly kind: 'pick';
  readonly distribution: 'uniform' | 'latest' | 'each' | 'zipf';
  /** The exponent of zipf. */
  readonly exponent?: Text;
  readonly span: Span;
}

export interface WrittenClause {
  readonly kind: 'written';
  readonly span: Span;
}

export interface SeriesClause {
  readonly kind: 'series';
  readonly columns: readonly Text[];
  readonly span: Span;
}

/** Which item index each item has. */
export interface PopulationClause {
  readonly kind: 'population';
  /** As written, without blanks, such as `1..1000` or `gaussian(1..1000)`. */
  readonly distribution: Text;
  /** Of a MIX: how far behind its INSERTs its queries are. */
  readonly lookback?: Text;
  readonly span: Span;
}

/** What each row of a query's answer has to be. */
export interface ReturnsClause {
  readonly kind: 'returns';
  /** Values as CQL writes them, with commas between. */
  readonly values: QueryTemplate;
  readonly span: Span;
}

/** How many partitions each operation of an INSERT writes, and what of their rows. */
export interface PartitionsClause {
  readonly kind: 'partitions';
  /** Distributions as written, without blanks, such as `uniform(1..50)`. */
  readonly partitions: Text;
  readonly visits?: VisitsOfPartition;
  /** Of the rows of a partition. */
  readonly share?: Share;
  /** Of the value columns of a row. */
  readonly columns?: Share;
  /** `LOGGED`, `UNLOGGED` or `COUNTER`. */
  readonly batch?: Text;
  readonly span: Span;
}

/** In how many visits a partition is written, and how many partitions take turns. */
export interface VisitsOfPartition {
  readonly distribution: Text;
  readonly over?: Text;
}

/** `uniform(1..10)/10`: values of a distribution, each divided by the same number. */
export interface Share {
  readonly distribution: Text;
  /** With the slash before it. */
  readonly divisor: Text;
}

/** What a query takes its values from by name: of one row of a partition, or each of any. */
export interface RowClause {
  readonly kind: 'row';
  readonly any: boolean;
  /** Slots with names, with commas between. */
  readonly values: QueryTemplate;
  readonly span: Span;
}

export interface WithClause {
  readonly kind: 'with';
  readonly settings: readonly { readonly name: Text; readonly value: Text }[];
  readonly span: Span;
}

export interface TagClause {
  readonly kind: 'tag';
  readonly tags: readonly { readonly key: Text; readonly value: Text }[];
  readonly span: Span;
}

export interface ExpectClause {
  readonly kind: 'expect';
  readonly checks: readonly Check[];
  readonly abort?: { readonly after?: Text };
  readonly span: Span;
}

/** Of a member of a MIX. */
export interface WeightClause {
  readonly kind: 'weight';
  readonly weight: Text;
  readonly span: Span;
}

/** Of a MIX: how many operations of one member follow each other. */
export interface ClusterClause {
  readonly kind: 'cluster';
  /** As written, without blanks, such as `gaussian(1..10)`. */
  readonly distribution: Text;
  readonly span: Span;
}

export const percentileMetrics = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'p99.99'] as const;
export const timeMetrics = [...percentileMetrics, 'mean', 'max'] as const;
export const checkMetrics = [...timeMetrics, 'errors', 'rows', 'error_rate', 'throughput'] as const;
export type CheckMetric = (typeof checkMetrics)[number];
export const checkOperators = ['<', '<=', '>', '>=', '=', '!='] as const;
export type CheckOperator = (typeof checkOperators)[number];

export interface Check {
  /** `service.p99`: service time instead of response time. */
  readonly service: boolean;
  readonly metric: CheckMetric;
  readonly operator: CheckOperator;
  /** A duration, number, percentage (`1%`) or rate, as the metric asks. */
  readonly value: Text;
  readonly span: Span;
}
