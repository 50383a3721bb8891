import type { PacerStage } from './pacer.ts';

/**
 * When the stages of a running open model end, in nanoseconds after its start: where the script says, or where held load
 * and other rates have put them. Hub and clients hear of the same moments, and so have the same.
 */
export class StageEnds {
  #endsNs: number[];

  constructor(stages: readonly PacerStage[]) {
    let endNs = 0;
    this.#endsNs = stages.map(({ durationNs }, index) =>
      index === stages.length - 1 ? Infinity : (endNs += durationNs!),
    );
  }

  get count(): number {
    return this.#endsNs.length;
  }

  /** Infinity of the last one: it ends with its statement. */
  of(stage: number): number {
    return this.#endsNs[stage] ?? Infinity;
  }

  /** Another rate from `fromNs` on is a stage of its own, the last; answers with its number, from 0. */
  changeRate(fromNs: number): number {
    // The first stage has begun with its statement.
    const begun = 1 + this.#endsNs.filter((endNs) => endNs < fromNs).length;
    this.#endsNs = [...this.#endsNs.slice(0, begun - 1), fromNs, Infinity];
    return begun;
  }

  /** Load was held in between: what was to end then, or later, ends as much later. */
  release(fromNs: number, untilNs: number): void {
    this.#endsNs = this.#endsNs.map((endNs) => (endNs < fromNs ? endNs : endNs + untilNs - fromNs));
  }
}
