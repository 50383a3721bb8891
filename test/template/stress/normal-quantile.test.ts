import { expect, test } from 'vitest';
import { normalQuantile } from '../../../src/statement/template/stress/normal-quantile.ts';

// Standard normal tables; the far tails by the quantile function of R.
test.each([
  [0.5, 0],
  [0.6, 0.2533471031357997],
  [0.9, 1.2815515655446004],
  [0.975, 1.959963984540054],
  [0.999, 3.090232306167813],
  [1e-10, -6.361340902404056],
  [1e-20, -9.26234008979841],
  [0, -Infinity],
  [1, Infinity],
])('%d', (share, value) => expect(normalQuantile(share)).toBeCloseTo(value, 12));
