/** Where what is printed goes. Nothing here throws. */
export interface StressStreams {
  out(text: string): void;
  error(text: string): void;
  /** The file of `hdrfile=`: what it holds from now on, and what comes after that. */
  readonly histograms?: { begin(text: string): void; append(text: string): void };
}
