/** A figure of one run, with how far it is known. */
export interface Estimate {
  readonly value: number;
  /**
   * Between which values the truth lies, as far as `t` standard errors reach; t is above 0. 0 and Infinity where the run
   * can't say.
   */
  limits(t: number): Limits;
  /** Of the t distribution that its error follows. */
  readonly degrees: number;
}

export interface Limits {
  readonly low: number;
  readonly high: number;
}

/** Fewer intervals than this say nothing about how they vary. */
export const intervalsAtLeast = 10;
