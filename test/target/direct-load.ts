import { systemClock } from '../../src/stress-client/clock.ts';
import type { CqlValues } from '../../src/stress-client/cql-plan.ts';
import type { Plan } from '../../src/stress-client/plan.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import { Slot } from '../../src/stress-client/slot.ts';
import type { PreparedWork } from '../../src/stress-client/target/cql/cql-transport.ts';
import { DirectTransport } from '../../src/stress-client/target/cql/direct/direct-transport.ts';
import type { LoadCluster } from '../../src/stress-client/target/cql/direct/direct-transport.ts';
import type { AttemptListener, Sender } from '../../src/stress-client/target/target.ts';
import type { Work } from '../../src/stress-client/work.ts';
import { settingsWith } from './attempts.ts';
import { int } from './scripted-node.ts';

/** Each item's values are its index, as often as the text has markers. */
export function valuesOf(markers: number, textOf: CqlValues['textOf'] = () => 0): CqlValues {
  return {
    itemBytesAtMost: 8 * markers,
    warnings: [],
    textOf,
    write(index, _pick, _intendedNs, staging, offset) {
      const value = Buffer.concat([int(4), int(index)]);
      for (let marker = 0; marker < markers; marker++) staging.set(value, offset + 8 * marker);
      return offset + 8 * markers;
    },
  };
}

/** A plan that only says what kind it is: a transport asks for no more. */
export function planOf(kind: Plan['kind'], batchSize = 1): Plan {
  return {
    kind,
    itemName: kind === 'write' ? 'row' : 'query',
    batchSize,
    operationBytesAtMost: 0,
    idempotent: true,
    seriesCardinality: 0,
    fieldCount: 0,
    write: (_of, _items, _staging, offset) => offset,
  };
}

/** A transport, driven as the engine does, that keeps what it is told. */
export class DirectLoad implements AttemptListener {
  readonly transport: DirectTransport;
  readonly settings: Settings;
  readonly answers: Slot[] = [];
  late = 0;
  reprepares = 0;
  onAnswered: (slot: Slot) => void = () => {};
  #slots = 0;

  constructor(cluster: LoadCluster, settings: Partial<Settings>) {
    this.settings = settingsWith({ Target: 'cql', ...settings });
    this.transport = new DirectTransport(cluster, this.settings, systemClock, this);
  }

  answered(slot: Slot): void {
    this.answers.push(slot);
    this.onAnswered(slot);
  }

  lateAnswer(): void {
    this.late++;
  }

  reprepared(): void {
    this.reprepares++;
  }

  async sender(
    texts: readonly string[],
    plan = planOf('write'),
    rest: Partial<PreparedWork> & { items?: number } = {},
  ): Promise<Sender> {
    const work: Work = {
      statementId: 'abcd1234',
      plan,
      items: rest.items ?? Infinity,
      settings: this.settings,
    };
    const prepared = await Promise.all(
      texts.map((text) => this.transport.prepare(text, this.settings.Keyspace)),
    );
    if (prepared.some((each) => 'errorClass' in each)) throw new Error('not prepared');
    const markers = texts[0]!.split('?').length - 1;
    const values = valuesOf(markers);
    const sender = await this.transport.sender({
      work,
      texts,
      prepared: prepared as PreparedWork['prepared'],
      values,
      expected: undefined,
      batch: 'none',
      ...rest,
    });
    if ('errorClass' in sender) throw new Error(sender.message);
    this.#works.set(sender, work);
    return sender;
  }
  readonly #works = new Map<Sender, Work>();

  start(sender: Sender, operation = 0, timeoutNs = 5e9): Slot {
    const slot = new Slot(this.#slots++);
    slot.work = this.#works.get(sender)!;
    slot.sender = sender;
    slot.operation = operation;
    slot.attempt = 1;
    slot.timeoutNs = timeoutNs;
    sender.send(slot);
    return slot;
  }

  startMany(sender: Sender, count: number, timeoutNs?: number): Slot[] {
    const slots = Array.from({ length: count }, (_, operation) => this.start(sender, operation, timeoutNs));
    this.transport.flush();
    return slots;
  }

  async send(sender: Sender, operation = 0, timeoutNs = 5e9): Promise<Slot> {
    const slot = this.start(sender, operation, timeoutNs);
    this.transport.flush();
    await until(() => this.answers.includes(slot));
    return slot;
  }

  allOf(slots: readonly Slot[]): Promise<void> {
    return until(() => slots.every((slot) => this.answers.includes(slot)));
  }
}

/** Looks every few milliseconds until it is so, for at most 10 s. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('it has not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
