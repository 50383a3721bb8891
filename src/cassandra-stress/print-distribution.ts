import type { Distribution } from '../statement/template/stress/distribution.ts';
import { valueOfShare } from '../statement/template/stress/draws.ts';
import { fixed } from './java-format.ts';

const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

/** What `print dist=…` shows: the values that shares of all samples do not exceed. */
export function printDistribution(distribution: Distribution): string {
  const hundredth = valueOfShare(distribution, 1) / 100;
  const rows = shares.map((share) => {
    const value = valueOfShare(distribution, share);
    const percent = fixed(share * 100, 1).padEnd(16);
    return `${percent}${String(value).padEnd(12)}${fixed(value / hundredth, 1).padStart(12)}\n`;
  });
  return `% of samples    Range       % of total\n${rows.join('')}`;
}
