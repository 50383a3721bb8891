import fc from 'fast-check';
import type {
  Argument,
  Clause,
  CqlTemplate,
  ExecNode,
  InsertNode,
  LoadNode,
  MixNode,
  PassThroughNode,
  Placeholder,
  PointTemplate,
  QueryNode,
  QueryTemplate,
  QuotedTemplate,
  Script,
  SetNode,
  Slot,
  SlotType,
  StatementNode,
  Template,
  TemplatePart,
  Text,
  WaitNode,
} from '../../src/parser/ast.ts';
import { checkMetrics, checkOperators, type Parameter } from '../../src/parser/ast.ts';

/* Every tree that the parser can make, as far as texts can be printed at all; spans are of no account. */

const span = { source: 0, start: 0, end: 0 };

const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
/** Any text, with the characters that mean something more often than others. */
const anyText = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...'abcXYZ019 ._-@:/') },
      { weight: 2, arbitrary: fc.constantFrom(...'"\'[]{}()|*=,;%$#\\<>!\n\t') },
      { weight: 1, arbitrary: fc.constantFrom('é', '世', '😀', '--', '/*', '*/', '"""', '$$', "''") },
    ),
    { maxLength: 12 },
  )
  .map((characters) => characters.join(''));

const fallback = fc.stringMatching(/^[a-zé0-9 .:/\\}-]{0,6}$/);
const parameter: fc.Arbitrary<Parameter> = fc
  .record({ name: word, environment: fc.boolean(), fallback: fc.option(fallback, { nil: undefined }) })
  .map(({ name, environment, fallback }) => ({
    kind: 'parameter',
    name,
    environment,
    ...(fallback === undefined ? {} : { fallback }),
    span,
  }));

/** Parts with neighbouring strings joined and empty ones left out, as the parser makes them. */
function joined<Part>(parts: readonly (string | Part)[]): (string | Part)[] {
  const result: (string | Part)[] = [];
  for (const part of parts) {
    const last = result.length - 1;
    if (typeof part === 'string' && typeof result[last] === 'string') result[last] = `${result[last]}${part}`;
    else if (part !== '') result.push(part);
  }
  return result;
}

function text(content: fc.Arbitrary<string>): fc.Arbitrary<Text> {
  return fc
    .array(fc.oneof({ weight: 5, arbitrary: content }, { weight: 1, arbitrary: parameter }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((parts) => {
      const all = joined<Parameter>(parts);
      return { kind: 'text', parts: all.length === 0 ? [''] : all, span };
    });
}

function plain(content: fc.Arbitrary<string>): fc.Arbitrary<Text> {
  return content.map((said) => ({ kind: 'text', parts: [said], span }));
}

const filled = (content: fc.Arbitrary<Text>): fc.Arbitrary<Text> =>
  content.filter(({ parts }) => parts.join('') !== '');

const name = filled(fc.oneof(plain(word), text(anyText)));
const count = fc.oneof(
  plain(fc.constantFrom('0', '100', '1_000_000', '1e6')),
  parameter.map((part): Text => ({ kind: 'text', parts: [part], span })),
);
const duration = plain(fc.constantFrom('10s', '1m30s', '500us', '0s', '1w'));
const rate = plain(fc.constantFrom('1000/s', '30/m', '2.5/h', '1e3/s'));

/* Slots. */

const slotType: fc.Arbitrary<SlotType> = fc.letrec<{ type: SlotType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    word
      .filter((each) => each.toLowerCase() !== 'of')
      .map((each): SlotType => ({ kind: 'slot-type', name: each, of: [], span })),
    fc
      .record({
        name: fc.constantFrom('list', 'set', 'map', 'vector'),
        size: count,
        of: fc.tuple(tie('type'), tie('type')),
      })
      .map(({ name: called, size, of }): SlotType => ({
        kind: 'slot-type',
        name: called,
        size,
        of: called === 'map' ? of : of.slice(1),
        span,
      })),
  ),
})).type;

const notOf = word.filter((each) => each.toLowerCase() !== 'of');

const argument: fc.Arbitrary<Argument> = fc.oneof(
  text(anyText).map((said): Argument => ({ kind: 'argument', text: said, quoted: true, span })),
  plain(fc.constantFrom('0', '-5', '1.5', '10s', '2026-01-01', '1e3')).map((said): Argument => ({
    kind: 'argument',
    text: said,
    quoted: false,
    span,
  })),
);

const option = filled(text(anyText)).filter(({ parts }) => typeof parts[0] !== 'string' || parts[0] !== '');

const slotName = fc.option(word, { nil: undefined });

/** `lone`: a choice may have a single option. */
function slot(lone: boolean): fc.Arbitrary<Slot> {
  return fc.oneof(
    fc
      .record({
        name: slotName,
        type: slotType,
        function: notOf,
        arguments: fc.array(argument, { maxLength: 3 }),
        count: fc.option(count, { nil: undefined }),
      })
      .map(({ name: called, type, function: of, arguments: list, count: values }): Slot => ({
        kind: 'value-slot',
        ...(called === undefined ? {} : { name: called }),
        type,
        function: { kind: 'function-call', name: of, arguments: list, span },
        ...(values === undefined ? {} : { count: values }),
        span,
      })),
    fc
      .record({
        name: slotName,
        options: fc.array(fc.record({ text: option, weight: fc.option(count, { nil: undefined }) }), {
          minLength: lone ? 1 : 2,
          maxLength: 3,
        }),
      })
      .map(({ name: called, options }): Slot => ({
        kind: 'choice-slot',
        ...(called === undefined ? {} : { name: called }),
        options: options.map(({ text: said, weight }) => ({ text: said, ...(weight && { weight }) })),
        span,
      })),
    word.map((each): Slot => ({ kind: 'slot-reference', name: each, span })),
  );
}

/* Line protocol: anything but line ends, a quote where one would begin a string, a `\` before a separator. */

const literal = anyText.map((each) => each.replace(/[\n"\\;]/g, ''));

function template(content: fc.Arbitrary<string>, least: number, lone: boolean): fc.Arbitrary<Template> {
  return fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: content },
        { weight: 2, arbitrary: slot(lone) },
        { weight: 1, arbitrary: parameter },
      ),
      { minLength: least, maxLength: 4 },
    )
    .map((parts): Template => ({ kind: 'template', parts: joined<Parameter | Slot>(parts), span }))
    .filter(({ parts }) => parts.length >= least);
}

const value = template(literal, 1, true);
const key = filled(text(literal));

const pointTemplate: fc.Arbitrary<PointTemplate> = fc
  .record({
    measurement: value,
    tags: fc.array(fc.record({ key, value }), { maxLength: 3 }),
    fields: fc.array(
      fc.oneof(
        fc.record({ key, value, quoted: fc.constant(false) }),
        fc.record({ key, value: template(anyText, 0, false), quoted: fc.constant(true) }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map((parts): PointTemplate => ({ kind: 'point-template', ...parts, span }));

/* Texts for the target: pieces whose quotes and brackets are closed. */

const inQuotes = anyText.map((each) => each.replace(/['"\\\n]/g, '').replaceAll('${', '$'));
const piece = fc.oneof(
  word,
  fc.constantFrom(
    'SELECT',
    'FROM',
    'a, b',
    '= 5',
    '(x)',
    '{1: 2}',
    '[1, 2, 3]',
    "m['k']",
    'a % 5',
    '<= 3',
    ';',
  ),
  fc.constantFrom(
    'GO',
    'WAIT x',
    '\n\nGO INSERT a',
    '\n\n',
    '\n',
    '# no',
    '-- no',
    '/* no */',
    'DO 5',
    'FOR 1m',
  ),
  fc.constantFrom(
    'BEGIN',
    'END',
    'AS',
    'EXPLAIN',
    '""',
    'SET a [b]',
    'WITH a [b]',
    '=~ /a%b[c|d]/',
    '100%',
    '%t',
  ),
  inQuotes.map((each) => `'${each}'`),
  inQuotes.map((each) => `"${each.replaceAll('$', '')}"`),
);
const body = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(' '));
const trimmedEnds = <Part>(parts: readonly (string | Part)[]): (string | Part)[] =>
  joined(
    parts.map((part, index) => {
      if (typeof part !== 'string') return part;
      const start = index === 0 ? part.trimStart() : part;
      return index === parts.length - 1 ? start.trimEnd() : start;
    }),
  );

const rawText: fc.Arbitrary<Text> = fc
  .array(fc.oneof({ weight: 3, arbitrary: body }, { weight: 1, arbitrary: parameter }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts): Text => ({ kind: 'text', parts: trimmedEnds(joined<Parameter>(parts)), span }))
  .filter(({ parts }) => parts.length > 0);

const passThrough: fc.Arbitrary<PassThroughNode> = fc.oneof(
  fc
    .record({ dialect: fc.constantFrom('influxql', 'cql'), fenced: fc.boolean(), text: rawText })
    .map(({ dialect, fenced, text: said }): PassThroughNode => ({
      kind: 'pass-through',
      dialect: dialect as 'influxql' | 'cql',
      fenced,
      text: said,
      span,
    })),
  fc
    .tuple(
      fc.constantFrom('CREATE', 'SHOW', 'SELECT', 'GRANT', 'USE', 'DROP'),
      fc.array(word, { minLength: 1, maxLength: 4 }),
    )
    .map(([first, words]): PassThroughNode => ({
      kind: 'pass-through',
      dialect: 'bare',
      fenced: false,
      text: { kind: 'text', parts: [[first, ...words.map((each) => `"${each}"`)].join(' ')], span },
      span,
    })),
);

const quotedTemplate: fc.Arbitrary<QuotedTemplate> = fc
  .tuple(anyText, slot(false), anyText)
  .map(([before, filling, after]) => ({
    kind: 'quoted-template',
    parts: joined<Slot>([before, filling, after]).map((part) =>
      typeof part === 'string' ? part.replace(/[\\$]/g, '') : part,
    ),
    span,
  }))
  .map((node): QuotedTemplate => ({
    ...(node as QuotedTemplate),
    parts: joined<TemplatePart>(node.parts) as TemplatePart[],
  }));

const placeholder: fc.Arbitrary<Placeholder> = fc.oneof(
  fc
    .constantFrom('tag', 'tags', 'field', 'measurement', 'timestamp', 'partition-key', 'primary-key')
    .map((what): Placeholder => ({ kind: 'placeholder', what: what as Placeholder['what'], span })),
  word.map((each): Placeholder => ({ kind: 'placeholder', what: 'value', name: each, span })),
);

/** Parts stand apart by blanks, so that nothing runs into a word. */
function spaced<Part>(parts: readonly (string | Part)[]): (string | Part)[] {
  return trimmedEnds(joined(parts.flatMap((part) => [' ', part, ' '])));
}

const cqlTemplate: fc.Arbitrary<CqlTemplate> = fc
  .tuple(
    fc.constantFrom(
      'INSERT INTO t (a) VALUES (',
      'UPDATE t SET x =',
      'DELETE FROM t WHERE',
      'BEGIN BATCH INSERT INTO t',
    ),
    fc.array(fc.oneof({ weight: 2, arbitrary: body }, slot(false), quotedTemplate, parameter), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([head, parts]): CqlTemplate => ({
    kind: 'cql-template',
    parts: spaced<TemplatePart | QuotedTemplate>([
      head,
      ...parts,
      head.startsWith('BEGIN') ? 'APPLY BATCH' : head.endsWith('(') ? ')' : 'z',
    ]),
    span,
  }));

const queryTemplate: fc.Arbitrary<QueryTemplate> = fc
  .array(fc.oneof({ weight: 2, arbitrary: body }, slot(false), quotedTemplate, parameter, placeholder), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts): QueryTemplate => ({
    kind: 'query-template',
    parts: spaced<QueryTemplate['parts'][number]>(parts),
    span,
  }))
  .filter(({ parts }) => parts.length > 0);

/* Clauses. */

/** Values of RETURNS, with commas between. */
const returned: fc.Arbitrary<QueryTemplate> = fc
  .array(
    fc.oneof(
      slot(false),
      quotedTemplate,
      parameter,
      placeholder,
      fc.constantFrom('5', '-1.5', 'null', "'a''b'", '{1: 2}', '[1, 2]'),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((values): QueryTemplate => ({
    kind: 'query-template',
    parts: trimmedEnds(
      joined<Exclude<QueryTemplate['parts'][number], string>>(
        values.flatMap((each, index) => (index === 0 ? [each] : [', ', each])),
      ),
    ),
    span,
  }));

const setting = fc.record({ name: filled(text(anyText)), value: text(anyText) });

const clause: fc.Arbitrary<Clause> = fc.oneof<fc.Arbitrary<Clause>[]>(
  count.map((each) => ({ kind: 'do', count: each, span })),
  duration.map((step) => ({ kind: 'every', step, span })),
  duration.map((each) => ({ kind: 'for', duration: each, span })),
  fc
    .array(
      fc.record({
        rate,
        to: fc.option(rate, { nil: undefined }),
        duration: fc.option(duration, { nil: undefined }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((stages) => ({
      kind: 'at',
      stages: stages.map(({ rate: from, to, duration: lasting }) => ({
        rate: from,
        ...(to && { to }),
        ...(lasting && { duration: lasting }),
        span,
      })),
      span,
    })),
  fc.oneof(count, duration).map((amount) => ({ kind: 'warmup', amount, span })),
  fc
    .constantFrom('uniform', 'latest', 'each')
    .map((each) => ({ kind: 'pick', distribution: each as 'uniform', span })),
  plain(fc.constantFrom('1.1', '0.99')).map((exponent) => ({
    kind: 'pick',
    distribution: 'zipf',
    exponent,
    span,
  })),
  fc.constant<Clause>({ kind: 'written', span }),
  fc
    .oneof(plain(fc.constantFrom('1', '0.5', '1e3')), count)
    .map((weight) => ({ kind: 'weight', weight, span })),
  fc
    .tuple(
      fc.constantFrom('gaussian', '~exp', 'qextreme'),
      fc.array(fc.constantFrom('1..10', '5', '0.5', '1..1M'), { minLength: 1, maxLength: 3 }),
    )
    .map(([called, values]) => ({
      kind: 'cluster',
      distribution: { kind: 'text', parts: [`${called}(${values.join(',')})`], span },
      span,
    })),
  fc
    .array(filled(text(anyText)), { minLength: 1, maxLength: 3 })
    .map((columns) => ({ kind: 'series', columns, span })),
  fc
    .oneof(plain(fc.constantFrom('1..1000', '~exp(1..1e6)', 'gaussian(1..10,5)')), count)
    .map((distribution) => ({
      kind: 'population',
      distribution,
      span,
    })),
  returned.map((values) => ({ kind: 'returns', values, span })),
  fc
    .record({
      partitions: fc.constantFrom('fixed(1)', '~uniform(1..50)'),
      share: fc.option(fc.constantFrom('/1', '/10k'), { nil: undefined }),
      columns: fc.option(fc.constantFrom('/2'), { nil: undefined }),
      batch: fc.option(fc.constantFrom('LOGGED', 'unlogged'), { nil: undefined }),
    })
    .map(({ partitions, share, columns, batch }) => ({
      kind: 'partitions',
      partitions: constantText(partitions),
      ...(share && { share: { distribution: constantText('exp(1..9)'), divisor: constantText(share) } }),
      ...(columns && { columns: { distribution: constantText('fixed(1)'), divisor: constantText(columns) } }),
      ...(batch && { batch: constantText(batch) }),
      span,
    })),
  fc.tuple(fc.boolean(), fc.array(slot(false), { minLength: 1, maxLength: 3 })).map(([any, slots]) => ({
    kind: 'row',
    any,
    values: {
      kind: 'query-template',
      parts: slots.flatMap((each, index) => (index === 0 ? [each] : [', ', each])),
      span,
    },
    span,
  })),
  fc.array(setting, { minLength: 1, maxLength: 2 }).map((settings) => ({ kind: 'with', settings, span })),
  fc
    .array(fc.record({ key: filled(text(anyText)), value: text(anyText) }), { minLength: 1, maxLength: 2 })
    .map((tags) => ({ kind: 'tag', tags, span })),
  fc
    .record({
      checks: fc.array(
        fc.record({
          service: fc.boolean(),
          metric: fc.constantFrom(...checkMetrics),
          operator: fc.constantFrom(...checkOperators),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      abort: fc.option(fc.option(duration, { nil: undefined }), { nil: null }),
    })
    .map(({ checks, abort }) => ({
      kind: 'expect',
      checks: checks.map((check) => ({ ...check, value: limitOf(check.metric), span })),
      ...(abort === null ? {} : { abort: abort === undefined ? {} : { after: abort } }),
      span,
    })),
);

function constantText(text: string): Text {
  return { kind: 'text', parts: [text], span };
}

function limitOf(metric: (typeof checkMetrics)[number]): Text {
  const values: Record<string, string> = {
    errors: '0',
    rows: '1.5',
    error_rate: '0.1%',
    throughput: '100/s',
  };
  return { kind: 'text', parts: [values[metric] ?? '20ms'], span };
}

/** A FOR directly after a stage without one is the stage's, so that no clause of its own can stand there. */
const clauses = fc.array(clause, { maxLength: 4 }).filter((all) =>
  all.every((each, index) => {
    const before = all[index - 1];
    return each.kind !== 'for' || before?.kind !== 'at' || before.stages.at(-1)!.duration !== undefined;
  }),
);

/* Statements. */

const set: fc.Arbitrary<SetNode> = fc
  .record({ name: filled(fc.oneof(plain(word), text(anyText))), value: text(anyText) })
  .filter(({ name: called }) => String(called.parts[0]).toLowerCase() !== 'password')
  .map((parts) => ({ kind: 'set', ...parts, span }));

const insert: fc.Arbitrary<InsertNode> = fc.oneof(
  fc
    .record({
      name,
      template: pointTemplate,
      fenced: fc.boolean(),
      bare: fc.option(fc.record({ count, step: fc.option(duration, { nil: undefined }) }), {
        nil: undefined,
      }),
      clauses,
    })
    .map(({ bare, clauses: more, ...node }): InsertNode => {
      const first: Clause[] =
        bare === undefined
          ? []
          : [{ kind: 'count', count: bare.count, ...(bare.step && { step: bare.step }), span }];
      return { kind: 'insert', ...node, clauses: [...first, ...more], span };
    }),
  fc
    .record({ name, template: cqlTemplate, fenced: fc.boolean(), clauses })
    .map((node): InsertNode => ({ kind: 'insert', ...node, span })),
);

const query: fc.Arbitrary<QueryNode> = fc
  .record({
    name,
    of: fc.option(name, { nil: undefined }),
    template: queryTemplate,
    fenced: fc.boolean(),
    clauses,
  })
  .map(({ of, ...node }): QueryNode => ({ kind: 'query', ...node, ...(of && { of }), span }));

const mix: fc.Arbitrary<MixNode> = fc
  .record({
    name,
    members: fc.array(fc.oneof<fc.Arbitrary<LoadNode>[]>(insert, query), { minLength: 1, maxLength: 2 }),
    clauses,
  })
  .map((node) => ({ kind: 'mix', ...node, end: { span }, span }));

const exec: fc.Arbitrary<ExecNode> = fc
  .record({ program: filled(text(anyText)), arguments: fc.array(text(anyText), { maxLength: 3 }) })
  .map((node) => ({ kind: 'exec', ...node, span }));

const wait: fc.Arbitrary<WaitNode> = fc
  .option(fc.oneof(name, duration), { nil: undefined })
  .map((argumentText) => ({ kind: 'wait', ...(argumentText && { argument: argumentText }), span }));

const statement: fc.Arbitrary<StatementNode> = fc.oneof<fc.Arbitrary<StatementNode>[]>(
  set,
  wait,
  exec,
  passThrough,
  insert,
  query,
  mix,
  fc.oneof(insert, query, mix, exec).map((inner) => ({ kind: 'go', statement: inner, span })),
);

export const script: fc.Arbitrary<Script> = fc
  .array(statement, { minLength: 1, maxLength: 4 })
  .map((statements) => ({ kind: 'script', statements }));
