import type { Source } from '../../lexer/source.ts';
import type { InsertStep, QueryStep } from '../../statement/analyse.ts';
import type { LoadOptions } from '../../statement/load-options.ts';
import type { LoadStatementParts } from '../../statement/load-statement.ts';
import type { PassThroughStatementParts } from '../../statement/pass-through.ts';
import type { Clock } from '../../stress-client/clock.ts';
import type { Plan } from '../../stress-client/plan.ts';
import { settingDefinitions, settingNames } from '../../stress-client/settings.ts';
import type { Settings } from '../../stress-client/settings.ts';
import { createTarget } from '../../stress-client/target/create-target.ts';
import { SinkTarget } from '../../stress-client/target/sink/sink-target.ts';
import type { Target } from '../../stress-client/target/target.ts';
import { rehearsing } from '../rehearsing.ts';
import { askedItemsPerSecond, offeredPerSecond, sourceSha256 } from './calibration.ts';
import type { StatementCalibration } from './calibration.ts';
import type { PracticeAddresses } from './practice-process.ts';
import { RepeatedPlan } from './repeated-plan.ts';
import { TestBench } from './test-bench.ts';

/** In flight: enough that a thread always has something to do. A profile may want more. */
const slotsEnough = { influx: 32, cql: 256, sink: 64 } as const;
const bytesInFlightAtMost = 64 << 20;
/** Items of an INSERT that are there when a QUERY asks for them; the practice server keeps 100,000 rows. */
const itemsToAskFor = 50_000;
const writtenWithinNs = 1e9;
/** What WITH can fix for a statement, a calibration does. */
const liveSettings = new Set(settingNames.filter((name) => settingDefinitions[name].scope === 'live'));

export interface CalibratorOptions {
  /** Of the profile, as they stand before its first operation. */
  readonly settings: Settings;
  /** Undefined where the target is a sink. */
  readonly practice: PracticeAddresses | undefined;
  /** The profile's files. */
  readonly sources: readonly Source[];
  /** That each statement is measured for, against each target; at least 0.1. */
  readonly seconds: number;
}

/** Where statements run: a sink, and practice servers where the target is none itself. */
interface Benches {
  readonly sink: TestBench;
  readonly writes?: TestBench;
  readonly queries?: TestBench;
}

/** Measures the statements of a profile, each by itself, against a sink and against a practice server. */
export class Calibrator {
  readonly #benches: Benches;
  readonly #target: Settings['Target'];
  /** By source. */
  readonly #sourceSha256: readonly string[];
  /** INSERTs so far whose rows no QUERY has needed yet. */
  readonly #unwritten = new Set<InsertStep>();

  constructor({ settings, practice, sources, seconds }: CalibratorOptions) {
    this.#target = settings.Target;
    this.#sourceSha256 = sources.map(sourceSha256);
    const benchAt = (address: string): TestBench => {
      const own = rehearsing(settings, address);
      return new TestBench(own, seconds, (clock) => createTarget(own, clock));
    };
    const sinkSettings = practice === undefined ? settings : rehearsing(settings, practice.queries);
    this.#benches = {
      sink: new TestBench(sinkSettings, seconds, (clock) => createSink(sinkSettings, clock)),
      ...(practice && { writes: benchAt(practice.writes), queries: benchAt(practice.queries) }),
    };
  }

  /** Passes a statement on to the practice servers, and answers with what was wrong. */
  async passThrough(parts: PassThroughStatementParts): Promise<string | undefined> {
    const { writes, queries } = this.#benches;
    // Nothing but tables to write to is needed where nothing is kept.
    if (this.#target === 'cql') await writes?.passThrough(parts);
    return queries?.passThrough(parts);
  }

  async measure(step: InsertStep | QueryStep): Promise<StatementCalibration> {
    const { position, kind, name, text, place, span, options } = step;
    const plan = new RepeatedPlan(step.plan, options.items);
    const slots = this.#slotsOf(step, plan);
    const asked = askedItemsPerSecond(step);
    const facts = {
      position,
      kind,
      name,
      text,
      place,
      sourceSha256: this.#sourceSha256[span.source]!,
      sourceOffset: span.start,
      itemName: plan.itemName,
      batchSize: plan.batchSize,
      slots,
      ...(asked !== undefined && { askedPerSecond: asked }),
    };
    if (step.kind === 'insert') this.#unwritten.add(step);
    else await this.#writeFor(step);
    const parts = this.#partsOf(step, plan, { items: Infinity });
    const { sink: sinkBench, writes, queries } = this.#benches;
    const sink = await sinkBench.measure(kind, parts);
    if ('problem' in sink) return { ...facts, problem: sink.problem };
    const practice = await (kind === 'insert' ? writes : queries)?.measure(kind, parts);
    if (practice !== undefined && 'problem' in practice) {
      return { ...facts, sink: sink.figures, problem: practice.problem };
    }
    return {
      ...facts,
      sink: sink.figures,
      ...(practice !== undefined && { practice: practice.figures }),
      offeredPerSecond: offeredPerSecond(sink.figures, practice?.figures),
    };
  }

  interrupt(reason: string): void {
    for (const bench of Object.values(this.#benches)) bench.interrupt(reason);
  }

  async close(): Promise<void> {
    for (const bench of Object.values(this.#benches)) await bench.close();
  }

  /** Writes some of what the INSERTs so far would, and of what the QUERY is about: then there is something to find. */
  async #writeFor(query: QueryStep): Promise<void> {
    const { companion } = query;
    for (const step of this.#unwritten) if (step !== companion) await this.#write(step);
    this.#unwritten.clear();
    // The one of its name that ran last is the one that the QUERY is about.
    if (companion !== undefined) await this.#write(companion);
    await this.#createDatabase(query);
  }

  async #write(step: InsertStep): Promise<void> {
    const { plan, options } = step;
    const items = Math.min(options.items, itemsToAskFor);
    await this.#createDatabase(step);
    await this.#benches.sink.run('insert', this.#partsOf(step, plan, { items, written: true }));
    const some = this.#partsOf(step, plan, { items, durationNs: writtenWithinNs });
    await this.#benches.queries?.run('insert', some);
  }

  /** A database may be the customer's; whether the profile makes it is not what is measured. */
  async #createDatabase({ position, text, place, settings }: InsertStep | QueryStep): Promise<void> {
    if (this.#target !== 'influx') return;
    const { Database, Bucket } = settings;
    for (const name of new Set([Database, Bucket === '' ? Database : Bucket.split('/')[0]!])) {
      const body = `CREATE DATABASE "${name.replaceAll(/["\\]/g, '\\$&')}"`;
      const parts = { position, text, place, body, dialect: 'influxql' as const, settings };
      await this.#benches.queries?.passThrough(parts);
    }
  }

  #partsOf(
    step: InsertStep | QueryStep,
    plan: Plan,
    options: Partial<LoadOptions> & Pick<LoadOptions, 'items'>,
  ): LoadStatementParts {
    const { position, text, place, name, settings } = step;
    const slots = this.#slotsOf(step, plan);
    return {
      position,
      text,
      place,
      name,
      background: false,
      plan,
      options: {
        ...step.options,
        durationNs: undefined,
        stages: [],
        warmup: undefined,
        written: false,
        fixed: liveSettings,
        checks: [],
        abort: undefined,
        ...options,
      },
      settings: {
        ...settings,
        WriteConcurrency: slots,
        QueryConcurrency: slots,
        WriteInterval: 0,
        QueryInterval: 0,
        Retries: 0,
      },
      ...(step.kind === 'query' && step.companion !== undefined && { companion: step.companion.name }),
    };
  }

  #slotsOf({ kind, settings }: InsertStep | QueryStep, plan: Plan): number {
    const wanted = settings[kind === 'insert' ? 'WriteConcurrency' : 'QueryConcurrency'];
    const room = Math.floor(bytesInFlightAtMost / plan.operationBytesAtMost);
    return Math.max(1, Math.min(room, Math.max(wanted, slotsEnough[this.#target])));
  }
}

/** What the target does with an operation up to the socket. */
async function createSink(settings: Settings, clock: Clock): Promise<Target> {
  if (settings.Target !== 'cql') return new SinkTarget(clock);
  const { CqlTarget } = await import('../../stress-client/target/cql/cql-target.ts');
  const { SinkTransport } = await import('../../stress-client/target/sink/sink-transport.ts');
  return new CqlTarget(
    settings,
    clock,
    async (session, _, clock, listener) => new SinkTransport(session, clock, listener),
  );
}
