import { systemClock } from '../../src/stress-client/clock.ts';
import type { CqlPlan } from '../../src/stress-client/cql-plan.ts';
import type { Plan } from '../../src/stress-client/plan.ts';
import { defaultSettings } from '../../src/stress-client/settings.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { Slot } from '../../src/stress-client/slot.ts';
import type {
  AttemptListener,
  Sender,
  ServerInfo,
  Target,
  TargetError,
} from '../../src/stress-client/target/target.ts';
import type { Work } from '../../src/stress-client/work.ts';

/** Default settings with some of them set. */
export function settingsWith(settings: Partial<Settings>): Settings {
  return { ...defaultSettings(), ...settings };
}

/** A plan whose operation k is the k-th text, the last one for ever. */
export function planOf(kind: 'write' | 'query', ...texts: readonly string[]): Plan {
  const bodies = texts.map((text) => Buffer.from(text));
  return {
    kind,
    itemName: kind === 'write' ? 'point' : 'query',
    batchSize: 1,
    operationBytesAtMost: Math.max(...bodies.map((body) => body.length)),
    idempotent: true,
    seriesCardinality: 1,
    fieldCount: 1,
    write({ operation }, _items, staging, offset) {
      const body = bodies[Math.min(operation, bodies.length - 1)]!;
      staging.set(body, offset);
      return offset + body.length;
    },
    cql: cqlOf(texts, []),
  };
}

/** A plan whose item k has the k-th values, the last ones for ever, in a text with markers. */
export function cqlPlanOf(
  kind: 'write' | 'query',
  text: string,
  values: readonly (readonly (Buffer | null)[])[],
  more: Omit<Partial<Plan>, 'cql'> & { readonly cql?: Partial<CqlPlan> } = {},
): Plan {
  return { ...planOf(kind, text), ...more, cql: { ...cqlOf([text], values), ...more.cql } };
}

function cqlOf(texts: readonly string[], values: readonly (readonly (Buffer | null)[])[]): CqlPlan {
  const serialized = values.map((each) => Buffer.concat(each.flatMap(bytesOf)));
  return {
    tables: [],
    batch: 'none',
    schema: [],
    texts: () => texts,
    bind: () => ({
      itemBytesAtMost: Math.max(0, ...serialized.map((each) => each.length)),
      warnings: [],
      textOf: (index) => Math.min(index, texts.length - 1),
      write(index, _pick, _intendedNs, staging, offset) {
        const bytes = serialized[Math.min(index, serialized.length - 1)] ?? Buffer.alloc(0);
        staging.set(bytes, offset);
        return offset + bytes.length;
      },
    }),
  };
}

/** [bytes] of the protocol. */
export function bytesOf(value: Buffer | null): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeInt32BE(value?.length ?? -1);
  return value === null ? [length] : [length, value];
}

/** A value of CQL's int. */
export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** Drives a target as the engine does, one call of `send` an attempt, and keeps what it is told. */
export class Attempts implements AttemptListener {
  readonly target: Target;
  readonly settings: Settings;
  /** Every call of `answered`. */
  readonly answers: Slot[] = [];
  lateAnswers = 0;
  reprepares = 0;
  readonly #waiting = new Map<Slot, () => void>();
  #slots = 0;

  constructor(target: Target, settings: Settings) {
    this.target = target;
    this.settings = settings;
  }

  answered(slot: Slot): void {
    this.answers.push(slot);
    this.#waiting.get(slot)?.();
  }

  lateAnswer(): void {
    this.lateAnswers++;
  }

  reprepared(): void {
    this.reprepares++;
  }

  /** Opens the target; throws where it can't. */
  async open(): Promise<readonly ServerInfo[]> {
    const opened = await this.target.open(this);
    if ('errorClass' in opened) throw new Error(`${opened.errorClass}: ${opened.message}`);
    return opened;
  }

  async prepare(plan: Plan, settings = this.settings): Promise<Sender> {
    const sender = await this.tryPrepare(plan, settings);
    if ('errorClass' in sender) throw new Error(`${sender.errorClass}: ${sender.message}`);
    return sender;
  }

  async tryPrepare(plan: Plan, settings = this.settings): Promise<Sender | TargetError> {
    const work: Work = { statementId: 'abcd1234', plan, items: Infinity, settings };
    const sender = await this.target.prepare(work);
    if (!('errorClass' in sender)) this.#works.set(sender, work);
    return sender;
  }
  readonly #works = new Map<Sender, Work>();

  /** Starts one attempt of the operation in a slot of its own. */
  start(sender: Sender, operation = 0, timeoutNs = this.settings.Timeout): Slot {
    const slot = new Slot(this.#slots++);
    slot.work = this.#works.get(sender)!;
    slot.sender = sender;
    slot.operation = operation;
    slot.attempt = 1;
    slot.intendedNs = systemClock.nowNs();
    slot.timeoutNs = timeoutNs;
    sender.send(slot);
    this.target.flush();
    return slot;
  }

  /** One attempt, until it is answered. */
  async send(sender: Sender, operation = 0, timeoutNs = this.settings.Timeout): Promise<Slot> {
    const slot = this.start(sender, operation, timeoutNs);
    await this.answer(slot);
    return slot;
  }

  /** The answer to an attempt that `start` started. */
  async answer(slot: Slot): Promise<void> {
    if (!this.answers.includes(slot)) await new Promise<void>((resolve) => this.#waiting.set(slot, resolve));
  }

  /** One attempt of a plan of its own. */
  async sendPlan(plan: Plan, settings = this.settings): Promise<Slot> {
    return this.send(await this.prepare(plan, settings));
  }

  /** As `sendPlan`, where the target may refuse the plan before it sends anything. */
  async trySendPlan(plan: Plan, settings = this.settings): Promise<Slot | TargetError> {
    const sender = await this.tryPrepare(plan, settings);
    return 'errorClass' in sender ? sender : this.send(sender);
  }
}
