/**
 * The thread counts of a run in steps, from `minimum` to at most `maximum`: 100 more each time, from 500 on a fifth
 * more, from 1,500 on a tenth.
 */
export function threadSteps(minimum: number, maximum: number): readonly number[] {
  const steps: number[] = [];
  for (let threads = Math.max(1, minimum); threads <= maximum || steps.length === 0;) {
    steps.push(threads);
    if (threads < 500) threads += 100;
    else threads = Math.floor(threads * (threads < 1500 ? 1.2 : 1.1));
  }
  return steps;
}

/**
 * Whether more threads are worth a try after steps with these rates: while the last three steps gained anything, and
 * the last five more than `uncertainty`, on average of each over the one before.
 */
export function isWorthMoreThreads(rates: readonly number[], uncertainty: number): boolean {
  return gains(rates, 3, 0) && gains(rates, 5, uncertainty);
}

function gains(rates: readonly number[], count: number, atLeast: number): boolean {
  return rates.length <= count || averageGain(rates, count) >= atLeast;
}

/** Of the last `count` steps over the ones before them, as a share. */
function averageGain(rates: readonly number[], count: number): number {
  let sum = 0;
  for (let index = rates.length - count; index < rates.length; index++) {
    sum += (rates[index]! - rates[index - 1]!) / rates[index - 1]!;
  }
  return sum / count;
}
