/** The hub. */
export class StressTest {}
