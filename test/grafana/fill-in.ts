/** A value of a variable as Grafana has it: one, several, or all of them where the variable says how that is written. */
export type VariableValue = string | readonly string[] | typeof allValues;
export const allValues = Symbol('all');

export interface Filling {
  readonly variables: Readonly<Record<string, VariableValue>>;
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Of a point. */
  readonly interval: string;
}

/**
 * A query as Grafana's InfluxDB data source sends it: one value stands as it is, with what a regular expression would
 * take for its own escaped, several stand in brackets with bars between.
 */
export function fillIn(query: string, { variables, fromMs, toMs, interval }: Filling): string {
  return query
    .replaceAll('$timeFilter', `time >= ${fromMs}ms and time <= ${toMs}ms`)
    .replaceAll('$__interval', interval)
    .replace(
      /\$\{(\w+)(?::\w+)?\}|\$(\w+)/g,
      (whole, braced: string | undefined, plain: string | undefined) => {
        const value = variables[(braced ?? plain)!];
        if (value === undefined) throw new Error(`${whole} has no value in ${query}`);
        if (value === allValues) return '.*';
        return typeof value === 'string' ? escaped(value) : `(${value.map(escaped).join('|')})`;
      },
    );
}

function escaped(value: string): string {
  return value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');
}

/** What variables a text of a dashboard has, such as a title, a query or an address. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(/\$\{(\w+)[^}]*\}|\$(\w+)/g)].map(([, braced, plain]) => (braced ?? plain)!);
}

/** The values that a query variable's `regex` makes of what its query answers, in the same order. */
export function valuesOf(answers: readonly string[], regex = ''): readonly string[] {
  if (regex === '') return answers;
  const pattern = new RegExp(regex.slice(1, regex.lastIndexOf('/')));
  return answers.flatMap((answer) => pattern.exec(answer)?.groups?.['value'] ?? []);
}
