import type { Source } from '../../lexer/source.ts';
import type { InsertStep, PassThroughStep, QueryStep } from '../../statement/analyse.ts';
import type { LoadOptions } from '../../statement/load-options.ts';
import type { LoadStatementParts } from '../../statement/load-statement.ts';
import type { Clock } from '../../stress-client/clock.ts';
import type { Plan } from '../../stress-client/plan.ts';
import { settingDefinitions, settingNames } from '../../stress-client/settings.ts';
import type { Settings } from '../../stress-client/settings.ts';
import { createTarget } from '../../stress-client/target/create-target.ts';
import { SinkTarget } from '../../stress-client/target/sink/sink-target.ts';
import type { Target } from '../../stress-client/target/target.ts';
import { askedPerSecond, offeredPerSecond, sourceSha256 } from './calibration.ts';
import type { StatementCalibration } from './calibration.ts';
import { RepeatedPlan } from './repeated-plan.ts';
import { TestBench } from './test-bench.ts';

/** In flight: enough that a thread always has something to do. A profile may want more. */
const slotsEnough = { influx: 32, cql: 256, sink: 64 } as const;
const bytesInFlightAtMost = 64 << 20;
/** Rows that are there when a QUERY asks for them; the practice server keeps 100,000. */
const rowsToAskFor = 50_000;
const rowsWrittenWithinNs = 3e9;
/** Acknowledged items of an INSERT that only time ends. */
const itemsWithoutEnd = 1_000_000;
/** What WITH can fix for a statement, a calibration does. */
const liveSettings = new Set(settingNames.filter((name) => settingDefinitions[name].scope === 'live'));

export interface CalibratorOptions {
  /** Of the profile, as they stand before its first operation, with the practice server for its target. */
  readonly settings: Settings;
  /** The profile's files. */
  readonly sources: readonly Source[];
  /** That each statement is measured for, against each target; at least 0.1. */
  readonly seconds: number;
}

/** Measures the statements of a profile, each by itself, against a sink and against a practice server. */
export class Calibrator {
  readonly #sink: TestBench;
  /** Undefined where the target is a sink. */
  readonly #practice: TestBench | undefined;
  readonly #target: Settings['Target'];
  /** By source. */
  readonly #sourceSha256: readonly string[];

  constructor({ settings, sources, seconds }: CalibratorOptions) {
    this.#target = settings.Target;
    this.#sourceSha256 = sources.map(sourceSha256);
    this.#sink = new TestBench(settings, seconds, (clock) => createSink(settings, clock));
    if (settings.Target !== 'sink') {
      this.#practice = new TestBench(settings, seconds, (clock) => createTarget(settings, clock));
    }
  }

  /** Passes a statement on to the practice server, and answers with what was wrong. */
  async passThrough(step: PassThroughStep): Promise<string | undefined> {
    return this.#practice?.passThrough(step);
  }

  async measure(step: InsertStep | QueryStep): Promise<StatementCalibration> {
    const { position, kind, name, text, place, span, options } = step;
    const plan = new RepeatedPlan(step.plan, options.items);
    const slots = this.#slotsOf(step, plan);
    const asked = askedPerSecond(options.stages);
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
    if (kind === 'query' && step.companion !== undefined) await this.#write(step.companion);
    const parts = this.#partsOf(step, plan, { items: Infinity });
    const sink = await this.#sink.measure(kind, parts);
    if ('problem' in sink) return { ...facts, problem: sink.problem };
    const practice = await this.#practice?.measure(kind, parts);
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
    this.#sink.interrupt(reason);
    this.#practice?.interrupt(reason);
  }

  async close(): Promise<void> {
    await this.#sink.close();
    await this.#practice?.close();
  }

  /** Makes what a QUERY asks for acknowledged; where the practice server keeps rows, they are there. */
  async #write(step: InsertStep): Promise<void> {
    const items = step.options.items === Infinity ? itemsWithoutEnd : step.options.items;
    const { plan } = step;
    const written = this.#partsOf(step, plan, { items, written: true });
    await this.#sink.run('insert', written);
    if (this.#target !== 'cql') {
      await this.#practice?.run('insert', written);
      return;
    }
    const some = { items: Math.min(items, rowsToAskFor), durationNs: rowsWrittenWithinNs };
    await this.#practice?.run('insert', this.#partsOf(step, plan, some));
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
