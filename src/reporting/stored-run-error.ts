/** Something that is stored of a run can't be used. Its message is for the user. */
export class StoredRunError extends Error {
  /** Whether the message names the file or the folder. */
  readonly isPlaced: boolean;

  constructor(problem: string, place?: string) {
    super(place === undefined ? problem : `${place}: ${problem}`);
    this.isPlaced = place !== undefined;
  }
}
