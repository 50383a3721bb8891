import { formatDuration } from '../../stress-client/units.ts';

/** 100 only when all is done. */
export function formatPercent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** An estimate: whole seconds. */
export function formatLeft(ns: number): string {
  return ns < 59.5e9 ? `${Math.round(ns / 1e9)} s` : formatDuration(ns);
}
