import { describe, expect, test } from 'vitest';
import { InsertStatement } from '../../src/statement/insert.ts';
import type { Timer } from '../../src/stress-client/clock.ts';
import { parts, stage, writePlan } from '../support/loads.ts';
import { ms, Play, seconds } from '../support/play.ts';
import type { Behaviour } from '../support/simulated-target.ts';
import { VirtualClock } from '../support/virtual-time.ts';

/** So long answers take, which are no timers. */
const answerNs = 1.15 * ms;

/** Timers of whole milliseconds and a little more, as Node's are. */
class CoarseClock extends VirtualClock {
  override readonly timersLateNs: number;
  /** Timers that called. */
  calls = 0;

  constructor(timersLateNs: number) {
    super();
    this.timersLateNs = timersLateNs;
  }

  override at(atNs: number, callback: () => void): Timer {
    const waitNs = atNs - this.nowNs();
    if (waitNs === answerNs) return super.at(atNs, callback);
    return super.at(this.nowNs() + (Math.max(1, Math.ceil(waitNs / ms)) + 0.07) * ms, () => {
      this.calls++;
      callback();
    });
  }

  override soon(callback: () => void): void {
    super.at(this.nowNs(), callback);
  }
}

const length = 2 * seconds;

async function paced(
  perSecond: number,
  timersLateNs: number,
  behave: (operation: number) => Behaviour = () => ({ afterNs: answerNs }),
) {
  const clock = new CoarseClock(timersLateNs);
  const play = new Play(({ operation }) => behave(operation), {}, 1, clock);
  const load = { stages: [stage(perSecond)], durationNs: length };
  await play.run([new InsertStatement(parts('cpu', writePlan(), load))]);
  const { total } = play.result(0);
  expect(total.operations).toMatchObject({
    asked: (perSecond * length) / seconds,
    acknowledged: (perSecond * length) / seconds,
  });
  return { callsAMs: clock.calls / (length / ms), latenessNs: total.times.lateness!.maximumNs, total };
}

describe('answers that are about to come wake the client for what is due', () => {
  test.each([1500, 2000, 20_000])('at %i/s timers hardly ever do', async (perSecond) => {
    const { callsAMs, latenessNs } = await paced(perSecond, 1.25 * ms);
    expect(callsAMs).toBeLessThan(0.1);
    expect(latenessNs).toBeLessThan(1.3 * ms);
  });

  test('where timers are exact they do', async () => {
    const { callsAMs } = await paced(2000, 0);
    expect(callsAMs).toBeGreaterThan(0.5);
  });

  test('a target that stalls delays nothing by more than a timer does', async () => {
    const stalls = (operation: number): Behaviour => ({
      afterNs: operation % 1000 < 100 ? 300 * ms : answerNs,
    });
    const { latenessNs, total } = await paced(2000, 1.25 * ms, stalls);
    expect(total.times.service!.maximumNs).toBeGreaterThan(300 * ms);
    expect(latenessNs).toBeLessThan(2.3 * ms);
  });

  test('a target that never answers in time is not waited for', async () => {
    const { latenessNs } = await paced(100, 1.25 * ms, () => ({ afterNs: 30 * ms }));
    expect(latenessNs).toBeLessThan(1.3 * ms);
  });
});
