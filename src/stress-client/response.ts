import type { Lease } from './package.ts';
import type { LoadDeltas } from './load-deltas.ts';
import type { TargetError } from './target/target.ts';

/** What became of a lease; plain data. */
export interface Response {
  readonly statementId: string;
  readonly lease: Lease;
  /** So many operations of the lease were sent, from its first on. */
  readonly sent: number;
  /** What of these was acknowledged; the rest failed or is unknown. */
  readonly acknowledged: number;
  /** With the statement's last Response: what the hub has not been told yet of it or its members, and why it could not start. */
  readonly ended: { readonly deltas: readonly LoadDeltas[]; readonly error?: TargetError } | undefined;
}
