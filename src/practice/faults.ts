/** What goes wrong on purpose. Counts go by requests since the faults were set; /ping and /health are spared. */
export interface PracticeFaults {
  /** Before every answer. */
  readonly delayMs?: number;
  /** One request in `oneIn` gets this status instead of being taken. */
  readonly status?: { readonly code: number; readonly oneIn: number; readonly message?: string };
  /** One request in so many is taken, and its connection ends without an answer. */
  readonly closeOneIn?: number;
  /** From `afterMs` after the faults were set, for `forMs`, no request is answered. */
  readonly stall?: { readonly afterMs: number; readonly forMs: number };
}
