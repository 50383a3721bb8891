import { isBareName } from '../parser/scalars.ts';
import { distributionText } from './distribution-text.ts';
import {
  createdLine,
  missingLine,
  pauseLine,
  runningLine,
  settleLine,
  stepLine,
  stepsLine,
  warmUpLine,
  workTitle,
} from './run-lines.ts';
import { durationOf, settingStatements } from './setting-statements.ts';
import { seedsOf } from './seeds.ts';
import type { RunLength, StressSettings } from './settings.ts';
import { threadSteps } from './thread-steps.ts';
import type { StressOperation, Workload } from './workload.ts';

/** A command line as a script: the same load when `stressql run` runs it. */
export interface StressScript {
  readonly text: string;
  /** Its statements, in order. */
  readonly statements: readonly ScriptStatement[];
}

export interface ScriptStatement {
  readonly text: string;
  /** Lines for a reader of the script, above it. */
  readonly comments: readonly string[];
  /** What cassandra-stress prints before it. */
  readonly says: readonly string[];
  /** What it is where it sends load. */
  readonly load?: StressLoad;
}

export interface StressLoad {
  readonly kind: 'warm-up' | 'run';
  readonly threads: number;
}

/** Behind the name of an operation, where it warms up. */
const warmUpSuffix = '.warm-up';

/** What cassandra-stress calls the operation of a statement. */
export function operationNamed(statementName: string): string {
  return statementName.endsWith(warmUpSuffix) ? statementName.slice(0, -warmUpSuffix.length) : statementName;
}

const warmUpOperationsAtMost = 50_000;
const warmUpThreadsAtMost = 100;
const settleSeconds = 2;
const pauseSeconds = 15;

/** What runs for a command line, of which `commandLine` is the text without secrets. */
export function stressScript(
  settings: StressSettings,
  workload: Workload,
  commandLine: string,
): StressScript {
  const builder = new ScriptBuilder(settings, workload);
  const statements = builder.build();
  const head = `# cassandra-stress ${commandLine.replaceAll(/\s+/g, ' ')}\n`;
  return { text: `${head}\n${statements.map(textOf).join('\n')}`, statements };
}

/** Settings stand together, and each other statement has an empty line before it. */
function textOf({ text, comments }: ScriptStatement, index: number, all: readonly ScriptStatement[]): string {
  const isSetting = text.startsWith('SET ');
  const gap = index > 0 && (!isSetting || comments.length > 0 || !all[index - 1]!.text.startsWith('SET '));
  return `${gap ? '\n' : ''}${comments.map((comment) => `# ${comment}\n`).join('')}${text}${index === all.length - 1 ? '\n' : ''}`;
}

class ScriptBuilder {
  readonly #settings: StressSettings;
  readonly #workload: Workload;
  readonly #title: string;
  readonly #statements: ScriptStatement[] = [];

  constructor(settings: StressSettings, workload: Workload) {
    this.#settings = settings;
    this.#workload = workload;
    this.#title = workTitle(settings.command);
  }

  build(): readonly ScriptStatement[] {
    const { command, rate, log } = this.#settings;
    for (const { text, comment } of settingStatements(this.#settings, this.#workload.keyspace))
      this.#add(text, { comments: comment === undefined ? [] : [comment] });
    this.#makeSchema();
    this.#writeMissing();
    if (isNothing(command.length)) return this.#statements;
    const { announcements = [] } = this.#workload;
    const says = [...(log.noSettings ? [] : announcements), settleLine(settleSeconds)];
    this.#add(`WAIT ${settleSeconds}s`, { says });
    if (!command.noWarmup) this.#warmUp();
    if (rate.kind === 'threads') this.#run(rate.threads, this.#truncates, []);
    else this.#runInSteps(threadSteps(rate.minimum, rate.maximum), rate.auto);
    return this.#statements;
  }

  #add(text: string, rest: Partial<Omit<ScriptStatement, 'text'>> = {}): void {
    this.#statements.push({ text, comments: [], says: [], ...rest });
  }

  #makeSchema(): void {
    const { schema, created, extraSchema = [] } = this.#workload;
    const seconds = this.#settings.node.nodes.length;
    for (const [texts, what] of [
      [schema, created],
      [extraSchema, 'extra schema'],
    ] as const) {
      for (const text of texts) this.#add(text);
      if (texts.length > 0) this.#add(`WAIT ${seconds}s`, { says: [createdLine(what, seconds)] });
    }
  }

  /** All rows of the population once, for reads of a server that has none. */
  #writeMissing(): void {
    const { minimum, maximum } = seedsOf(this.#settings.population);
    const rows = maximum - minimum + 1;
    for (const operation of this.#workload.missing ?? []) {
      const name = `${operation.name}.missing`;
      this.#add(
        lines([
          ...this.#operation({ ...operation, name }),
          `POPULATION ${minimum}..${maximum}`,
          `DO ${rows}`,
          concurrency([operation], warmUpThreadsAtMost),
        ]),
        {
          comments: ['The practice server has no rows yet.'],
          says: [missingLine(rows)],
          load: { kind: 'warm-up', threads: warmUpThreadsAtMost },
        },
      );
    }
  }

  #warmUp(): void {
    const { command, rate, node } = this.#settings;
    const { length } = command;
    const operations =
      Math.min(
        warmUpOperationsAtMost,
        length.kind === 'operations' ? Math.floor(length.operations / 4) : Infinity,
      ) * node.nodes.length;
    const threadsAtMost = rate.kind === 'threads' ? rate.threads : rate.maximum;
    const threads = Math.max(1, Math.min(warmUpThreadsAtMost, threadsAtMost));
    if (operations === 0) return;
    for (const operation of this.#workload.operations) {
      const name = `${operation.name}${warmUpSuffix}`;
      this.#add(
        lines([
          ...this.#operation({ ...operation, name }),
          ...this.#populationOf([operation]),
          ...this.#ends({ kind: 'operations', operations }),
          concurrency([operation], threads),
        ]),
        {
          comments: ['Warm-up.'],
          says: [warmUpLine(operation.name, operations)],
          load: { kind: 'warm-up', threads },
        },
      );
    }
  }

  get #truncates(): boolean {
    return this.#settings.command.truncate !== 'never';
  }

  #truncate(): void {
    for (const text of this.#workload.truncations) this.#add(text);
  }

  #runInSteps(steps: readonly number[], auto: boolean): void {
    const { truncate } = this.#settings.command;
    if (truncate === 'once') this.#truncate();
    const ends =
      'More threads, until the last five steps have gained nothing on average, or the last three have lost.';
    for (const [index, threads] of steps.entries()) {
      const first = index === 0;
      const says = ['', stepLine(threads)];
      if (!first && this.#workload.writes) this.#add(`WAIT ${pauseSeconds}s`, { says: [pauseLine] });
      this.#run(
        threads,
        truncate === 'always',
        first ? [stepsLine, ...says] : says,
        first && auto ? [ends] : [],
      );
    }
  }

  /** The load that is measured. */
  #run(threads: number, truncates: boolean, says: readonly string[], comments: readonly string[] = []): void {
    if (truncates) this.#truncate();
    const { command, rate } = this.#settings;
    const { length } = command;
    const limited = rate.kind === 'threads' && rate.operationsPerSecond > 0;
    const { operations, partitionsOfOperation = 1 } = this.#workload;
    // An INSERT by itself counts its partitions, a mix its operations.
    const seedsOfOperation = operations.length === 1 ? 1 : partitionsOfOperation;
    const clauses = [
      ...this.#populationOf(operations),
      ...this.#ends(length, seedsOfOperation),
      ...(limited ? [`AT ${rate.operationsPerSecond / seedsOfOperation}/s`] : []),
      concurrency(operations, threads),
      ...(rate.kind === 'steps' ? [`TAG threads = '${threads}'`] : []),
    ];
    const measured =
      limited && rate.fixed ? ['With fixed= times count from when an operation was due: response time.'] : [];
    const uncertain =
      length.kind === 'uncertainty'
        ? [
            `cassandra-stress ends it once the rate of rows is known to ${length.target * 100} %, after ${length.minimum} intervals or more.`,
          ]
        : [];
    this.#add(lines([...this.#work(), ...clauses]), {
      comments: [...comments, ...uncertain, ...measured],
      says: [...says, runningLine(this.#title, threads, length)],
      load: { kind: 'run', threads },
    });
  }

  /** One statement, or a mix of several, without what follows the last. */
  #work(): readonly string[] {
    const { operations } = this.#workload;
    const { command } = this.#settings;
    const { ratios, clustering } = command;
    const single = ratios.length === 0 || (command.name === 'user' && operations.length === 1);
    if (single) return operations.flatMap((operation) => this.#operation(operation));
    const weights = wholeWeights(operations.map(({ weight }) => weight));
    const members = operations.map((operation, index) =>
      ['', ...this.#operation(operation), `WEIGHT ${weights[index]!}`].map((line) =>
        line === '' ? '' : `  ${line}`,
      ),
    );
    const { distribution } = clustering;
    const alone = distribution.kind === 'fixed' && distribution.value === 1;
    return [
      `MIX ${command.name}`,
      ...members.flat().slice(1),
      'END',
      ...(alone ? [] : [`CLUSTER ${distributionText(distribution)}`]),
    ];
  }

  #operation({ name, keyword, body, clauses }: StressOperation): readonly string[] {
    return [`${keyword} ${isBareName(name) ? name : `"${name}"`}`, body, ...clauses];
  }

  /** Reads that look back have written rows to look for only where writes are beside them. */
  #populationOf(operations: readonly StressOperation[]): readonly string[] {
    const { population, lookback } = this.#workload;
    if (population === undefined) return [];
    const keywords = new Set(operations.map(({ keyword }) => keyword));
    if (lookback === undefined || !keywords.has('QUERY')) return [`POPULATION ${population}`];
    if (keywords.has('INSERT')) return [`POPULATION ${population} LOOKBACK ${lookback}`];
    const [first] = population.split('..');
    return [`POPULATION ${first}..${first}`];
  }

  /** A sequence that does not begin anew ends the load, too. */
  #ends(length: RunLength, seedsOfOperation = 1): readonly string[] {
    const { population, log } = this.#settings;
    const seeds =
      population.kind === 'sequence' && !population.wrap ? population.last - population.first + 1 : Infinity;
    const { operationsAtMost = Infinity, partitionsOfOperation = 1, visitsOfPartition = 1 } = this.#workload;
    const visits = Math.ceil((seeds * visitsOfPartition) / partitionsOfOperation);
    const asked = length.kind === 'operations' ? length.operations : Infinity;
    const operations = Math.min(visits, asked, operationsAtMost);
    return [
      ...(operations === Infinity ? [] : [`DO ${Math.ceil(operations / seedsOfOperation)}`]),
      ...(length.kind === 'duration' ? [`FOR ${length.amount}${length.unit[0]!.toLowerCase()}`] : []),
      ...(length.kind === 'uncertainty' ? [`FOR ${durationOf(length.maximum * log.intervalMs)}`] : []),
    ];
  }
}

function isNothing(length: RunLength): boolean {
  return length.kind === 'operations' && length.operations === 0;
}

function lines(texts: readonly string[]): string {
  return texts.join('\n');
}

/** Operations in flight: a mix, and what writes, has slots that write. Its members have pages of one size. */
function concurrency(operations: readonly StressOperation[], threads: number): string {
  const reads = operations.length === 1 && operations[0]!.keyword === 'QUERY';
  const slots = `${reads ? 'QueryConcurrency' : 'WriteConcurrency'} [${Math.max(1, threads)}]`;
  const pages = operations.flatMap(({ pageSize }) => pageSize ?? []);
  return `WITH ${slots}${pages.length === 0 ? '' : `, PageSize [${Math.min(...pages)}]`}`;
}

/** The smallest whole weights in the same ratio. */
function wholeWeights(weights: readonly number[]): readonly number[] {
  const decimals = Math.max(...weights.map((weight) => String(weight).split('.')[1]?.length ?? 0));
  const whole = weights.map((weight) => Math.round(weight * 10 ** decimals));
  const divisor = whole.reduce(commonDivisor);
  return whole.map((weight) => weight / divisor);
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}
