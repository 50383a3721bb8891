import type { Statement } from '../../src/statement/statement.ts';
import { runScript } from '../../src/statement/run-script.ts';
import type { StatementResult } from '../../src/stress-client/results.ts';
import type { Settings } from '../../src/stress-client/settings.ts';
import type { Slot } from '../../src/stress-client/slot.ts';
import type { StressTest } from '../../src/stress-client/stress-test.ts';
import { KeepingSink, settingsWith, stressTest } from './loads.ts';
import { SimulatedTarget, type Behaviour, type SeenAttempt } from './simulated-target.ts';
import { VirtualClock } from './virtual-time.ts';

export const ms = 1e6;
export const seconds = 1e9;

/** A script that runs in virtual time over a simulated target. */
export class Play {
  readonly clock: VirtualClock;
  readonly sink = new KeepingSink();
  /** One for each client. */
  readonly targets: readonly SimulatedTarget[];
  readonly test: StressTest;
  #script: Promise<void> | undefined;

  constructor(
    behave: (slot: Slot, nowNs: number) => Behaviour,
    settings: Partial<Settings> = {},
    clients = 1,
    clock = new VirtualClock(),
  ) {
    this.clock = clock;
    this.targets = Array.from({ length: clients }, () => new SimulatedTarget(behave));
    const left = [...this.targets];
    this.test = stressTest(this.clock, (runClock) => left.shift()!.on(runClock), settingsWith(settings), {
      sinks: [this.sink],
      clients,
    });
  }

  /** That of the first client. */
  get target(): SimulatedTarget {
    return this.targets[0]!;
  }

  /** Attempts at all targets, in the order in which they were sent. */
  get seen(): readonly SeenAttempt[] {
    return this.targets.flatMap(({ seen }) => seen).sort((one, other) => one.sentNs - other.sentNs);
  }

  start(statements: readonly Statement[]): Promise<void> {
    statements.forEach((statement, index) => statement.setId(idOf(index)));
    return (this.#script = runScript(this.test, statements));
  }

  /** Runs the script to its end, and closes the test. */
  async run(statements: readonly Statement[]): Promise<this> {
    this.start(statements);
    return this.finish();
  }

  async finish(): Promise<this> {
    await this.clock.until(this.#script!);
    await this.clock.until(this.test.close());
    return this;
  }

  /** The result of the statement at a place in the script, from 0. */
  result(index: number): StatementResult {
    return this.test.resultOf(idOf(index))!;
  }

  /** Nanoseconds of the run's clock. */
  get nowNs(): number {
    return this.test.clock.nowNs();
  }
}

export function idOf(index: number): string {
  return `s${String(index).padStart(7, '0')}`;
}
