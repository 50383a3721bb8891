/** A command line that is refused: why, in the words of cassandra-stress where it has some, and one line of usage. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** Such as `Usage: -rate threads=? [throttle=?] [fixed=?]`; absent where none fits. */
  usage: string | undefined;

  constructor(reason: string, usage?: string) {
    super(reason);
    this.usage = usage;
  }
}
