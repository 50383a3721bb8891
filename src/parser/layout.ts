import type {
  Clause,
  LoadNode,
  MixNode,
  PassThroughNode,
  PointTemplate,
  QueryNode,
  Share,
  StatementNode,
  Text,
} from './ast.ts';
import type { Span } from '../lexer/source.ts';
import { printField, printLiteral, printTag, printText } from './print-template.ts';
import { printArgument, printBracketed, printName, printScalar, printWord } from './print-words.ts';
import { hidesSecret } from './secret-texts.ts';
import { redacted } from '../stress-client/settings.ts';

/** One line of a statement in canonical layout, or the lines of a body; `span` is what it was made of. */
export interface Line {
  readonly text: string;
  readonly span: Span;
}

export interface LayoutOptions {
  /** Secrets are printed as `[REDACTED]`. */
  readonly redact: boolean;
  /** Whose bodies stand in a fence, even where the author had none. */
  readonly fences: ReadonlySet<StatementNode>;
  /** Bodies as they stand in the source, with their comments, instead of printed from the tree; but see `standsAsWritten`. */
  readonly body?: (span: Span) => string;
}

/** Whether its body is what the author wrote: comments in it would become text in a fence that the author had not. */
export function standsAsWritten(node: LoadNode | PassThroughNode, fences: LayoutOptions['fences']): boolean {
  return node.fenced || !fences.has(node);
}

/** The lines of a statement. */
export function layOut(node: StatementNode, options: LayoutOptions): Line[] {
  switch (node.kind) {
    case 'set':
      return [
        {
          text: `SET ${printName(node.name)} ${printValue(node.name, node.value, options)}`,
          span: node.span,
        },
      ];
    case 'wait':
      return [
        {
          text: node.argument === undefined ? 'WAIT' : `WAIT ${printArgument(node.argument)}`,
          span: node.span,
        },
      ];
    case 'exec':
      return [
        {
          text: ['EXEC', ...[node.program, ...node.arguments].map(printArgument)].join(' '),
          span: node.span,
        },
      ];
    case 'go': {
      const [first, ...rest] = layOut(node.statement, options);
      return [{ text: `GO ${first!.text}`, span: node.span }, ...rest];
    }
    case 'pass-through':
      return layOutPassThrough(node, options);
    case 'insert':
    case 'query':
      return layOutLoad(node, options);
    case 'mix':
      return layOutMix(node, options);
  }
}

function printValue(name: Text, value: Text, { redact }: LayoutOptions): string {
  return redact && hidesSecret(name, value) ? redacted : printBracketed(value);
}

function layOutPassThrough(node: PassThroughNode, options: LayoutOptions): Line[] {
  const { dialect, text, span } = node;
  const body = (fenced: boolean): string =>
    writtenBody(node, text.span, options) ??
    printText(text, {
      dialect: dialect === 'bare' ? 'either' : dialect,
      template: false,
      placeholders: false,
      fenced,
    });
  if (dialect === 'bare') return [{ text: body(false), span }];
  const word = dialect.toUpperCase();
  if (!node.fenced && !options.fences.has(node)) return [{ text: `${word} ${body(false)}`, span }];
  return fenced(word, [{ text: body(true), span: text.span }], span);
}

function writtenBody(
  node: LoadNode | PassThroughNode,
  span: Span,
  { body, fences }: LayoutOptions,
): string | undefined {
  return standsAsWritten(node, fences) ? body?.(span) : undefined;
}

/** The lines between fences that are longer than any run of quotes in them. */
function fenced(head: string, lines: readonly Line[], span: Span): Line[] {
  const longest = lines
    .flatMap(({ text }) => text.match(/"+/g) ?? [])
    .reduce((most, quotes) => Math.max(most, quotes.length), 2);
  const fence = '"'.repeat(longest + 1);
  const end = lines.at(-1)!.span.end;
  return [
    { text: `${head} ${fence}`, span: { ...span, end: span.start } },
    ...lines,
    { text: fence, span: { ...span, start: end, end } },
  ];
}

function layOutLoad(node: LoadNode, options: LayoutOptions): Line[] {
  const { template, span } = node;
  const head = node.kind === 'insert' ? `INSERT ${printName(node.name)}` : printQueryHead(node);
  const isFenced = node.fenced || options.fences.has(node);
  const body: Line[] =
    template.kind === 'point-template'
      ? layOutPoint(template)
      : [
          {
            text:
              writtenBody(node, template.span, options) ??
              printText(template, {
                dialect: template.kind === 'cql-template' ? 'cql' : 'either',
                template: true,
                placeholders: template.kind === 'query-template',
                fenced: isFenced,
              }),
            span: template.span,
          },
        ];
  const top = isFenced
    ? fenced(head, body, span)
    : [{ text: head, span: { ...span, end: span.start } }, ...body];
  return [
    ...top,
    ...node.clauses.map((clause) => ({ text: printClause(clause, options), span: clause.span })),
  ];
}

function layOutMix({ name, members, end, clauses, span }: MixNode, options: LayoutOptions): Line[] {
  return [
    { text: `MIX ${printName(name)}`, span: { ...span, end: span.start } },
    ...members.flatMap((member) =>
      layOut(member, options).map((line, index) => ({
        text: `${' '.repeat(index === 0 ? 2 : 4)}${line.text}`,
        span: line.span,
      })),
    ),
    { text: 'END', span: end.span },
    ...clauses.map((clause) => ({ text: printClause(clause, options), span: clause.span })),
  ];
}

function printQueryHead({ name, of }: QueryNode): string {
  return of === undefined ? `QUERY ${printName(name)}` : `QUERY ${printName(name)} OF ${printName(of)}`;
}

function layOutPoint({ measurement, tags, fields }: PointTemplate): Line[] {
  const lines = [
    { text: printLiteral(measurement) + (tags.length > 0 ? ',' : ''), span: measurement.span },
    ...(tags.length > 0
      ? [{ text: tags.map(printTag).join(','), span: spanOver(tags[0]!.key, tags.at(-1)!.value) }]
      : []),
    { text: fields.map(printField).join(','), span: spanOver(fields[0]!.key, fields.at(-1)!.value) },
  ];
  return lines;
}

function spanOver(first: { span: Span }, last: { span: Span }): Span {
  return { ...first.span, end: last.span.end };
}

/** A clause as its own line. */
export function printClause(clause: Clause, options: LayoutOptions): string {
  switch (clause.kind) {
    case 'count':
      return [clause.count, ...(clause.step ? [clause.step] : [])].map(printScalar).join(' ');
    case 'do':
      return `DO ${printScalar(clause.count)}`;
    case 'every':
      return `EVERY ${printScalar(clause.step)}`;
    case 'for':
      return `FOR ${printScalar(clause.duration)}`;
    case 'at':
      return `AT ${clause.stages
        .map(({ rate, to, duration }) =>
          [
            printScalar(rate),
            ...(to ? [`TO ${printScalar(to)}`] : []),
            ...(duration ? [`FOR ${printScalar(duration)}`] : []),
          ].join(' '),
        )
        .join(', ')}`;
    case 'warmup':
      return `WARMUP ${printScalar(clause.amount)}`;
    case 'pick':
      return `PICK ${clause.distribution}${clause.exponent ? `(${printScalar(clause.exponent)})` : ''}`;
    case 'written':
      return 'WRITTEN';
    case 'series':
      return `SERIES (${clause.columns.map(printWord).join(', ')})`;
    case 'population':
      return `POPULATION ${printScalar(clause.distribution)}${clause.lookback ? ` LOOKBACK ${printScalar(clause.lookback)}` : ''}`;
    case 'returns':
      return `RETURNS ${printText(clause.values, { dialect: 'cql', template: true, placeholders: true, fenced: false })}`;
    case 'partitions': {
      const { partitions, visits, share, columns, batch } = clause;
      const printed = (word: string, of: Share | undefined): string =>
        of === undefined ? '' : ` ${word} ${printScalar(of.distribution)}${printScalar(of.divisor)}`;
      const over = visits?.over === undefined ? '' : ` OVER ${printScalar(visits.over)}`;
      const visited = visits === undefined ? '' : ` VISITS ${printScalar(visits.distribution)}${over}`;
      const kind = batch === undefined ? '' : ` ${printScalar(batch)}`;
      return `PARTITIONS ${printScalar(partitions)}${visited}${printed('SHARE', share)}${printed('COLUMNS', columns)}${kind}`;
    }
    case 'row':
      return `${clause.any ? 'ROWS' : 'ROW'} ${printText(clause.values, { dialect: 'cql', template: true, placeholders: true, fenced: false })}`;
    case 'with':
      return `WITH ${clause.settings.map(({ name, value }) => `${printWord(name)} ${printValue(name, value, options)}`).join(', ')}`;
    case 'tag':
      return `TAG ${clause.tags.map(({ key, value }) => `${printWord(key)} = ${printWord(value)}`).join(', ')}`;
    case 'weight':
      return `WEIGHT ${printScalar(clause.weight)}`;
    case 'cluster':
      return `CLUSTER ${printScalar(clause.distribution)}`;
    case 'expect': {
      const checks = clause.checks.map(
        ({ service, metric, operator, value }) =>
          `${service ? 'service.' : ''}${metric} ${operator} ${printScalar(value)}`,
      );
      const abort =
        clause.abort && ` ABORT${clause.abort.after ? ` AFTER ${printScalar(clause.abort.after)}` : ''}`;
      return `EXPECT ${checks.join(', ')}${abort ?? ''}`;
    }
  }
}
