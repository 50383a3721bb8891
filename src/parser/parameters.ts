import type { Diagnostic } from '../lexer/diagnostic.ts';
import { nearestWord } from '../lexer/nearest-word.ts';
import type { Parameter, StatementNode, Text } from './ast.ts';
import { checkScalars } from './scalars.ts';

/**
 * Puts values for the parameters of statements: from `given` (`-p NAME=value`), else the parameter's default;
 * `${env:NAME}` from `environment`. A value is never lexed again, but it must be valid where it stands.
 */
export class ParameterBinding {
  /** Parameters without a value, and values that are not valid where they stand. */
  readonly diagnostics: Diagnostic[] = [];
  readonly #environmentNames = new Set<string>();
  readonly #given: ReadonlyMap<string, string>;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #known = new Set<string>();
  /** Texts that had parameters; the others have been checked by the parser. */
  readonly #bound = new WeakSet<object>();

  constructor(given: ReadonlyMap<string, string>, environment: Readonly<Record<string, string | undefined>>) {
    this.#given = given;
    this.#environment = environment;
  }

  /** The statement with values for its parameters, or undefined after an error. */
  bind(statement: StatementNode): StatementNode | undefined {
    const failures = this.diagnostics.length;
    const bound = this.#bind(statement) as StatementNode;
    if (bound !== statement && this.diagnostics.length === failures) {
      this.diagnostics.push(...checkScalars(bound, (text: Text) => this.#bound.has(text)));
    }
    return this.diagnostics.length === failures ? bound : undefined;
  }

  /** The environment variables that were read so far, sorted, for the run's record. */
  get environmentNames(): readonly string[] {
    return [...this.#environmentNames].sort();
  }

  /** Given names that no parameter has had so far, as errors. */
  unused(): readonly Diagnostic[] {
    const unknown = [...this.#given.keys()].filter((name) => !this.#known.has(name));
    return unknown.map((name) => {
      const near = nearestWord(name, this.#known);
      return {
        severity: 'error',
        code: 'S051',
        message: `the script has no parameter \`${name}\``,
        span: { source: 0, start: 0, end: 0 },
        ...(near === undefined ? {} : { suggestion: near }),
      };
    });
  }

  /** A copy of the node with values for parameters; the node itself where it holds none. */
  #bind(node: unknown): unknown {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) {
      let changed = false;
      const items = node.map((item: unknown) => {
        const bound = isParameter(item) ? this.#value(item) : this.#bind(item);
        changed ||= bound !== item;
        return bound;
      });
      return changed ? joinStrings(items) : node;
    }
    let copy: Record<string, unknown> | undefined;
    for (const [key, value] of Object.entries(node)) {
      if (typeof value !== 'object' || key === 'span') continue;
      const bound = this.#bind(value);
      if (bound !== value) (copy ??= { ...node })[key] = bound;
    }
    if (copy?.['kind'] === 'text') this.#bound.add(copy);
    return copy ?? node;
  }

  #value({ name, environment, fallback, span }: Parameter): string {
    if (!environment) this.#known.add(name);
    else this.#environmentNames.add(name);
    const value = (environment ? this.#environment[name] : this.#given.get(name)) ?? fallback;
    if (value !== undefined) return value;
    this.diagnostics.push(
      environment
        ? {
            severity: 'error',
            code: 'S052',
            message: `the environment variable ${name} is not set`,
            span,
            hint: `set it, or write a default: \${env:${name}:-default}`,
          }
        : {
            severity: 'error',
            code: 'S050',
            message: `the parameter ${name} has no value`,
            span,
            hint: `give it with -p ${name}=value, or write a default: \${${name}:-default}`,
          },
    );
    return '';
  }
}

function isParameter(item: unknown): item is Parameter {
  return typeof item === 'object' && item !== null && 'kind' in item && item.kind === 'parameter';
}

function joinStrings(items: readonly unknown[]): unknown[] {
  const joined: unknown[] = [];
  for (const item of items) {
    const last = joined.length - 1;
    if (typeof item === 'string' && typeof joined[last] === 'string') joined[last] += item;
    else joined.push(item);
  }
  return joined;
}
