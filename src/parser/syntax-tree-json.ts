import type { Source, Span } from '../lexer/source.ts';
import type { Script } from './ast.ts';

/**
 * The syntax tree as plain data for other programs: the tree itself (src/parser/ast.ts), each span with the
 * name of its file and the lines and columns of its ends, from 1; columns count code points.
 */
export function syntaxTreeToJson(script: Script, sources: readonly Source[]): Record<string, unknown> {
  return {
    schemaVersion: 1,
    ...(locate(script, sources) as Record<string, unknown>),
  };
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
