import type { Diagnostic } from '../lexer/diagnostic.ts';
import type { Source, Span } from '../lexer/source.ts';
import type { StatementNode } from './ast.ts';
import { ParameterBinding } from './parameters.ts';
import { readStatements } from './parse.ts';
import { secretTextsOf, type SecretText } from './secret-texts.ts';

/**
 * A script of one or more files with values for its parameters. Its statements are read one by one as they are asked
 * for, and can be read again: the syntax trees of a long script together would fill the memory. Walk through it once;
 * what it tells of the whole script is known then.
 */
export class BoundScript implements Iterable<StatementNode> {
  readonly parameters: ParameterBinding;
  /** What is wrong with the text, parameters apart. */
  readonly diagnostics: Diagnostic[] = [];
  /** Texts that may hold a secret, as written: with their parameters. */
  readonly secrets: SecretText[] = [];
  readonly #sources: readonly Source[];

  constructor(
    sources: readonly Source[],
    given: ReadonlyMap<string, string>,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    this.#sources = sources;
    this.parameters = new ParameterBinding(given, environment);
  }

  /** The statements without an error. */
  *[Symbol.iterator](): Generator<StatementNode> {
    const report = (diagnostic: Diagnostic): void => void this.diagnostics.push(diagnostic);
    for (const [index, source] of this.#sources.entries()) {
      for (const statement of readStatements(source, index, report)) {
        this.secrets.push(...secretTextsOf(statement));
        const bound = this.#bind(statement);
        if (bound !== undefined) yield bound;
      }
    }
  }

  /** The statement at a place where the script had one without an error. */
  again({ source, start }: Span): StatementNode {
    const [statement] = readStatements(this.#sources[source]!, source, () => {}, { from: start });
    return this.#bind(statement!)!;
  }

  #bind(statement: StatementNode): StatementNode | undefined {
    const { source, start, end } = statement.span;
    const text = this.#sources[source]!.text.slice(start, end);
    return text.includes('${') ? this.parameters.bind(statement) : statement;
  }
}
