import type { Diagnostic } from '../lexer/diagnostic.ts';
import type { DiagnosticCode } from '../lexer/diagnostic-codes.ts';
import { nearestWord } from '../lexer/nearest-word.ts';
import { largestCount, parseCount, parseDuration, parseNumber, parseRate } from '../lexer/scalar.ts';
import type { Span } from '../lexer/source.ts';
import type {
  AtClause,
  Check,
  Clause,
  ExpectClause,
  LoadNode,
  MixNode,
  Share,
  TagClause,
  Text,
  VisitsOfPartition,
  WithClause,
} from '../parser/ast.ts';
import { plainText } from '../parser/text.ts';
import { readSetting, settingDefinitions, settingNamed, settingNames } from '../stress-client/settings.ts';
import type { SettingDefinition, SettingName, Settings } from '../stress-client/settings.ts';
import type { BoundCheck, LoadOptions, MixOptions, StageOption, VisitsOption } from './load-options.ts';
import { readPopulation } from './read-population.ts';
import {
  DistributionError,
  rangeOf,
  readDistribution,
  type Distribution,
} from './template/stress/distribution.ts';
import { turnsAtMost, visitsAtMost } from './template/stress/partition-visits.ts';
import { readRatio } from './template/stress/ratio.ts';
import { all, one } from './whole-partitions.ts';

/** Tag keys that results have already: v2's, and our own. */
export const reservedTagKeys: ReadonlySet<string> = new Set(
  `batch_size number_fields number_points_write number_series number_targets precision query_interval readers
  statement_id test_id write_interval writers statement kind position test_name target num_bytes response_time_ns
  status_code error_class address stage name mix agent shard interval time`.split(/\s+/),
);
const tagsAtMost = 8;

/**
 * What the clauses of an INSERT or QUERY come to, and the settings its WITH makes of `settings`. The options are
 * usable only where no diagnostic is an error.
 */
export function readLoadOptions(
  node: LoadNode,
  settings: Settings,
): { options: LoadOptions; settings: Settings; diagnostics: readonly Diagnostic[] } {
  const reader = new OptionsReader(node, settings, 'alone');
  return { options: reader.read(), settings: reader.settings, diagnostics: reader.diagnostics };
}

/** The same of a MIX, with what its members share. */
export function readMixOptions(
  node: MixNode,
  settings: Settings,
): {
  options: LoadOptions;
  mix: MixOptions;
  members: readonly LoadOptions[];
  settings: Settings;
  diagnostics: readonly Diagnostic[];
} {
  const reader = new OptionsReader(node, settings, 'mix');
  const options = reader.read();
  const readers = node.members.map((member) => new OptionsReader(member, reader.settings, 'member'));
  const own = readers.map((each) => each.readMember(options));
  const mix = { weights: readers.map((each) => each.weight), cluster: reader.cluster };
  const { population } = options;
  const distance = reader.lookback;
  const writes = node.members.map(({ kind }) => kind === 'insert');
  const members = own.map((each, member) => {
    if (distance === undefined || population === undefined) return each;
    const lookback = { distribution: distance.distribution, mix, writes, isWrite: writes[member]! };
    const text = `${population.text} LOOKBACK ${distance.text}`;
    return { ...each, population: { ...population, text, lookback } };
  });
  return {
    options,
    mix,
    members,
    settings: reader.settings,
    diagnostics: [...reader.diagnostics, ...readers.flatMap(({ diagnostics }) => diagnostics)],
  };
}

/** Where clauses stand. */
type Role = 'alone' | 'mix' | 'member';

type ClauseOf<Kind extends Clause['kind']> = Extract<Clause, { kind: Kind }>;

/** Clauses that not every statement takes, and what is said where one stands elsewhere. */
const misplaced: {
  readonly [Kind in Clause['kind']]?: {
    readonly belongs: (node: LoadNode) => boolean;
    readonly message: string;
    readonly hint?: string;
  };
} = {
  pick: { belongs: ({ kind }) => kind === 'query', message: 'PICK belongs to QUERY' },
  written: { belongs: ({ kind }) => kind === 'insert', message: 'WRITTEN belongs to INSERT' },
  partitions: {
    belongs: ({ kind, template }) => kind === 'insert' && template.kind === 'cql-template',
    message: 'PARTITIONS belongs to a CQL INSERT',
  },
  row: { belongs: ({ kind }) => kind === 'query', message: 'ROW and ROWS belong to QUERY' },
  returns: { belongs: ({ kind }) => kind === 'query', message: 'RETURNS belongs to QUERY' },
  series: {
    belongs: ({ template }) => template.kind === 'cql-template',
    message: 'SERIES belongs to a CQL INSERT',
    hint: 'in line protocol the measurement and the tags are the odometer',
  },
  every: {
    belongs: ({ template }) => template.kind === 'point-template',
    message: 'EVERY belongs to a line-protocol INSERT',
    hint: 'in CQL the step stands in seq(start, step)',
  },
};

const ofMix: ReadonlySet<Clause['kind']> = new Set([
  'do',
  'for',
  'at',
  'warmup',
  'population',
  'cluster',
  'with',
  'tag',
]);
const ofMember: ReadonlySet<Clause['kind']> = new Set([
  'every',
  'series',
  'partitions',
  'row',
  'returns',
  'pick',
  'tag',
  'expect',
  'weight',
]);

/** What is said where a clause has no place in or beside a MIX. */
function outOfPlace(kind: Clause['kind'], role: Role): string | undefined {
  const what = kind === 'count' ? 'a bare count' : kind.toUpperCase();
  switch (role) {
    case 'alone':
      if (kind === 'weight') return 'WEIGHT belongs to a member of a MIX';
      return kind === 'cluster' ? 'CLUSTER belongs to a MIX' : undefined;
    case 'mix':
      if (ofMix.has(kind)) return undefined;
      return ofMember.has(kind)
        ? `${what} belongs to a member of the MIX`
        : `${what} belongs to an INSERT by itself`;
    case 'member':
      if (ofMember.has(kind)) return undefined;
      return ofMix.has(kind)
        ? `${what} belongs to the MIX, below its END`
        : `${what} belongs to an INSERT by itself`;
  }
}

const meaninglessWhereWritten = ['at', 'for', 'warmup', 'expect'] as const;

/* What most statements come to, shared by them. */
const nothingFixed: LoadOptions['fixed'] = new Set();
const noTags: LoadOptions['tags'] = {};
const noChecks: LoadOptions['checks'] = [];
const noStages: LoadOptions['stages'] = [];
const uniform: LoadOptions['pick'] = { distribution: 'uniform' };

class OptionsReader {
  readonly diagnostics: Diagnostic[] = [];
  settings: Settings;
  readonly #node: LoadNode | MixNode;
  readonly #role: Role;
  /** The first clause of each kind. */
  readonly #clauses: { -readonly [Kind in Clause['kind']]?: ClauseOf<Kind> } = {};

  constructor(node: LoadNode | MixNode, settings: Settings, role: Role) {
    this.#node = node;
    this.#role = role;
    this.settings = settings;
  }

  read(): LoadOptions {
    for (const clause of this.#node.clauses) this.#sort(clause);
    const fixed = this.#with(this.#clauses.with);
    const count = this.#clauses.count;
    const items = this.#items(count);
    const at = this.#clauses.at;
    const own = this.#clauses.for;
    const durationNs = own && this.#duration(own.duration);
    if (own !== undefined && durationNs === 0) this.#error('C003', own.span, 'FOR of no time sends nothing');
    const stages = at === undefined ? noStages : this.#stages(at);
    this.#ends(items, durationNs, at, stages);
    const warmup = this.#warmup(items, durationNs ?? lengthOf(stages));
    return {
      items,
      durationNs,
      stepNs: this.#step(count),
      stages,
      warmup,
      pick: this.#pick(),
      written: this.#written(),
      population: this.#population(),
      partitions: this.#partitions(),
      series: this.#clauses.series?.columns.map(plainText),
      fixed,
      tags: this.#tags(this.#clauses.tag),
      checks: this.#checks(this.#clauses.expect),
      abort: this.#abort(this.#clauses.expect),
    };
  }

  /** Of a member of a MIX with these options. */
  readMember(mix: LoadOptions): LoadOptions {
    for (const clause of this.#node.clauses) this.#sort(clause);
    return {
      ...mix,
      stepNs: this.#step(undefined),
      pick: this.#pick(),
      partitions: this.#partitions(),
      series: this.#clauses.series?.columns.map(plainText),
      tags: { ...mix.tags, ...this.#tags(this.#clauses.tag) },
      checks: this.#checks(this.#clauses.expect),
      abort: this.#abort(this.#clauses.expect),
    };
  }

  /** Of a member of a MIX. */
  get weight(): number {
    const clause = this.#clauses.weight;
    if (clause === undefined) return 1;
    const weight = parseNumber(plainText(clause.weight)) ?? 1;
    if (weight > 0) return weight;
    this.#error('T017', clause.span, 'a WEIGHT is a number above 0', {
      hint: 'leave the member out, or let it be a comment',
    });
    return 1;
  }

  /** Of a MIX. */
  get cluster(): MixOptions['cluster'] {
    const clause = this.#clauses.cluster;
    if (clause === undefined) return undefined;
    const text = plainText(clause.distribution);
    try {
      const distribution = readDistribution(text);
      if (rangeOf(distribution).minimum >= 1) return distribution;
    } catch (error) {
      if (!(error instanceof DistributionError)) throw error;
    }
    this.#error('C020', clause.distribution.span, `${text} is no distribution of sizes of at least 1`, {
      expected: ['a distribution such as fixed(5), uniform(1..10) or gaussian(1..10)'],
    });
    return undefined;
  }

  /** Of a MIX. */
  get lookback(): { readonly distribution: Distribution; readonly text: string } | undefined {
    const clause = this.#clauses.population;
    const distance = clause?.lookback;
    if (clause === undefined || distance === undefined) return undefined;
    const kinds = new Set((this.#node as MixNode).members.map(({ kind }) => kind));
    const indexes = readPopulation(plainText(clause.distribution));
    if (kinds.size < 2) {
      this.#error('C024', distance.span, 'LOOKBACK needs an INSERT and a QUERY in the MIX');
      return undefined;
    }
    if (!('problem' in indexes) && indexes.kind !== 'sequence' && indexes.kind !== 'fixed') {
      this.#error('C024', distance.span, 'LOOKBACK looks back in a sequence', {
        expected: ['POPULATION with indexes such as 1..1000000 before LOOKBACK'],
      });
      return undefined;
    }
    const text = plainText(distance);
    try {
      const distribution = readDistribution(text);
      if (rangeOf(distribution).minimum >= 0) return { distribution, text };
    } catch (error) {
      if (!(error instanceof DistributionError)) throw error;
    }
    this.#error('C024', distance.span, `${text} is no distribution of numbers from 0 on`, {
      expected: ['a distribution such as fixed(100), uniform(1..1000) or exp(1..1000)'],
    });
    return undefined;
  }

  #sort(clause: Clause): void {
    const { kind, span } = clause;
    const elsewhere = this.#node.kind === 'mix' ? undefined : misplaced[kind];
    const refusal = outOfPlace(kind, this.#role);
    if (refusal !== undefined) this.#error('C001', span, refusal);
    else if (this.#node.kind !== 'mix' && elsewhere?.belongs(this.#node) === false) {
      const { message, hint } = elsewhere;
      this.#error('C001', span, message, hint === undefined ? {} : { hint });
    }
    const sorted: Partial<Record<Clause['kind'], Clause>> = this.#clauses;
    if (sorted[kind] === undefined) sorted[kind] = clause;
    else this.#error('C002', span, `${kind === 'count' ? 'the count' : kind.toUpperCase()} is given twice`);
  }

  #error(code: DiagnosticCode, span: Span, message: string, more: Partial<Diagnostic> = {}): void {
    this.diagnostics.push({ severity: 'error', code, message, span, ...more });
  }

  #items(count: ClauseOf<'count'> | undefined): number {
    const clause = this.#clauses.do;
    if (count && clause) {
      this.#error('C002', clause.span, 'the count is given twice, as a bare count and as DO', {
        hint: 'keep one of them',
      });
    }
    const text = clause?.count ?? count?.count;
    if (text === undefined) return Infinity;
    const items = parseCount(plainText(text)) ?? Number.NaN;
    if (items === 0)
      this.#error('C003', text.span, `a count of 0 sends nothing`, { expected: ['a count of at least 1'] });
    // The parser has told of texts that are no counts.
    return Number.isNaN(items) || items > largestCount ? Infinity : items;
  }

  #step(count: ClauseOf<'count'> | undefined): number {
    const every = this.#clauses.every;
    if (every && count?.step) {
      this.#error('C002', every.span, 'the step is given twice, after the count and as EVERY', {
        hint: 'keep one of them',
      });
    }
    const text = every?.step ?? count?.step;
    return text === undefined ? 1e9 : this.#duration(text);
  }

  #duration(text: Text): number {
    return parseDuration(plainText(text)) ?? 0;
  }

  #stages(at: AtClause): StageOption[] {
    const interval = this.#intervals().find((name) => this.settings[name] > 0);
    if (interval !== undefined) {
      this.#error(
        'C004',
        at.span,
        `AT together with ${interval}: a rate and a pause after each answer contradict each other`,
        {
          hint: `leave AT out, or set ${interval} [0s]`,
        },
      );
    }
    return at.stages.map((stage, index): StageOption => {
      const rate = parseRate(plainText(stage.rate)) ?? 0;
      const toRate = stage.to && (parseRate(plainText(stage.to)) ?? 0);
      const durationNs = stage.duration && this.#duration(stage.duration);
      const isLast = index === at.stages.length - 1;
      if (durationNs === undefined && (toRate !== undefined || !isLast)) {
        const which = toRate !== undefined ? 'a stage with TO' : 'a stage before the last';
        this.#error('C005', stage.span, `${which} needs FOR and a duration`, { expected: ['FOR duration'] });
      }
      if (durationNs === 0) this.#error('C003', stage.span, 'a stage of no time has no rate');
      const words = [plainText(stage.rate)];
      if (stage.to) words.push('TO', plainText(stage.to));
      if (stage.duration) words.push('FOR', plainText(stage.duration));
      return { rate, toRate, durationNs, text: words.join(' ') };
    });
  }

  /** The settings that make slots pause after each answer. */
  #intervals(): readonly ('WriteInterval' | 'QueryInterval')[] {
    if (this.#node.kind === 'mix') return ['WriteInterval', 'QueryInterval'];
    return [this.#node.kind === 'insert' ? 'WriteInterval' : 'QueryInterval'];
  }

  /** A statement must have an end, and one that can be reached. */
  #ends(
    items: number,
    durationNs: number | undefined,
    at: AtClause | undefined,
    stages: readonly StageOption[],
  ): void {
    const last = stages.at(-1);
    const hasCount = this.#clauses.do !== undefined || this.#clauses.count !== undefined;
    if (!hasCount && durationNs === undefined && last?.durationNs === undefined) {
      const isPoint = this.#node.kind === 'insert' && this.#node.template.kind === 'point-template';
      const bare = isPoint ? ['a count such as 1000000 10s'] : [];
      this.#error(
        'C006',
        this.#node.name.span,
        `${this.#node.kind.toUpperCase()} ${plainText(this.#node.name)} has no end`,
        {
          expected: [...bare, 'DO count', 'FOR duration', 'AT with FOR in its last stage'],
        },
      );
    }
    if (at === undefined || last === undefined) return;
    if (stages.every(({ rate, toRate = 0 }) => rate === 0 && toRate === 0)) {
      this.#error('C003', at.span, 'a rate of 0/s throughout sends nothing');
      return;
    }
    const lastRate = last.toRate ?? last.rate;
    if (lastRate > 0 || durationNs !== undefined) return;
    if (last.durationNs === undefined) {
      this.#error('C007', at.stages.at(-1)!.span, 'the last stage pauses for ever', {
        hint: 'give it FOR, or a rate above 0/s',
      });
      return;
    }
    const itemsInStages = stages.reduce(
      (sum, { rate, toRate = rate, durationNs: ns = 0 }) => sum + ((rate + toRate) / 2) * (ns / 1e9),
      0,
    );
    if (items < Infinity && items > itemsInStages) {
      this.#error(
        'C007',
        at.span,
        `the stages end at 0/s after ${Math.floor(itemsInStages)} items, so ${items} are never reached`,
        {
          hint: 'let the last stage end above 0/s, or leave DO out',
        },
      );
    }
  }

  #warmup(allItems: number, wholeNs: number): LoadOptions['warmup'] {
    const clause = this.#clauses.warmup;
    if (clause === undefined) return undefined;
    const text = plainText(clause.amount);
    const items = parseCount(text);
    const durationNs = items === undefined ? this.#duration(clause.amount) : 0;
    if ((items ?? 0) >= allItems || durationNs >= wholeNs) {
      this.#error('C003', clause.span, `WARMUP ${text} is all of the statement: nothing is left to measure`);
    }
    return items === undefined ? { durationNs } : { items };
  }

  #pick(): LoadOptions['pick'] {
    const clause = this.#clauses.pick;
    if (clause === undefined) return uniform;
    if (clause.distribution !== 'zipf') return { distribution: clause.distribution };
    const exponent = clause.exponent && parseNumber(plainText(clause.exponent));
    if (exponent === undefined || !(exponent > 0 && exponent <= 10)) {
      this.#error('C008', clause.span, 'zipf needs an exponent', {
        expected: ['zipf(s) with s above 0 and at most 10, such as zipf(1.1)'],
      });
      return uniform;
    }
    return { distribution: 'zipf', exponent };
  }

  #population(): LoadOptions['population'] {
    const clause = this.#clauses.population;
    if (clause === undefined) return undefined;
    if (clause.lookback !== undefined && this.#role === 'alone')
      this.#error('C001', clause.lookback.span, 'LOOKBACK belongs to a MIX');
    const text = plainText(clause.distribution);
    const distribution = readPopulation(text);
    if ('problem' in distribution) {
      this.#error('C019', clause.distribution.span, `${text} ${distribution.problem}`, {
        expected: [
          'indexes such as 1..1000000',
          'fixed(v), uniform(a..b), gaussian(a..b[, range]), exp(a..b), extreme(a..b, shape), qextreme(a..b, shape, parts), seq(a..b), or one of them after ~',
        ],
      });
      return undefined;
    }
    return { distribution, drawnBy: plainText(this.#node.name), text, lookback: undefined };
  }

  #partitions(): LoadOptions['partitions'] {
    const clause = this.#clauses.partitions;
    if (clause === undefined) return undefined;
    const distribution = this.#drawn(clause.partitions, readDistribution);
    const visits = clause.visits && this.#visits(clause.visits);
    const share = clause.share && this.#ratio(clause.share);
    const columns = clause.columns && this.#ratio(clause.columns);
    const batch = clause.batch === undefined ? 'logged' : plainText(clause.batch).toLowerCase();
    if (batch !== 'logged' && batch !== 'unlogged' && batch !== 'counter') {
      this.#error('C023', clause.batch!.span, `${plainText(clause.batch!)} is no kind of batch`, {
        expected: ['LOGGED', 'UNLOGGED', 'COUNTER'],
      });
      return undefined;
    }
    const shares = { share: share ?? all, columns: columns ?? all };
    return { distribution: distribution ?? one, visits, ...shares, batch };
  }

  #visits({ distribution, over }: VisitsOfPartition): VisitsOption | undefined {
    const read = this.#drawn(distribution, readDistribution);
    if (read === undefined) return undefined;
    const option = { distribution: read, over: over === undefined ? 1 : Number(plainText(over)) };
    const most = (number: number): string => `${number.toLocaleString('en')} are the most`;
    if (rangeOf(read).maximum > visitsAtMost) {
      const message = `${plainText(distribution)} is too many visits: ${most(visitsAtMost)}`;
      this.#error('C023', distribution.span, message);
      return undefined;
    }
    const turns = turnsAtMost(read);
    if (over !== undefined && !(Number.isInteger(option.over) && option.over >= 1 && option.over <= turns)) {
      const drawn = read.kind === 'fixed' ? '' : ' where visits are drawn';
      const message = `${plainText(over)} is no number of partitions that take turns: ${most(turns)}${drawn}`;
      this.#error('C023', over.span, message);
      return undefined;
    }
    return option;
  }

  #ratio({ distribution, divisor }: Share): ReturnType<typeof readRatio> {
    return this.#drawn(distribution, (text) => readRatio(text + plainText(divisor)));
  }

  /** What is told where a text is no distribution, or share of one. */
  #drawn<Read>(text: Text, read: (text: string) => Read | undefined): Read | undefined {
    try {
      const value = read(plainText(text));
      if (value !== undefined) return value;
    } catch (error) {
      if (!(error instanceof DistributionError)) throw error;
    }
    this.#error('C023', text.span, `${plainText(text)} is no distribution, or share of one`, {
      expected: ['a distribution such as fixed(1) or uniform(1..50)', 'a share such as uniform(1..10)/10'],
    });
    return undefined;
  }

  #written(): boolean {
    const written = this.#clauses.written;
    if (written === undefined) return false;
    for (const kind of meaninglessWhereWritten) {
      const clause = this.#clauses[kind];
      if (clause) {
        this.#error(
          'C009',
          clause.span,
          `WRITTEN sends nothing, so ${kind.toUpperCase()} means nothing here`,
          {
            hint: 'say with DO how many items the earlier run has loaded',
          },
        );
      }
    }
    return true;
  }

  #with(clause: WithClause | undefined): ReadonlySet<SettingName> {
    if (clause === undefined) return nothingFixed;
    const fixed = new Set<SettingName>();
    for (const { name, value } of clause.settings) {
      const known = readNamedSetting(name, value);
      if ('diagnostic' in known) {
        this.diagnostics.push(known.diagnostic);
        continue;
      }
      const definition: SettingDefinition = settingDefinitions[known.name];
      if (definition.scope === 'run') {
        this.#error('C012', name.span, `${known.name} holds for the whole run, not for one statement`, {
          hint: `SET ${known.name} […] before the first operation`,
        });
      } else if (fixed.has(known.name)) {
        this.#error('C002', name.span, `WITH gives ${known.name} twice`);
      }
      fixed.add(known.name);
      this.settings = { ...this.settings, [known.name]: known.value };
    }
    return fixed;
  }

  #tags(clause: TagClause | undefined): LoadOptions['tags'] {
    if (clause === undefined) return noTags;
    const tags: Record<string, string> = {};
    for (const { key, value } of clause.tags) {
      const name = plainText(key);
      if (reservedTagKeys.has(name.toLowerCase())) {
        this.#error('C013', key.span, `results have a column ${name} already`, {
          hint: 'choose another name',
        });
      } else if (Object.hasOwn(tags, name)) {
        this.#error('C002', key.span, `TAG gives ${name} twice`);
      }
      tags[name] = plainText(value);
    }
    if (clause.tags.length > tagsAtMost) {
      this.#error(
        'C013',
        clause.tags[tagsAtMost]!.key.span,
        `TAG gives ${clause.tags.length} tags; ${tagsAtMost} is the most`,
      );
    }
    return tags;
  }

  #checks(clause: ExpectClause | undefined): readonly BoundCheck[] {
    if (clause === undefined) return noChecks;
    const isQuery = this.#node.kind === 'query';
    return clause.checks.flatMap((check) => {
      if (check.metric === 'rows' && !isQuery) {
        this.#error('C001', check.span, 'EXPECT rows belongs to QUERY', {
          expected: ['errors, error_rate, throughput or a percentile'],
        });
      }
      // The parser has told of texts that are no limit for their metric.
      const limit = readLimit(check);
      return limit === undefined ? [] : [{ check, limit, text: printCheck(check) }];
    });
  }

  #abort(clause: ExpectClause | undefined): LoadOptions['abort'] {
    if (clause?.abort === undefined) return undefined;
    return { afterNs: clause.abort.after ? this.#duration(clause.abort.after) : 0 };
  }
}

/** Nanoseconds of all stages; Infinity where the last one has no end of its own. */
function lengthOf(stages: readonly StageOption[]): number {
  if (stages.at(-1)?.durationNs === undefined) return Infinity;
  return stages.reduce((sum, { durationNs = 0 }) => sum + durationNs, 0);
}

/** Reads the name and value of a SET or WITH; what is wrong comes back as a diagnostic. */
export function readNamedSetting(
  name: Text,
  value: Text,
):
  | { readonly name: SettingName; readonly value: Settings[SettingName] }
  | { readonly diagnostic: Diagnostic } {
  const written = plainText(name);
  const known = settingNamed(written);
  if (known === undefined) {
    const suggestion = nearestWord(written, settingNames);
    return {
      diagnostic: {
        severity: 'error',
        code: 'C011',
        message: `there is no setting ${written}`,
        span: name.span,
        ...(suggestion === undefined ? { hint: 'docs/language.md lists the settings' } : { suggestion }),
      },
    };
  }
  const read = readSetting(known, plainText(value));
  if ('value' in read) return { name: known, value: read.value };
  const shown = settingDefinitions[known].kind === 'secret' ? 'this value' : `"${plainText(value)}"`;
  return {
    diagnostic: {
      severity: 'error',
      code: 'C010',
      message: `${shown} is no value for ${known}`,
      span: value.span,
      expected: [read.expected],
    },
  };
}

/** Nanoseconds, a count, a share of 1 or items a second, as the metric asks. */
function readLimit({ metric, value }: Check): number | undefined {
  const text = plainText(value).trim();
  switch (metric) {
    case 'errors':
    case 'rows':
      return parseNumber(text);
    case 'error_rate': {
      const percent = parseNumber(text.replace(/\s*%$/, ''));
      return percent === undefined ? undefined : percent / 100;
    }
    case 'throughput':
      return parseRate(text);
    default:
      return parseDuration(text);
  }
}

function printCheck(check: Check): string {
  return `${check.service ? 'service.' : ''}${check.metric} ${check.operator} ${plainText(check.value)}`;
}
