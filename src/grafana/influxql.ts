import { commonClock } from '../reporting/influx/common-clock.ts';
import type { FieldOf, MeasurementName, TagOf } from '../reporting/influx/schema.ts';

/** A field of a time whose figure the dashboard's variable `percentile` names. */
type ChosenFigure = `${'service' | 'response' | 'lateness' | 'slot_wait'}_\${percentile}_ns`;
type FieldName<Name extends MeasurementName> = FieldOf<Name> | ChosenFigure;

/**
 * An InfluxQL query over a measurement of the reporting database. What it names is in the schema, or it does not
 * compile. `text` has Grafana's variables in it; a variable stands in a regular expression, so that one value, several
 * and all of them are written alike.
 */
export class Select<Name extends MeasurementName> {
  readonly #from: string;
  readonly #columns: string[] = [];
  readonly #conditions: string[] = [];
  #tail = '';

  /** `clock`: of an interval's two rows, the one with the time of day or the one with the time since the run's start. */
  constructor(measurement: Name, clock: 'wall' | 'common' = 'wall') {
    this.#from = `${clock === 'common' ? `"${commonClock.retentionPolicy}".` : ''}"${measurement}"`;
  }

  /** Fields and tags as they are. */
  show(...names: readonly (FieldOf<Name> | TagOf<Name>)[]): this {
    for (const name of names) this.column(`"${name}"`, name);
    return this;
  }

  showAs(name: FieldOf<Name>, as: string): this {
    return this.column(`"${name}"`, as);
  }

  of(aggregate: 'max' | 'mean' | 'sum' | 'last', field: FieldName<Name>, as: string): this {
    return this.column(`${aggregate}("${field}")`, as);
  }

  /** The sums of every field whose name begins so, each as `sum_` and its name. */
  sumsOf(beginning: string): this {
    this.#columns.push(`sum(/^${beginning}/)`);
    return this;
  }

  /** A count over the time that its intervals took. */
  perSecond(this: Select<'interval'>, field: FieldOf<'interval'>, as: string): Select<'interval'> {
    return this.column(`sum("${field}") / ((sum("end_ns") - sum("start_ns")) / 1000000000)`, as);
  }

  /** A field as a number with a fraction: of whole numbers from different subqueries InfluxQL makes no quotient. */
  fractional(field: FieldOf<Name>, as: string): this {
    return this.column(`"${field}" * 1.0`, as);
  }

  /** `pattern` is a variable such as `$run`, or alternatives of them or of words with bars between. */
  where(tag: TagOf<Name>, pattern: string): this {
    this.#conditions.push(`"${tag}" =~ /^${pattern.includes('|') ? `(${pattern})` : pattern}$/`);
    return this;
  }

  /** Within the time that the dashboard shows. */
  shown(): this {
    this.#conditions.push('$timeFilter');
    return this;
  }

  /** A row a point of the chart, and series. */
  overTime(...tags: readonly TagOf<Name>[]): this {
    this.#tail = ` GROUP BY ${['time($__interval)', ...tags.map((tag) => `"${tag}"`)].join(', ')} fill(none)`;
    return this;
  }

  by(...tags: readonly TagOf<Name>[]): this {
    this.#tail = ` GROUP BY ${tags.map((tag) => `"${tag}"`).join(', ')}`;
    return this;
  }

  newestFirst(atMost: number): this {
    this.#tail = ` ORDER BY time DESC LIMIT ${atMost}`;
    return this;
  }

  get text(): string {
    const conditions = this.#conditions.length === 0 ? '' : ` WHERE ${this.#conditions.join(' AND ')}`;
    return `SELECT ${this.#columns.join(', ')} FROM ${this.#from}${conditions}${this.#tail}`;
  }

  private column(expression: string, as: string): this {
    this.#columns.push(expression === `"${as}"` ? expression : `${expression} AS "${as}"`);
    return this;
  }
}

/** A figure of candidates by that of the baseline. */
export interface Quotient<Name extends MeasurementName> {
  readonly field: FieldOf<Name>;
  readonly as: string;
}

export interface RatioOptions<Name extends MeasurementName> {
  readonly clock?: 'wall' | 'common';
  readonly quotients: readonly Quotient<Name>[];
  /** How rows with the same tags, and in the same stretch of time, are put together. */
  readonly aggregate: 'max' | 'sum';
  /** Conditions on both sides: a tag and its pattern. */
  readonly where: readonly (readonly [TagOf<Name>, string])[];
  readonly by: readonly TagOf<Name>[];
  /** A row a point of the chart. */
  readonly overTime?: boolean;
}

/** What rows of the run `$candidate` are to rows of the run `$baseline` that have the same tags. */
export function ratio<Name extends MeasurementName>(measurement: Name, options: RatioOptions<Name>): string {
  const { clock, quotients, aggregate, where, by, overTime = false } = options;
  const side = (role: 'baseline' | 'candidate'): string => {
    const select = new Select(measurement, clock).where('test_id' as TagOf<Name>, `$${role}`);
    for (const [tag, pattern] of where) select.where(tag, pattern);
    quotients.forEach(({ field }, index) => select.fractional(field, `${role}_${index}`));
    return `(${select.text})`;
  };
  const columns = quotients.map(
    ({ as }, index) => `${aggregate}("candidate_${index}") / ${aggregate}("baseline_${index}") AS "${as}"`,
  );
  const groups = by.map((tag) => `"${tag}"`);
  const tail = overTime
    ? ` WHERE $timeFilter GROUP BY ${['time($__interval)', ...groups].join(', ')} fill(none)`
    : ` GROUP BY ${groups.join(', ')}`;
  return `SELECT ${columns.join(', ')} FROM ${side('candidate')}, ${side('baseline')}${tail}`;
}

/** The values of a tag, as far as rows of these runs have it. */
export function tagValues<Name extends MeasurementName>(
  measurement: Name,
  tag: TagOf<Name>,
  runs?: string,
): string {
  const condition = runs === undefined ? '' : ` WHERE "test_id" =~ /^${runs}$/`;
  return `SHOW TAG VALUES FROM "${measurement}" WITH KEY = "${tag}"${condition}`;
}
