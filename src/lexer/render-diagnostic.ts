import type { Diagnostic } from './diagnostic.ts';
import type { Source } from './source.ts';

/** Characters of a line that an excerpt shows at most. */
const excerptWidth = 110;
const tabWidth = 4;

const colors = { red: '31', yellow: '33', cyan: '36', bold: '1' } as const;

/**
 * A diagnostic as a person reads it, without a final line end: `file:line:column: error S001: …`, the line
 * with a caret under what was found, and what to do. A diagnostic without a place (a span of no length at the
 * start of the script, as for the command line's own mistakes) has neither.
 */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  sources: readonly Source[],
  { color }: { color: boolean },
): string {
  const paint = (text: string, ...names: (keyof typeof colors)[]): string =>
    color ? `\u001b[${names.map((name) => colors[name]).join(';')}m${text}\u001b[0m` : text;
  const { severity, code, message, span, expected, suggestion, hint } = diagnostic;
  const tint = severity === 'error' ? 'red' : 'yellow';
  const head = `${paint(`${severity} ${code}`, 'bold', tint)}: ${message}`;
  const source = sources[span.source];
  const lines: string[] = [];
  if (source === undefined || isPlaceless(diagnostic)) {
    lines.push(head);
  } else {
    const { line, column } = source.position(span.start);
    lines.push(`${paint(`${source.name}:${line}:${column}`, 'bold')}: ${head}`);
    const { text, caret } = excerpt(source, line, column, span.end - span.start);
    const number = String(line);
    lines.push(`${paint(`${number} |`, 'cyan')} ${text}`.trimEnd());
    lines.push(`${paint(`${' '.repeat(number.length)} |`, 'cyan')} ${paint(caret, 'bold', tint)}`);
  }
  if (expected !== undefined && expected.length > 1) lines.push(`  expected: ${expected.join(', ')}`);
  else if (expected !== undefined && !message.includes(expected[0]!))
    lines.push(`  expected: ${expected[0]}`);
  if (suggestion !== undefined) lines.push(`  did you mean ${paint(suggestion, 'bold')}?`);
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return lines.join('\n');
}

function isPlaceless({ code, span }: Diagnostic): boolean {
  return code === 'S051' && span.start === 0 && span.end === 0;
}

/** A diagnostic as plain data for editors and CI: lines and columns count from 1, columns code points. */
export function diagnosticToJson(
  diagnostic: Diagnostic,
  sources: readonly Source[],
): Record<string, unknown> {
  const { span, ...rest } = diagnostic;
  const source = sources[span.source];
  if (source === undefined || isPlaceless(diagnostic)) return rest;
  return {
    ...rest,
    file: source.name,
    start: { offset: span.start, ...source.position(span.start) },
    end: { offset: span.end, ...source.position(span.end) },
  };
}

/** The line with tabs widened, and a caret line that stands under `length` code units from `column`. */
function excerpt(
  source: Source,
  line: number,
  column: number,
  length: number,
): { text: string; caret: string } {
  const whole = source.line(line);
  const position = { line, column };
  const first = offsetOf(whole, position.column);
  // A very long line is shown from a little before what was found.
  const from = whole.length <= excerptWidth ? 0 : wholeCharacter(whole, Math.max(0, first - 40));
  const to = wholeCharacter(whole, Math.min(whole.length, from + excerptWidth));
  const before = widen(`${from > 0 ? '…' : ''}${whole.slice(from, first)}`);
  const found = widen(whole.slice(first, Math.min(to, first + length)));
  const rest = widen(`${whole.slice(Math.min(to, first + length), to)}${to < whole.length ? '…' : ''}`);
  return {
    text: before + found + rest,
    caret: ' '.repeat(width(before)) + '^'.repeat(Math.max(1, width(found))),
  };
}

function offsetOf(line: string, column: number): number {
  let offset = 0;
  for (let at = 1; at < column && offset < line.length; at++)
    offset += line.codePointAt(offset)! > 0xffff ? 2 : 1;
  return offset;
}

/** `offset`, or the one before where it would cut a character in two. */
function wholeCharacter(line: string, offset: number): number {
  const code = line.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}

/** Without tabs and other control characters, whose width on a terminal nobody knows. */
function widen(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll('\t', ' '.repeat(tabWidth)).replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
}

/** Columns of a terminal: East Asian wide characters and emoji take two, marks that combine none. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (/\p{Mark}|\u200d|\ufe0f/u.test(character)) continue;
    columns += isWide(character.codePointAt(0)!) ? 2 : 1;
  }
  return columns;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
