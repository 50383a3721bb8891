import type { ErrorClass } from '../../src/stress-client/target/target.ts';
import { ms } from './play.ts';
import type { Behaviour } from './simulated-target.ts';

/** A small deterministic source of faults. */
function faultsOf(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
  };
}

const errors: ErrorClass[] = [
  'connection-lost',
  'connection-refused',
  'overload',
  'rejected',
  'server-error',
  'partial-write',
];

/** What a target does that fails so large a share of its attempts, in all ways. */
export function randomBehaviour(seed: number, share: number): () => Behaviour {
  const random = faultsOf(seed);
  return () => {
    const draw = random();
    const afterNs = Math.round(random() * 20 * ms);
    if (draw >= share) return { afterNs, rows: 2 };
    if (draw < share / 8) return { afterNs: Infinity };
    if (draw < share / 4) return { afterNs: 250 * ms };
    return { afterNs: random() < 0.3 ? 0 : afterNs, error: errors[Math.floor(random() * errors.length)]! };
  };
}
