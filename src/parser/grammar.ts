import { EmbeddedActionsParser, EOF, type IParserErrorMessageProvider, type TokenType } from 'chevrotain';
import type { Span } from '../lexer/source.ts';
import * as token from '../lexer/tokens.ts';
import type { Token } from '../lexer/tokens.ts';
import type {
  Argument,
  Check,
  CheckMetric,
  CheckOperator,
  ChoiceSlot,
  Clause,
  CqlTemplate,
  ExecNode,
  FunctionCall,
  GoNode,
  InsertNode,
  LoadNode,
  MixNode,
  PassThroughNode,
  PickClause,
  PointField,
  PointTag,
  PointTemplate,
  QueryNode,
  QueryTemplate,
  QuotedTemplate,
  SetNode,
  Share,
  Slot,
  SlotReference,
  SlotType,
  Stage,
  StatementNode,
  Template,
  TemplatePart,
  Text,
  ValueSlot,
  WaitNode,
} from './ast.ts';

/** What a rule wants, in the language's words, where its token's own label says too little. */
const wanted: Readonly<Record<string, string>> = {
  count: 'a count such as 1000',
  duration: 'a duration such as 30s or 1m30s',
  rate: 'a rate such as 1000/s',
  amount: 'a count such as 1000, or a duration such as 30s',
  exponent: 'a number such as 1.1',
  distribution: 'uniform, latest, each or zipf(s)',
  column: 'the name of a column',
  setting: 'the name of a setting',
  tagKey: 'the name of a tag',
  metric: 'a measure such as p99, service.p99, errors or throughput',
  limit: 'a value such as 20ms, 1% or 1000/s',
  weight: 'a number such as 3',
  draws: 'a distribution such as gaussian(1..10)',
  indexes: 'indexes such as 1..1000000 or gaussian(1..1000000)',
  name: 'a name',
};

const separator = '\u0000';
const contentsOfSlots = ['choices such as a|b', 'a type and a function such as int inc(0) 100'].join(
  separator,
);

function wantedBy(type: TokenType, ruleName: string): string {
  return type === EOF ? 'the end of the statement' : (wanted[ruleName] ?? type.LABEL ?? type.name);
}

/** Messages are lists of what was expected; `expectedBy` takes them apart. */
const expectations: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, ruleName }) =>
    ruleName === 'functionCall' && expected === token.RightParenthesis
      ? ', or )'
      : wantedBy(expected, ruleName),
  buildNotAllInputParsedMessage: () => 'the end of the statement',
  buildNoViableAltMessage: ({ expectedPathsPerAlt, ruleName, customUserDescription }) =>
    customUserDescription ??
    [...new Set(expectedPathsPerAlt.flat().map((path) => wantedBy(path[0]!, ruleName)))].join(separator),
  buildEarlyExitMessage: ({ expectedIterationPaths, ruleName, customUserDescription }) =>
    customUserDescription ??
    [...new Set(expectedIterationPaths.map((path) => wantedBy(path[0]!, ruleName)))].join(separator),
};

export function expectedBy(message: string): readonly string[] {
  return message.split(separator);
}

/**
 * The grammar of one statement, whose tokens the scanner has made. Pure: it knows no setting, function or
 * type by name. Each rule is headed by its production; `"""` is a fence of three or more quotes.
 */
export class Grammar extends EmbeddedActionsParser {
  /** The file that the tokens are of. */
  source = 0;

  /** Throws where it is `validated` and ambiguous; that takes a third of the time that it takes to make one. */
  constructor(validated = false) {
    super([...token.allTokens], {
      recoveryEnabled: true,
      maxLookahead: 2,
      errorMessageProvider: expectations,
      skipValidations: !validated,
    });
    this.performSelfAnalysis();
  }

  /** A token that is not there is never made up: the error at hand is what the author needs. */
  protected override canTokenTypeBeInsertedInRecovery(): boolean {
    return false;
  }

  /* Alternatives that don't depend on what their rule has read so far are made once, not for each statement. */

  private readonly statements = [
    { ALT: (): StatementNode => this.SUBRULE(this.set) },
    { ALT: (): StatementNode => this.SUBRULE(this.go) },
    { ALT: (): StatementNode => this.SUBRULE(this.wait) },
    { ALT: (): StatementNode => this.SUBRULE(this.exec) },
    { ALT: (): StatementNode => this.SUBRULE(this.passThrough) },
    { ALT: (): StatementNode => this.SUBRULE(this.insert) },
    { ALT: (): StatementNode => this.SUBRULE(this.query) },
    { ALT: (): StatementNode => this.SUBRULE(this.mix) },
  ];
  private readonly bodies = [
    { ALT: (): PointTemplate | CqlTemplate => this.SUBRULE(this.pointTemplate) },
    { ALT: (): PointTemplate | CqlTemplate => this.SUBRULE(this.cqlTemplate) },
  ];
  private readonly templateParts = [
    { ALT: (): TemplatePart | undefined => piece(this.CONSUME(token.Piece)) },
    { ALT: (): TemplatePart | undefined => this.SUBRULE(this.slot) },
  ];
  private readonly queryParts = [
    { ALT: (): QueryTemplate['parts'][number] | undefined => this.SUBRULE(this.part) },
    { ALT: (): QueryTemplate['parts'][number] | undefined => this.SUBRULE(this.quotedTemplate) },
    {
      ALT: (): QueryTemplate['parts'][number] | undefined =>
        (this.CONSUME(token.Placeholder) as Token).placeholder,
    },
  ];
  private readonly slotContents = [
    { ALT: (): Omit<ChoiceSlot, 'span'> | Omit<ValueSlot, 'span'> => this.SUBRULE(this.choice) },
    { ALT: (): Omit<ChoiceSlot, 'span'> | Omit<ValueSlot, 'span'> => this.SUBRULE(this.value) },
  ];
  private readonly argumentWords = [
    { ALT: () => this.CONSUME(token.SlotWord) },
    { ALT: () => this.CONSUME(token.ArgumentString) },
  ];
  /** `rows` begins a clause elsewhere. */
  private readonly metricWords = [
    { ALT: () => this.CONSUME(token.PlainWord) },
    { ALT: () => this.CONSUME(token.Rows) },
  ];
  private readonly rowWords = [
    { ALT: () => this.CONSUME(token.Row) },
    { ALT: () => this.CONSUME(token.Rows) },
  ];
  private readonly clauses = [
    { ALT: (): Clause => this.SUBRULE(this.doClause) },
    { ALT: (): Clause => this.SUBRULE(this.everyClause) },
    { ALT: (): Clause => this.SUBRULE(this.forClause) },
    { ALT: (): Clause => this.SUBRULE(this.atClause) },
    { ALT: (): Clause => this.SUBRULE(this.warmupClause) },
    { ALT: (): Clause => this.SUBRULE(this.pickClause) },
    { ALT: (): Clause => this.SUBRULE(this.writtenClause) },
    { ALT: (): Clause => this.SUBRULE(this.seriesClause) },
    { ALT: (): Clause => this.SUBRULE(this.populationClause) },
    { ALT: (): Clause => this.SUBRULE(this.returnsClause) },
    { ALT: (): Clause => this.SUBRULE(this.partitionsClause) },
    { ALT: (): Clause => this.SUBRULE(this.rowClause) },
    { ALT: (): Clause => this.SUBRULE(this.withClause) },
    { ALT: (): Clause => this.SUBRULE(this.tagClause) },
    { ALT: (): Clause => this.SUBRULE(this.expectClause) },
    { ALT: (): Clause => this.SUBRULE(this.weightClause) },
    { ALT: (): Clause => this.SUBRULE(this.clusterClause) },
  ];

  /* Statements. */

  // statement := set | go | wait | exec | passThrough | insert | query | mix
  readonly statement = this.RULE('statement', (): StatementNode => this.OR(this.statements));

  // set := SET name "[" value "]"
  private readonly set = this.RULE('set', (): SetNode => {
    const first = this.CONSUME(token.Set);
    const name = this.SUBRULE(this.name);
    const value = this.text(this.CONSUME(token.SettingValue));
    return { kind: 'set', name, value, span: this.spanFrom(first) };
  });

  // go := GO (insert | query | mix | exec)
  private readonly go = this.RULE('go', (): GoNode => {
    const first = this.CONSUME(token.Go);
    const statement = this.OR([
      { ALT: () => this.SUBRULE(this.insert) },
      { ALT: () => this.SUBRULE(this.query) },
      { ALT: () => this.SUBRULE(this.mix) },
      { ALT: () => this.SUBRULE(this.exec) },
    ]);
    return { kind: 'go', statement, span: this.spanFrom(first) };
  });

  // wait := WAIT [name | duration]
  private readonly wait = this.RULE('wait', (): WaitNode => {
    const first = this.CONSUME(token.Wait);
    const argument = this.OPTION(() => this.text(this.CONSUME(token.Argument)));
    return { kind: 'wait', ...(argument && { argument }), span: this.spanFrom(first) };
  });

  // exec := EXEC program {argument}
  private readonly exec = this.RULE('exec', (): ExecNode => {
    const first = this.CONSUME(token.Exec);
    const program = this.text(this.CONSUME1(token.Argument));
    const words: Text[] = [];
    this.MANY(() => words.push(this.text(this.CONSUME2(token.Argument))));
    return { kind: 'exec', program, arguments: words, span: this.spanFrom(first) };
  });

  // passThrough := (INFLUXQL | CQL) (text | '"""' text '"""')
  private readonly passThrough = this.RULE('passThrough', (): PassThroughNode => {
    const first = this.OR1([
      { ALT: () => this.CONSUME(token.Influxql) },
      { ALT: () => this.CONSUME(token.Cql) },
    ]);
    const dialect = first.tokenType === token.Cql ? 'cql' : 'influxql';
    let fenced = false;
    const text = this.OR2({
      ERR_MSG: 'the text to pass on',
      DEF: [
        { ALT: () => this.SUBRULE1(this.rawText) },
        {
          ALT: () => {
            fenced = true;
            this.CONSUME(token.FenceOpen);
            const body = this.SUBRULE2(this.rawText);
            this.CONSUME(token.FenceClose);
            return body;
          },
        },
      ],
    });
    return { kind: 'pass-through', dialect, fenced, text, span: this.spanFrom(first) };
  });

  // bare := text
  readonly bare = this.RULE('bare', (): PassThroughNode => {
    const first = this.LA(1);
    const text = this.SUBRULE(this.rawText);
    return { kind: 'pass-through', dialect: 'bare', fenced: false, text, span: this.spanFrom(first) };
  });

  // rawText := {characters | parameter}
  private readonly rawText = this.RULE('rawText', (): Text => {
    const first = this.LA(1);
    const parts: token.Part[] = [];
    this.AT_LEAST_ONE({
      DEF: () => append(parts, piece(this.CONSUME(token.Piece))),
      ERR_MSG: 'the text to pass on',
    });
    return { kind: 'text', parts: parts.slice(), span: this.spanFrom(first) };
  });

  // insert := INSERT name (body | '"""' body '"""') [count] {clause}
  private readonly insert = this.RULE('insert', (): InsertNode => {
    const first = this.CONSUME(token.Insert);
    const name = this.SUBRULE(this.name);
    let fenced = false;
    const template = this.OR({
      DEF: [
        { ALT: () => this.SUBRULE1(this.body) },
        {
          ALT: () => {
            fenced = true;
            this.CONSUME(token.FenceOpen);
            const body = this.SUBRULE2(this.body);
            this.CONSUME(token.FenceClose);
            return body;
          },
        },
      ],
      ERR_MSG: 'a point template such as cpu,host=a value=1, or a CQL write',
    });
    const clauses: Clause[] = [];
    this.OPTION(() => clauses.push(this.SUBRULE(this.bareCount)));
    this.MANY(() => clauses.push(this.SUBRULE(this.clause)));
    return { kind: 'insert', name, template, fenced, clauses: clauses.slice(), span: this.spanFrom(first) };
  });

  // body := pointTemplate | cqlTemplate
  private readonly body = this.RULE('body', (): PointTemplate | CqlTemplate => this.OR(this.bodies));

  // query := QUERY name [OF name] (queryTemplate | '"""' queryTemplate '"""') {clause}
  private readonly query = this.RULE('query', (): QueryNode => {
    const first = this.CONSUME(token.Query);
    const name = this.SUBRULE1(this.name);
    const of = this.OPTION(() => {
      this.CONSUME(token.Of);
      return this.SUBRULE2(this.name);
    });
    let fenced = false;
    const template = this.OR({
      DEF: [
        { ALT: () => this.SUBRULE1(this.queryTemplate) },
        {
          ALT: () => {
            fenced = true;
            this.CONSUME(token.FenceOpen);
            const body = this.SUBRULE2(this.queryTemplate);
            this.CONSUME(token.FenceClose);
            return body;
          },
        },
      ],
      ERR_MSG: 'the text of a query',
    });
    const clauses: Clause[] = [];
    this.MANY(() => clauses.push(this.SUBRULE(this.clause)));
    return {
      kind: 'query',
      name,
      ...(of && { of }),
      template,
      fenced,
      clauses: clauses.slice(),
      span: this.spanFrom(first),
    };
  });

  // mix := MIX name member {member} END {clause}
  private readonly mix = this.RULE('mix', (): MixNode => {
    const first = this.CONSUME(token.Mix);
    const name = this.SUBRULE(this.name);
    const members: LoadNode[] = [];
    this.AT_LEAST_ONE({
      DEF: () => members.push(this.SUBRULE(this.member)),
      ERR_MSG: 'an INSERT or QUERY',
    });
    const end = { span: this.spanFrom(this.CONSUME(token.End)) };
    const clauses: Clause[] = [];
    this.MANY(() => clauses.push(this.SUBRULE(this.clause)));
    return {
      kind: 'mix',
      name,
      members: members.slice(),
      end,
      clauses: clauses.slice(),
      span: this.spanFrom(first),
    };
  });

  // member := insert | query
  private readonly member = this.RULE('member', (): LoadNode =>
    this.OR([{ ALT: () => this.SUBRULE(this.insert) }, { ALT: () => this.SUBRULE(this.query) }]),
  );

  // name := (letter | "_" | "@") {letter | digit | "@" | "_" | ":" | "." | "-"} | '"' … '"'
  private readonly name = this.RULE('name', (): Text => this.text(this.CONSUME(token.Name)));

  /* Templates. */

  // pointTemplate := measurement {"," tag} blank field {"," field}
  private readonly pointTemplate = this.RULE('pointTemplate', (): PointTemplate => {
    this.CONSUME(token.PointBody);
    const first = this.LA(1);
    const measurement = this.SUBRULE(this.measurement);
    const tags: PointTag[] = [];
    this.MANY1(() => {
      this.CONSUME1(token.Comma);
      // A comma may also end the tags, so that each of the parts has a line of its own.
      this.OPTION(() => tags.push(this.SUBRULE(this.tag)));
    });
    this.OPTION1(() => this.CONSUME(token.Blank));
    const fields = [this.SUBRULE1(this.field)];
    this.MANY2(() => {
      this.CONSUME2(token.Comma);
      fields.push(this.SUBRULE2(this.field));
    });
    return {
      kind: 'point-template',
      measurement,
      tags: tags.slice(),
      fields: fields.slice(),
      span: this.spanFrom(first),
    };
  });

  // measurement := template
  private readonly measurement = this.RULE('measurement', (): Template => this.SUBRULE(this.template));

  // tag := key "=" template
  private readonly tag = this.RULE('tag', (): PointTag => {
    const key = this.SUBRULE(this.key);
    this.CONSUME(token.Equals);
    const value = this.SUBRULE(this.template);
    return { key, value };
  });

  // key := {characters | parameter}
  private readonly key = this.RULE('key', (): Text => {
    const first = this.LA(1);
    const parts: token.Part[] = [];
    this.AT_LEAST_ONE({
      DEF: () => append(parts, piece(this.CONSUME(token.Piece))),
      ERR_MSG: 'a field such as value=1',
    });
    return { kind: 'text', parts: parts.slice(), span: this.spanFrom(first) };
  });

  // field := key "=" (template | '"' [template] '"')
  private readonly field = this.RULE('field', (): PointField => {
    const key = this.SUBRULE(this.key);
    this.CONSUME(token.Equals);
    let quoted = false;
    const value = this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.template) },
        {
          ALT: () => {
            quoted = true;
            return this.SUBRULE(this.quotedField);
          },
        },
      ],
      ERR_MSG: 'the value of the field',
    });
    return { key, value, quoted };
  });

  // quotedField := '"' {part} '"'
  private readonly quotedField = this.RULE('quotedField', (): Template => {
    const first = this.CONSUME(token.QuoteOpen);
    const parts: TemplatePart[] = [];
    this.MANY(() => append(parts, this.SUBRULE(this.part)));
    this.CONSUME(token.QuoteClose);
    return { kind: 'template', parts: parts.slice(), span: this.spanFrom(first) };
  });

  // template := part {part}
  private readonly template = this.RULE('template', (): Template => {
    const first = this.LA(1);
    const parts: TemplatePart[] = [];
    this.AT_LEAST_ONE({
      DEF: () => append(parts, this.SUBRULE(this.part)),
      ERR_MSG: 'text or a slot',
    });
    return { kind: 'template', parts: parts.slice(), span: this.spanFrom(first) };
  });

  // part := characters | parameter | slot
  private readonly part = this.RULE('part', (): TemplatePart | undefined => this.OR(this.templateParts));

  // cqlTemplate := {part | quotedTemplate}
  private readonly cqlTemplate = this.RULE('cqlTemplate', (): CqlTemplate => {
    this.CONSUME(token.CqlBody);
    const first = this.LA(1);
    const parts: (TemplatePart | QuotedTemplate)[] = [];
    this.MANY(() =>
      this.OR([
        { ALT: () => append(parts, this.SUBRULE(this.part)) },
        { ALT: () => parts.push(this.SUBRULE(this.quotedTemplate)) },
      ]),
    );
    return { kind: 'cql-template', parts: parts.slice(), span: this.spanFrom(first) };
  });

  // queryTemplate := {part | quotedTemplate | placeholder}
  private readonly queryTemplate = this.RULE('queryTemplate', (): QueryTemplate => {
    const first = this.LA(1);
    const parts: QueryTemplate['parts'][number][] = [];
    this.AT_LEAST_ONE({
      DEF: () => append(parts, this.OR(this.queryParts)),
      ERR_MSG: 'the text of a query',
    });
    return { kind: 'query-template', parts: parts.slice(), span: this.spanFrom(first) };
  });

  // returnedValues := queryTemplate
  private readonly returnedValues = this.RULE('returnedValues', (): QueryTemplate => {
    const first = this.LA(1);
    const parts: QueryTemplate['parts'][number][] = [];
    this.AT_LEAST_ONE({
      DEF: () => append(parts, this.OR(this.queryParts)),
      ERR_MSG: "values such as 5, 'x' or [int inc(0)]",
    });
    return { kind: 'query-template', parts: parts.slice(), span: this.spanFrom(first) };
  });

  // quotedTemplate := "'" {part} "'"
  private readonly quotedTemplate = this.RULE('quotedTemplate', (): QuotedTemplate => {
    const first = this.CONSUME(token.QuoteOpen);
    const parts: TemplatePart[] = [];
    this.MANY(() => append(parts, this.SUBRULE(this.part)));
    this.CONSUME(token.QuoteClose);
    return { kind: 'quoted-template', parts: parts.slice(), span: this.spanFrom(first) };
  });

  // slot := "[" "=" name "]" | "[" [name ":"] (choice | value) "]"
  private readonly slot = this.RULE('slot', (): Slot => {
    const first = this.CONSUME(token.SlotOpen);
    const slot = this.OR1({
      ERR_MSG: 'what a slot holds, such as [int inc(0) 100], [a|b] or [=name]',
      DEF: [
        {
          ALT: () => {
            this.CONSUME(token.Equals);
            const name = this.word(this.CONSUME1(token.SlotWord));
            this.CONSUME1(token.SlotClose);
            return { kind: 'slot-reference', name, span: this.spanFrom(first) } satisfies SlotReference;
          },
        },
        {
          ALT: () => {
            const named = this.OPTION(() => this.word(this.CONSUME(token.SlotName)));
            const rest = this.OR2({
              DEF: this.slotContents,
              ERR_MSG: contentsOfSlots,
            });
            this.CONSUME2(token.SlotClose);
            const span = this.spanFrom(first);
            return named === undefined ? { ...rest, span } : { ...rest, name: named, span };
          },
        },
      ],
    });
    return slot;
  });

  // choice := option ["*" weight] {"|" option ["*" weight]}
  private readonly choice = this.RULE('choice', (): Omit<ChoiceSlot, 'span'> => {
    const options: { text: Text; weight?: Text }[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: token.Bar,
      ERR_MSG: 'a choice',
      DEF: () => {
        const text = this.text(this.CONSUME(token.Option));
        const weight = this.OPTION(() => this.text(this.CONSUME(token.OptionWeight)));
        options.push(weight === undefined ? { text } : { text, weight });
      },
    });
    return { kind: 'choice-slot', options: options.slice() };
  });

  // value := type function "(" [argument {"," argument}] ")" [count]
  private readonly value = this.RULE('value', (): Omit<ValueSlot, 'span'> => {
    const type = this.SUBRULE(this.slotType);
    const call = this.SUBRULE(this.functionCall);
    const count = this.OPTION(() => this.SUBRULE(this.slotCount));
    return count === undefined
      ? { kind: 'value-slot', type, function: call }
      : { kind: 'value-slot', type, function: call, count };
  });

  // slotCount := count
  private readonly slotCount = this.RULE('slotCount', (): Text => this.text(this.CONSUME(token.SlotWord)));

  // slotType := word ["(" count ")"] [OF slotType ["," slotType]]
  // Only a map has two: a comma after them belongs to what the type stands in.
  private readonly slotType = this.RULE('slotType', (): SlotType => {
    const first = this.CONSUME1(token.SlotWord);
    const name = this.word(first);
    const size = this.OPTION1(() => {
      this.CONSUME(token.LeftParenthesis);
      const count = this.SUBRULE(this.slotCount);
      this.CONSUME(token.RightParenthesis);
      return count;
    });
    const of: SlotType[] = [];
    this.OPTION2(() => {
      this.CONSUME(token.OfType);
      of.push(this.SUBRULE1(this.slotType));
      this.OPTION3({
        GATE: () => name.toLowerCase() === 'map',
        DEF: () => {
          this.CONSUME(token.Comma);
          of.push(this.SUBRULE2(this.slotType));
        },
      });
    });
    const span = this.spanFrom(first);
    return size === undefined
      ? { kind: 'slot-type', name, of: of.slice(), span }
      : { kind: 'slot-type', name, size, of: of.slice(), span };
  });

  // functionCall := word "(" [argument {"," argument}] ")"
  private readonly functionCall = this.RULE('functionCall', (): FunctionCall => {
    const first = this.CONSUME(token.SlotWord);
    this.CONSUME(token.LeftParenthesis);
    const list: Argument[] = [];
    this.MANY_SEP({ SEP: token.Comma, DEF: () => list.push(this.SUBRULE(this.argument)) });
    this.CONSUME(token.RightParenthesis);
    return {
      kind: 'function-call',
      name: this.word(first),
      arguments: list.slice(),
      span: this.spanFrom(first),
    };
  });

  // argument := word | "'" … "'"
  private readonly argument = this.RULE('argument', (): Argument => {
    const said = this.OR(this.argumentWords);
    const quoted = said.tokenType === token.ArgumentString;
    return { kind: 'argument', text: this.text(said), quoted, span: this.spanFrom(said) };
  });

  /* Clauses. */

  // clause := DO … | EVERY … | FOR … | AT … | WARMUP … | PICK … | WRITTEN | SERIES … | POPULATION …
  //   | RETURNS … | PARTITIONS … | ROW … | WITH … | TAG … | EXPECT …
  //   | WEIGHT … | CLUSTER …
  private readonly clause = this.RULE('clause', (): Clause => this.OR(this.clauses));

  // bareCount := count [duration]
  private readonly bareCount = this.RULE('bareCount', (): Clause => {
    const first = this.CONSUME(token.Count);
    const count = this.text(first);
    const step = this.OPTION(() => this.SUBRULE(this.duration));
    const span = this.spanFrom(first);
    return step === undefined ? { kind: 'count', count, span } : { kind: 'count', count, step, span };
  });

  // do := DO count
  private readonly doClause = this.RULE('doClause', (): Clause => {
    const first = this.CONSUME(token.Do);
    const count = this.SUBRULE(this.count);
    return { kind: 'do', count, span: this.spanFrom(first) };
  });

  // every := EVERY duration
  private readonly everyClause = this.RULE('everyClause', (): Clause => {
    const first = this.CONSUME(token.Every);
    const step = this.SUBRULE(this.duration);
    return { kind: 'every', step, span: this.spanFrom(first) };
  });

  // for := FOR duration
  private readonly forClause = this.RULE('forClause', (): Clause => {
    const first = this.CONSUME(token.For);
    const duration = this.SUBRULE(this.duration);
    return { kind: 'for', duration, span: this.spanFrom(first) };
  });

  // at := AT stage {"," stage}
  private readonly atClause = this.RULE('atClause', (): Clause => {
    const first = this.CONSUME(token.At);
    const stages: Stage[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: token.Comma,
      ERR_MSG: wanted['rate']!,
      DEF: () => stages.push(this.SUBRULE(this.stage)),
    });
    return { kind: 'at', stages, span: this.spanFrom(first) };
  });

  // stage := rate [TO rate] [FOR duration]
  private readonly stage = this.RULE('stage', (): Stage => {
    const first = this.LA(1);
    const rate = this.SUBRULE1(this.rate);
    const to = this.OPTION1(() => {
      this.CONSUME(token.To);
      return this.SUBRULE2(this.rate);
    });
    const duration = this.OPTION2(() => {
      this.CONSUME(token.For);
      return this.SUBRULE(this.duration);
    });
    return { rate, ...(to && { to }), ...(duration && { duration }), span: this.spanFrom(first) };
  });

  // warmup := WARMUP (count | duration)
  private readonly warmupClause = this.RULE('warmupClause', (): Clause => {
    const first = this.CONSUME(token.Warmup);
    const amount = this.SUBRULE(this.amount);
    return { kind: 'warmup', amount, span: this.spanFrom(first) };
  });

  // pick := PICK (uniform | latest | each | zipf "(" number ")")
  private readonly pickClause = this.RULE('pickClause', (): PickClause => {
    const first = this.CONSUME(token.Pick);
    const distribution = this.SUBRULE(this.distribution);
    const exponent = this.OPTION(() => {
      this.CONSUME(token.LeftParenthesis);
      const number = this.SUBRULE(this.exponent);
      this.CONSUME(token.RightParenthesis);
      return number;
    });
    return { kind: 'pick', distribution, ...(exponent && { exponent }), span: this.spanFrom(first) };
  });

  // written := WRITTEN
  private readonly writtenClause = this.RULE('writtenClause', (): Clause => {
    const first = this.CONSUME(token.Written);
    return { kind: 'written', span: this.spanFrom(first) };
  });

  // series := SERIES "(" column {"," column} ")"
  private readonly seriesClause = this.RULE('seriesClause', (): Clause => {
    const first = this.CONSUME(token.Series);
    this.CONSUME(token.LeftParenthesis);
    const columns: Text[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: token.Comma,
      ERR_MSG: wanted['column']!,
      DEF: () => columns.push(this.SUBRULE(this.column)),
    });
    this.CONSUME(token.RightParenthesis);
    return { kind: 'series', columns, span: this.spanFrom(first) };
  });

  // population := POPULATION (draws | a ".." b) [LOOKBACK draws]
  private readonly populationClause = this.RULE('populationClause', (): Clause => {
    const first = this.CONSUME(token.Population);
    const distribution = this.OR({
      DEF: [{ ALT: () => this.SUBRULE1(this.draws) }, { ALT: () => this.SUBRULE(this.indexes) }],
      ERR_MSG: wanted['indexes']!,
    });
    const lookback = this.OPTION(() => {
      this.CONSUME(token.Lookback);
      return this.SUBRULE2(this.draws);
    });
    return { kind: 'population', distribution, ...(lookback && { lookback }), span: this.spanFrom(first) };
  });

  // returns := RETURNS returnedValues
  private readonly returnsClause = this.RULE('returnsClause', (): Clause => {
    const first = this.CONSUME(token.Returns);
    const values = this.SUBRULE(this.returnedValues);
    return { kind: 'returns', values, span: this.spanFrom(first) };
  });

  // partitions := PARTITIONS draws [VISITS draws [OVER number]] [SHARE share] [COLUMNS share] [word]
  private readonly partitionsClause = this.RULE('partitionsClause', (): Clause => {
    const first = this.CONSUME(token.Partitions);
    const partitions = this.SUBRULE1(this.draws);
    const visits = this.OPTION4(() => {
      this.CONSUME(token.Visits);
      const distribution = this.SUBRULE2(this.draws);
      const over = this.OPTION5(() => {
        this.CONSUME(token.Over);
        return this.text(this.CONSUME1(token.PlainWord));
      });
      return { distribution, ...(over && { over }) };
    });
    const share = this.OPTION1(() => {
      this.CONSUME(token.Share);
      return this.SUBRULE1(this.share);
    });
    const columns = this.OPTION2(() => {
      this.CONSUME(token.Columns);
      return this.SUBRULE2(this.share);
    });
    const batch = this.OPTION3(() => this.text(this.CONSUME2(token.PlainWord)));
    return {
      kind: 'partitions',
      partitions,
      ...(visits && { visits }),
      ...(share && { share }),
      ...(columns && { columns }),
      ...(batch && { batch }),
      span: this.spanFrom(first),
    };
  });

  // share := draws "/" number
  private readonly share = this.RULE('share', (): Share => {
    const distribution = this.SUBRULE(this.draws);
    const divisor = this.text(this.CONSUME(token.PlainWord));
    return { distribution, divisor };
  });

  // row := (ROW | ROWS) returnedValues
  private readonly rowClause = this.RULE('rowClause', (): Clause => {
    const first = this.OR(this.rowWords);
    const values = this.SUBRULE(this.returnedValues);
    return { kind: 'row', any: first.tokenType === token.Rows, values, span: this.spanFrom(first) };
  });

  // with := WITH name "[" value "]" {"," name "[" value "]"}
  private readonly withClause = this.RULE('withClause', (): Clause => {
    const first = this.CONSUME(token.With);
    const settings: { name: Text; value: Text }[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: token.Comma,
      ERR_MSG: wanted['setting']!,
      DEF: () => {
        const name = this.SUBRULE(this.setting);
        const value = this.text(this.CONSUME(token.SettingValue));
        settings.push({ name, value });
      },
    });
    return { kind: 'with', settings, span: this.spanFrom(first) };
  });

  // tag := TAG key "=" value {"," key "=" value}
  private readonly tagClause = this.RULE('tagClause', (): Clause => {
    const first = this.CONSUME(token.Tag);
    const tags: { key: Text; value: Text }[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: token.Comma,
      ERR_MSG: wanted['tagKey']!,
      DEF: () => {
        const key = this.SUBRULE(this.tagKey);
        this.CONSUME(token.Equals);
        const value = this.text(this.CONSUME(token.Word));
        tags.push({ key, value });
      },
    });
    return { kind: 'tag', tags, span: this.spanFrom(first) };
  });

  // expect := EXPECT check {"," check} [ABORT [AFTER duration]]
  private readonly expectClause = this.RULE('expectClause', (): Clause => {
    const first = this.CONSUME(token.Expect);
    const checks: Check[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: token.Comma,
      ERR_MSG: wanted['metric']!,
      DEF: () => checks.push(this.SUBRULE(this.check)),
    });
    const abort = this.OPTION1(() => {
      this.CONSUME(token.Abort);
      const afterwards = this.OPTION2(() => {
        this.CONSUME(token.After);
        return this.SUBRULE(this.duration);
      });
      return afterwards ? { after: afterwards } : {};
    });
    return { kind: 'expect', checks, ...(abort && { abort }), span: this.spanFrom(first) };
  });

  // check := ["service."] metric ("<" | "<=" | ">" | ">=" | "=" | "!=") value
  private readonly check = this.RULE('check', (): Check => {
    const first = this.LA(1);
    const measure = this.SUBRULE(this.metric);
    const operator = this.word(
      this.OR({
        DEF: [{ ALT: () => this.CONSUME(token.Operator) }, { ALT: () => this.CONSUME(token.Equals) }],
        ERR_MSG: 'one of < <= > >= = !=',
      }),
    );
    const value = this.SUBRULE(this.limit);
    return {
      service: isService(measure),
      metric: String(measure).replace(/^service\./, '') as CheckMetric,
      operator: operator as CheckOperator,
      value,
      span: this.spanFrom(first),
    };
  });

  // weight := WEIGHT number
  private readonly weightClause = this.RULE('weightClause', (): Clause => {
    const first = this.CONSUME(token.Weight);
    const weight = this.SUBRULE(this.weight);
    return { kind: 'weight', weight, span: this.spanFrom(first) };
  });

  // cluster := CLUSTER draws
  private readonly clusterClause = this.RULE('clusterClause', (): Clause => {
    const first = this.CONSUME(token.Cluster);
    const distribution = this.SUBRULE(this.draws);
    return { kind: 'cluster', distribution, span: this.spanFrom(first) };
  });

  // draws := ["~"] word "(" word {"," word} ")"
  private readonly draws = this.RULE('draws', (): Text => {
    const first = this.CONSUME1(token.PlainWord);
    const parts: token.Part[] = [];
    const add = (part: token.Part | undefined): void => append(parts, part);
    this.partsOf(first).forEach(add);
    this.CONSUME(token.LeftParenthesis);
    add('(');
    let isFirst = true;
    this.AT_LEAST_ONE_SEP({
      SEP: token.Comma,
      DEF: () => {
        if (!isFirst) add(',');
        isFirst = false;
        this.partsOf(this.CONSUME2(token.PlainWord)).forEach(add);
      },
    });
    this.CONSUME(token.RightParenthesis);
    add(')');
    return { kind: 'text', parts: parts.slice(), span: this.spanFrom(first) };
  });

  /* Words, each with what it should be; whether it is, is seen once parameters are bound. */

  private readonly count = this.RULE('count', (): Text => this.text(this.CONSUME(token.PlainWord)));
  private readonly duration = this.RULE('duration', (): Text => this.text(this.CONSUME(token.PlainWord)));
  private readonly rate = this.RULE('rate', (): Text => this.text(this.CONSUME(token.PlainWord)));
  private readonly amount = this.RULE('amount', (): Text => this.text(this.CONSUME(token.PlainWord)));
  private readonly indexes = this.RULE('indexes', (): Text => this.text(this.CONSUME(token.PlainWord)));
  private readonly exponent = this.RULE('exponent', (): Text => this.text(this.CONSUME(token.PlainWord)));
  private readonly weight = this.RULE('weight', (): Text => this.text(this.CONSUME(token.PlainWord)));
  private readonly limit = this.RULE('limit', (): Text => this.text(this.CONSUME(token.PlainWord)));
  private readonly column = this.RULE('column', (): Text => this.text(this.CONSUME(token.Word)));
  private readonly setting = this.RULE('setting', (): Text => this.text(this.CONSUME(token.Word)));
  private readonly tagKey = this.RULE('tagKey', (): Text => this.text(this.CONSUME(token.Word)));
  private readonly metric = this.RULE('metric', (): string =>
    this.word(this.OR(this.metricWords)).toLowerCase(),
  );
  private readonly distribution = this.RULE('distribution', (): PickClause['distribution'] => {
    const word = this.word(this.CONSUME(token.PlainWord));
    return word.toLowerCase() as PickClause['distribution'];
  });

  /* From tokens to nodes. */

  private text(from: { startOffset: number }): Text {
    const { parts, startOffset, end } = from as Token;
    return { kind: 'text', parts, span: { source: this.source, start: startOffset, end } };
  }

  private partsOf(from: { startOffset: number }): readonly token.Part[] {
    return (from as Token).parts ?? [];
  }

  /** What a token without parameters says. */
  private word(from: { startOffset: number }): string {
    const parts = this.partsOf(from);
    const [only] = parts;
    if (parts.length === 1 && typeof only === 'string') return only;
    return parts.map((part) => (typeof part === 'string' ? part : '')).join('');
  }

  /** From the first token of a node to the last one that was taken. */
  private spanFrom(first: { startOffset: number }): Span {
    return { source: this.source, start: first.startOffset, end: (this.LA(0) as Token).end };
  }
}

function isService(measure: string): boolean {
  return String(measure).startsWith('service.');
}

/** What a token of text or a parameter says; nothing while the grammar is recorded, and tokens say nothing. */
function piece(from: { startOffset: number }): token.Part | undefined {
  return (from as Token).parts?.[0];
}

/** Adds a part, joined to the one before where both are strings. */
function append<Part>(parts: (Part | string)[], part: Part | string | undefined): void {
  const last = parts.length - 1;
  if (part === undefined) return;
  if (last >= 0 && typeof part === 'string' && typeof parts[last] === 'string') parts[last] += part;
  else parts.push(part);
}
