import {
  DistributionError,
  rangeOf,
  readDistribution,
  readNumber,
  type Distribution,
} from '../statement/template/stress/distribution.ts';
import { usageLine } from './help.ts';
import { matchOptions, type Given } from './match-options.ts';
import { commandAliases, commands, groupNamed } from './options.ts';
import { readRatio, type Ratio } from '../statement/template/stress/ratio.ts';
import { Refusal } from './refusal.ts';
import type {
  ColumnSettings,
  CommandName,
  CommandSettings,
  ErrorSettings,
  GraphSettings,
  InsertSettings,
  LogSettings,
  ModeSettings,
  NodeSettings,
  PopulationSettings,
  RateSettings,
  RunLength,
  SchemaSettings,
  StressSettings,
  TransportSettings,
  WrittenDistribution,
} from './settings.ts';
import type { Words } from './words.ts';

/** Reads a text file that the command line names; throws what node:fs throws. */
export type ReadFile = (path: string) => string;

/** The settings of a command line. Throws Refusal. */
export function readSettings(words: Words, readFile: ReadFile): StressSettings {
  return new SettingsReader(words, readFile).read();
}

/** The largest whole number of Java, which thread counts, sizes and ports are. */
const wholeAtMost = 2 ** 31 - 1;
const locator = 'org.apache.cassandra.locator.';
const simpleStrategy = `${locator}SimpleStrategy`;
const defaultStrategy = `${locator}NetworkTopologyStrategy`;
const knownStrategies = new Set([
  'SimpleStrategy',
  'NetworkTopologyStrategy',
  'OldNetworkTopologyStrategy',
  'LocalStrategy',
  'EverywhereStrategy',
]);
/** The order in which the settings block has the operations of `mixed`. */
const operations = ['read', 'write', 'counter_write', 'counter_read', 'user'];

class SettingsReader {
  readonly #words: Words;
  readonly #readFile: ReadFile;
  readonly #notices: string[] = [];
  readonly #read = new Set<string>();
  #usage: string | undefined;

  constructor(words: Words, readFile: ReadFile) {
    this.#words = words;
    this.#readFile = readFile;
  }

  read(): StressSettings {
    try {
      return this.#readAll();
    } catch (error) {
      if (error instanceof DistributionError) throw new Refusal(error.message, this.#usage);
      if (error instanceof Refusal) error.usage ??= this.#usage;
      throw error;
    }
  }

  #readAll(): StressSettings {
    const command = this.#command();
    const sendTo = this.#sendTo();
    const credentials = this.#credentials();
    const log = this.#log();
    const settings: StressSettings = {
      command,
      sendTo,
      port: this.#port(),
      rate: this.#rate(command),
      population: this.#population(command),
      tokenRange: this.#tokenRange(),
      insert: this.#insert(),
      columns: this.#columns(),
      errors: this.#errors(),
      log,
      mode: this.#mode(credentials),
      node: this.#node(),
      schema: this.#schema(command, log),
      transport: this.#transport(credentials),
      graph: this.#graph(command),
      notices: this.#notices,
    };
    this.#given('-jmx');
    const unread = [...this.#words].filter(([name]) => !this.#read.has(name));
    if (unread.length > 0) {
      const rest = unread.map(([name, words]) => [name, ...words].join(' '));
      this.#usage = undefined;
      throw new Refusal(
        ['Error processing command line arguments. The following were ignored:', ...rest].join('\n'),
      );
    }
    return settings;
  }

  /** What was said of a group; of its first alternative nothing where it was not given. */
  #given(name: string, limit?: string): Given {
    const group = groupNamed(name, limit)!;
    const words = this.#words.get(name);
    this.#read.add(name);
    const given = matchOptions(group, words ?? []);
    this.#usage = usageLine(name, given.options);
    return given;
  }

  #command(): CommandSettings {
    const word = [...this.#words.keys()].find((each) => {
      const name = commandAliases.get(each) ?? each;
      return commands.some((command) => command.name === name);
    });
    if (word === undefined) throw new Refusal('No command specified');
    const name = (commandAliases.get(word) ?? word) as CommandName;
    this.#read.add(word);
    const group = groupNamed(name)!;
    const given = matchOptions(group, this.#words.get(word)!);
    this.#usage = usageLine(name, given.options);
    const user = name === 'user';
    const weights = given.nested(user ? 'ops' : 'ratio');
    return {
      name,
      length: lengthOf(given),
      noWarmup: given.has('no-warmup'),
      truncate: given.value('truncate=')!.toLowerCase() as CommandSettings['truncate'],
      consistency: given.value('cl=')!.toUpperCase(),
      serialConsistency: given.value('serial-cl=')!.toUpperCase() as CommandSettings['serialConsistency'],
      keySize: user ? 0 : whole(given, 'keysize='),
      add: user ? one : written(given, 'add='),
      ratios: user ? userRatios(weights) : name === 'mixed' ? mixedRatios(weights) : [],
      clustering: given.value('clustering=') === undefined ? one : written(given, 'clustering='),
      profiles: given.value('profile=')?.split(',') ?? [],
    };
  }

  #sendTo(): string | undefined {
    for (const name of ['-send-to', '-sendto']) {
      const words = this.#words.get(name);
      if (words === undefined) continue;
      this.#read.add(name);
      if (words.length !== 1) {
        throw new Refusal(`Invalid -sendto specifier: [${words.join(', ')}]`, 'Usage: -sendto <host>');
      }
      this.#notices.push(`-sendto ${words[0]}: there is no daemon; this process does the work`);
      return words[0];
    }
    return undefined;
  }

  #port(): StressSettings['port'] {
    const given = this.#given('-port');
    if (given.has('jmx=')) this.#notices.push('-port jmx=: nothing is read over JMX');
    if (given.has('thrift=')) this.#notices.push('-port thrift=: the native protocol is spoken');
    return {
      native: whole(given, 'native='),
      thrift: whole(given, 'thrift='),
      jmx: whole(given, 'jmx='),
    };
  }

  #rate({ name, length }: CommandSettings): RateSettings {
    if (this.#words.get('-rate') === undefined) {
      const writes = name === 'write' || name === 'counter_write';
      return writes && length.kind === 'operations' && length.operations > 0
        ? { kind: 'threads', threads: 200, operationsPerSecond: 0, fixed: false }
        : { kind: 'steps', auto: true, minimum: 4, maximum: 1000 };
    }
    const given = this.#given('-rate');
    if (!given.has('threads=')) {
      const [minimum, maximum] = [whole(given, 'threads>='), whole(given, 'threads<=')];
      return { kind: 'steps', auto: given.has('auto'), minimum, maximum };
    }
    const throttle = perSecond(given, 'throttle=');
    const fixed = perSecond(given, 'fixed=');
    if (throttle !== 0 && fixed !== 0) {
      throw new Refusal("can't have both fixed and throttle set, choose one.");
    }
    const operationsPerSecond = Math.max(throttle, fixed);
    // Unlimited counts as fixed: there is no rate to be behind.
    const isFixed = operationsPerSecond === fixed && fixed > 0;
    return { kind: 'threads', threads: whole(given, 'threads='), operationsPerSecond, fixed: isFixed };
  }

  #population({ name, length, ratios }: CommandSettings): PopulationSettings {
    const operationCount = length.kind === 'operations' ? length.operations : 0;
    const limit = String(operationCount > 0 ? operationCount : 1_000_000);
    const insertOnly = name === 'user' && ratios.length === 1 && ratios[0]![0].toLowerCase() === 'insert';
    if (
      this.#words.get('-pop') === undefined &&
      (name === 'write' || name === 'counter_write' || insertOnly)
    ) {
      const sequence = { first: 1, last: Number(limit), wrap: true, readLookback: undefined };
      return { kind: 'sequence', order: 'ARBITRARY', ...sequence };
    }
    const given = this.#given('-pop', limit);
    const order = (given.value('contents=')?.toUpperCase() ?? 'ARBITRARY') as PopulationSettings['order'];
    if (!given.has('seq=')) {
      return { kind: 'distribution', order, distribution: distributionOf(given, 'dist=')! };
    }
    const [first, last] = given
      .value('seq=')!
      .split(/\.\.+/)
      .map((each) => readNumber(each));
    if (first === undefined || last === undefined || first > last) {
      throw new Refusal(`Invalid sequence ${given.value('seq=')!}: it ends before it begins, or is too long`);
    }
    const readLookback = distributionOf(given, 'read-lookback=');
    const furthest = readLookback === undefined ? 0 : rangeOf(readLookback).maximum;
    if (furthest > last + 1) {
      throw new Refusal(
        `Invalid lookback distribution; max value is ${furthest}, but series only ranges from 0 to ${last + 1}`,
      );
    }
    return { kind: 'sequence', order, first, last, wrap: !given.has('no-wrap'), readLookback };
  }

  #tokenRange(): StressSettings['tokenRange'] {
    const given = this.#given('-tokenrange');
    return { wrap: given.has('wrap'), splitFactor: whole(given, 'split-factor=') };
  }

  #insert(): InsertSettings {
    const given = this.#given('-insert');
    return {
      revisit: distributionOf(given, 'revisit=')!,
      visits: distributionOf(given, 'visits=')!,
      partitions: distributionOf(given, 'partitions='),
      selectRatio: ratioOf(given, 'select-ratio='),
      rowPopulationRatio: ratioOf(given, 'row-population-ratio=')!,
      batchType: given.value('batchtype=')?.toUpperCase() as InsertSettings['batchType'],
    };
  }

  #columns(): ColumnSettings {
    // Of no words the first alternative is not whole, so that the second is taken.
    const given = this.#given('-col');
    if (whole(given, 'super=') > 0) this.#notices.push('-col super=: there are no super columns');
    const named = given.value('names=')?.split(',');
    const count: Distribution =
      named === undefined ? distributionOf(given, 'n=')! : { kind: 'fixed', value: named.length };
    const atMost = rangeOf(count).maximum;
    if (atMost < 1) throw new Refusal('-col n=: a row has at least one column');
    if (atMost > columnsAtMost) throw new Refusal(`${atMost} columns are more than ${columnsAtMost}`);
    const names = named ?? Array.from({ length: atMost }, (_, index) => `C${index}`);
    const size = distributionOf(given, 'size=')!;
    if (rangeOf(size).maximum > valueBytesAtMost || rangeOf(size).minimum < 0) {
      throw new Refusal(`size=: values have 0 to ${valueBytesAtMost} bytes`);
    }
    return {
      names: names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      named: named !== undefined,
      count,
      size,
      slice: given.has('slice'),
      timestamp: given.value('timestamp='),
      comparator: given.value('comparator=')!,
    };
  }

  #errors(): ErrorSettings {
    const given = this.#given('-errors');
    return {
      ignore: given.has('ignore'),
      tries: whole(given, 'retries=') + 1,
      skipReadValidation: given.has('skip-read-validation'),
      failFast: given.has('fail-fast'),
      skipUnsupportedColumns: given.has('skip-unsupported-columns'),
      delay: {
        policy: given.value('delay-policy=')!.toLowerCase() as ErrorSettings['delay']['policy'],
        minimumMs: given.has('min-delay-ms=') ? whole(given, 'min-delay-ms=') : undefined,
        maximumMs: given.has('max-delay-ms=') ? whole(given, 'max-delay-ms=') : undefined,
      },
    };
  }

  #log(): LogSettings {
    const reporting = this.#given('-reporting');
    const given = this.#given('-log');
    if (given.has('no-summary')) this.#notices.push('-log no-summary: the summary is printed');
    const format = given.value('format=')!.toLowerCase() as LogSettings['format'];
    const frequency = reporting.value('output-frequency=');
    const interval =
      given.has('interval=') || frequency === undefined ? given.value('interval=')! : frequency;
    const said = given.has('interval=') || frequency !== undefined;
    const intervalMs = said || format !== 'pystress' ? millisecondsOf(interval) : 10_000;
    if (!(intervalMs > 0)) throw new Refusal('Log interval must be greater than zero');
    return {
      noSummary: given.has('no-summary'),
      noSettings: given.has('no-settings'),
      file: given.value('file='),
      histogramFile: given.value('hdrfile='),
      intervalMs,
      level: given.value('level=')!.toUpperCase() as LogSettings['level'],
      printStatementsOnError: given.has('print-statements-on-error'),
      format,
    };
  }

  #credentials(): ReadonlyMap<string, string> {
    if (this.#words.get('-credentials-file') === undefined) return new Map();
    const path = this.#given('-credentials-file').value('')!;
    const lines = this.#text(path).split(/\r?\n/);
    return new Map(
      lines.flatMap((line) => {
        const [, name, value] = /^\s*([^#!=\s][^=\s]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
        return name === undefined ? [] : [[name, value!] as const];
      }),
    );
  }

  #mode(credentials: ReadonlyMap<string, string>): ModeSettings {
    const given = this.#given('-mode');
    const said = this.#words.get('-mode') !== undefined;
    const thrift = said && given.has('thrift');
    const simple = said && given.has('simplenative');
    if (thrift) this.#notices.push('-mode thrift: the native protocol is spoken');
    if (given.has('port=')) this.#notices.push('-mode port=: -port native= says the port');
    if (given.has('4x')) this.#notices.push('-mode 4x: there is one driver');
    if (given.has('auth-provider=')) {
      const plain = /(?:^|\.)PlainTextAuthProvider$/.test(given.value('auth-provider=')!);
      if (!plain) throw new Refusal(`Invalid auth provider class: ${given.value('auth-provider=')!}`);
    }
    const version = given.value('protocolVersion=');
    const native = !thrift && !simple;
    return {
      api: thrift
        ? given.has('smart')
          ? 'THRIFT_SMART'
          : 'THRIFT'
        : simple
          ? 'SIMPLE_NATIVE'
          : 'JAVA_DRIVER_NATIVE',
      prepared: simple ? given.has('prepared') : !given.has('unprepared'),
      protocolVersion: version === undefined || !/^[0-9]+$/.test(version) ? 4 : protocolVersion(version),
      username: given.value('user=') ?? credentials.get('cql.username'),
      password: given.value('password=') ?? credentials.get('cql.password'),
      authProvider: given.value('auth-provider='),
      maxPending: given.has('maxPending=') ? whole(given, 'maxPending=') : undefined,
      connectionsPerHost: native ? whole(given, 'connectionsPerHost=') : undefined,
      compression: native
        ? (given.value('compression=')!.toUpperCase() as ModeSettings['compression'])
        : 'NONE',
      requestTimeoutMs: native ? whole(given, 'requestTimeout=') : 12_000,
    };
  }

  #node(): NodeSettings {
    const given = this.#given('-node');
    const file = given.value('file=');
    if (given.has('loadbalance='))
      this.#notices.push('-node loadbalance=: the load goes to owners of the rows');
    if (given.has('remote-dc=')) this.#notices.push('-node remote-dc=: the load stays in one datacenter');
    const listed = given.value('')!.split(',');
    const nodes =
      file === undefined
        ? listed
        : this.#text(file)
            .split(/\r?\n/)
            .filter((line) => line !== '');
    return {
      nodes,
      whitelist: given.has('whitelist'),
      datacenter: given.value('datacenter='),
      rack: given.value('rack='),
    };
  }

  #schema({ name }: CommandSettings, { format }: LogSettings): SchemaSettings {
    if (name === 'user' && this.#words.get('-schema') !== undefined) {
      throw new Refusal(
        "-schema can only be provided with predefined operations insert, read, etc.; the 'user' command requires a schema yaml instead",
        'Usage: user profile=? ops(?)',
      );
    }
    const given = this.#given('-schema');
    const replication = given.nested('replication');
    const standard = format === 'pystress' ? simpleStrategy : defaultStrategy;
    const strategy = replication.has('strategy=') ? strategyOf(replication.value('strategy=')!) : standard;
    const strategyOptions = new Map(replication.extras);
    const factor =
      given.value('replication_factor=') ?? (replication.has('factor=') && replication.value('factor='));
    if (factor !== false)
      strategyOptions.set('replication_factor', strategyOptions.get('replication_factor') ?? factor!);
    else if (strategy === simpleStrategy || strategyOptions.size === 0) {
      if (!strategyOptions.has('replication_factor')) strategyOptions.set('replication_factor', '1');
    }
    const compaction = given.nested('compaction');
    return {
      keyspace: given.value('keyspace=')!,
      strategy,
      strategyOptions: [...strategyOptions],
      storageOptions: [...given.nested('storage').extras],
      compression: given.value('compression='),
      compactionStrategy: compaction.value('strategy='),
      compactionOptions: [...compaction.extras],
    };
  }

  #transport(credentials: ReadonlyMap<string, string>): TransportSettings {
    const given = this.#given('-transport');
    return {
      factory: given.value('factory=')!,
      truststore: given.value('truststore='),
      truststorePassword:
        given.value('truststore-password=') ?? credentials.get('transport.truststore.password'),
      keystore: given.value('keystore='),
      keystorePassword: given.value('keystore-password=') ?? credentials.get('transport.keystore.password'),
      protocol: given.value('ssl-protocol=')!,
      algorithm: given.value('ssl-alg=')!,
      storeType: given.value('store-type=')!,
      ciphers: given.value('ssl-ciphers=')!,
      hostnameVerification: given.value('hostname-verification=')!.toLowerCase() === 'true',
    };
  }

  #graph({ name }: CommandSettings): GraphSettings {
    const said = this.#words.get('-graph') !== undefined;
    const given = said ? this.#given('-graph') : undefined;
    return {
      file: given?.value('file='),
      revision: given?.value('revision=') ?? 'unknown',
      title: given?.value('title='),
      operation: given?.value('op=') ?? name.toUpperCase(),
    };
  }

  #text(path: string): string {
    try {
      return this.#readFile(path);
    } catch (error) {
      throw new Refusal(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** More make statements that no server takes. */
const columnsAtMost = 65_535;
/** What CQL has as the size of a value, and what fits one frame. */
const valueBytesAtMost = 256 * 2 ** 20;

const one: WrittenDistribution = { text: 'fixed(1)', distribution: { kind: 'fixed', value: 1 } };

function lengthOf(given: Given): RunLength {
  const count = given.value('n=');
  if (count !== undefined) return { kind: 'operations', operations: number(count, 'n=') };
  const duration = given.value('duration=');
  if (duration !== undefined) {
    const unit = ({ s: 'SECONDS', m: 'MINUTES', h: 'HOURS' } as const)[
      duration.at(-1)!.toLowerCase() as 's' | 'm' | 'h'
    ];
    return { kind: 'duration', amount: number(duration.slice(0, -1), 'duration='), unit };
  }
  return {
    kind: 'uncertainty',
    target: Number(given.value('err<')),
    minimum: whole(given, 'n>'),
    maximum: whole(given, 'n<'),
  };
}

function mixedRatios(given: Given): CommandSettings['ratios'] {
  const said = operations.filter((name) => given.has(`${name}=`));
  const names = said.length > 0 ? said : operations.filter((name) => given.value(`${name}=`) !== undefined);
  if (names.includes('user')) throw new Refusal('mixed has no user operations; the user command has');
  return positive(names.map((name) => [name.toUpperCase(), Number(given.value(`${name}=`))] as const));
}

function userRatios(given: Given): CommandSettings['ratios'] {
  return positive(
    [...given.extras].map(([name, text]) => {
      const weight = text.trim() === '' ? NaN : Number(text);
      if (!Number.isFinite(weight) || weight < 0) throw new Refusal(`For input string: "${text}"`);
      return [name, weight] as const;
    }),
  );
}

function positive(ratios: CommandSettings['ratios']): CommandSettings['ratios'] {
  if (ratios.some(([, weight]) => weight > 0)) return ratios;
  throw new Refusal('Must specify at least one command with a non-zero ratio');
}

function written(given: Given, name: string): WrittenDistribution {
  const text = given.value(name)!;
  return { text, distribution: readDistribution(text) };
}

function distributionOf(given: Given, name: string): Distribution | undefined {
  const text = given.value(name);
  return text === undefined ? undefined : readDistribution(text);
}

function ratioOf(given: Given, name: string): Ratio | undefined {
  const text = given.value(name);
  return text === undefined ? undefined : readRatio(text);
}

function number(text: string, name: string): number {
  const value = readNumber(text);
  if (value === undefined) throw new Refusal(`${name}${text} is too large`);
  return value;
}

function whole(given: Given, name: string): number {
  const value = number(given.value(name)!, name);
  if (value > wholeAtMost) throw new Refusal(`${name}${value} is too large`);
  return value;
}

function perSecond(given: Given, name: string): number {
  return number(given.value(name)!.slice(0, -2), name);
}

function millisecondsOf(text: string): number {
  const [, digits, unit] = /^([0-9]+)(ms|s|m|)$/i.exec(text)!;
  return number(digits!, 'interval=') * { ms: 1, s: 1000, m: 60_000, '': 1000 }[unit!.toLowerCase()]!;
}

function protocolVersion(text: string): number {
  const version = Number(text);
  if (version > 5) throw new Refusal(`No protocol version matching integer version ${text}`);
  return version;
}

function strategyOf(name: string): string {
  if (name.includes('.')) return name;
  if (knownStrategies.has(name)) return locator + name;
  throw new Refusal(`Invalid replication strategy: ${name}`);
}
