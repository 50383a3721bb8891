import type { Source, Span } from '../lexer/source.ts';
import type { StatementNode } from './ast.ts';

/**
 * The syntax tree of a script as JSON for other programs, in pieces: the tree itself (src/parser/ast.ts) with a
 * `schemaVersion`, each span with the name of its file and the lines and columns of its ends, from 1; columns count
 * code points.
 */
export function* syntaxTreeToJson(
  statements: Iterable<StatementNode>,
  sources: readonly Source[],
): Generator<string> {
  yield '{\n  "schemaVersion": 1,\n  "kind": "script",\n  "statements": [';
  let isEmpty = true;
  for (const statement of statements) {
    const text = JSON.stringify(locate(statement, sources), null, 2);
    yield `${isEmpty ? '' : ','}\n    ${text.replaceAll('\n', '\n    ')}`;
    isEmpty = false;
  }
  yield isEmpty ? ']\n}\n' : '\n  ]\n}\n';
}

function locate(node: unknown, sources: readonly Source[]): unknown {
  if (Array.isArray(node)) return node.map((item: unknown) => locate(item, sources));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'span' ? locateSpan(value as Span, sources) : locate(value, sources),
    ]),
  );
}

function locateSpan(
  { source: index, start, end }: Span,
  sources: readonly Source[],
): Record<string, unknown> {
  const source = sources[index]!;
  return {
    file: source.name,
    start: { offset: start, ...source.position(start) },
    end: { offset: end, ...source.position(end) },
  };
}
