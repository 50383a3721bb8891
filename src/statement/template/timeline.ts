import type { Place } from './place.ts';

const billion = 1e9;

/** Split of a whole number of nanoseconds that may be negative. */
function split(ns: number): { seconds: number; nanoseconds: number } {
  const seconds = Math.floor(ns / billion);
  return { seconds, nanoseconds: ns - seconds * billion };
}

/**
 * The times of an INSERT: turn t of the odometer is at start + t × step, exact to the nanosecond for every
 * time that fits in 64 bits. Seconds and nanoseconds are kept apart, since their sum is beyond 2^53 and a
 * BigInt costs as much as the rest of a point.
 */
export class Timeline {
  readonly startMs: number;
  readonly stepNs: number;
  readonly #startSeconds: number;
  readonly #startNanoseconds: number;
  /** Whole seconds, and nanoseconds below one. */
  readonly step: { readonly seconds: number; readonly nanoseconds: number };
  readonly #stepSeconds: number;
  readonly #stepNanoseconds: number;

  constructor(startMs: number, stepNs: number) {
    this.startMs = startMs;
    this.stepNs = stepNs;
    this.#startSeconds = Math.floor(startMs / 1000);
    this.#startNanoseconds = (startMs - this.#startSeconds * 1000) * 1e6;
    const step = split(stepNs);
    this.step = step;
    this.#stepSeconds = step.seconds;
    this.#stepNanoseconds = step.nanoseconds;
  }

  /** Sets the place's time from its turn. */
  set(place: Place): void {
    const turn = place.turn;
    let seconds = this.#startSeconds + turn * this.#stepSeconds;
    let nanoseconds = this.#startNanoseconds;
    if (this.#stepNanoseconds !== 0) {
      // turn × stepNanoseconds, in pieces that a double holds exactly: turn = high × 2^23 + low.
      const high = turn < 8388608 ? 0 : Math.floor(turn / 8388608);
      if (high !== 0) {
        const piece = high * this.#stepNanoseconds;
        const pieceSeconds = Math.floor(piece / billion);
        seconds += pieceSeconds * 8388608;
        nanoseconds += (piece - pieceSeconds * billion) * 8388608;
      }
      const carried = Math.floor(nanoseconds / billion);
      seconds += carried;
      nanoseconds += (turn - high * 8388608) * this.#stepNanoseconds - carried * billion;
    }
    const whole = Math.floor(nanoseconds / billion);
    place.seconds = seconds + whole;
    place.nanoseconds = nanoseconds - whole * billion;
  }
}

/** Digits of a second that a precision keeps. */
export const precisionDigits = { n: 9, ns: 9, u: 6, us: 6, ms: 3, s: 0 } as const;

/** A place's time in nanoseconds since 1970, cut down to the precision. */
export function timeNs(place: Place, digits: number): bigint {
  const unit = 10 ** (9 - digits);
  return BigInt(place.seconds) * 1_000_000_000n + BigInt(Math.floor(place.nanoseconds / unit) * unit);
}
