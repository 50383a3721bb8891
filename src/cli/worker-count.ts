import type { Analysis } from '../statement/analyse.ts';
import type { Settings } from '../stress-client/settings.ts';

type Bound = 'WriteConcurrency' | 'QueryConcurrency' | 'ConnectionsPerHost';

/**
 * How many threads send load, and in a sentence why these are fewer than Workers asks for. `auto` is one: it writes
 * millions of points and hundreds of thousands of CQL requests a second, and on a machine that it shares with what
 * it measures a second one takes more than it gives. Slots and connections are the whole machine's, and each
 * thread needs one.
 */
export function workerCount({ steps, runSettings }: Analysis): {
  readonly workers: number;
  readonly fewer: string | undefined;
} {
  const { Workers, Target } = runSettings;
  const asked = Workers === Infinity ? 1 : Workers;
  const bounds: [Bound, number][] = [];
  if (Target === 'cql') bounds.push(['ConnectionsPerHost', runSettings.ConnectionsPerHost]);
  for (const step of steps) {
    if (step.kind === 'set' && isConcurrency(step.setting)) bounds.push([step.setting, step.value as number]);
    if (step.kind !== 'insert' && step.kind !== 'query') continue;
    const concurrency = step.kind === 'insert' ? 'WriteConcurrency' : 'QueryConcurrency';
    // A statement with slots of its own goes to as many threads as it has slots.
    if (!step.options.fixed.has(concurrency)) bounds.push([concurrency, step.settings[concurrency]]);
  }
  const [name, value] = bounds.reduce(
    (least, each) => (each[1] < least[1] ? each : least),
    ['WriteConcurrency', Infinity],
  );
  if (value >= asked) return { workers: asked, fewer: undefined };
  const fewer = `${value} of the ${asked} Workers asked for: each needs a part of ${name} [${value}]`;
  return { workers: value, fewer };
}

function isConcurrency(setting: keyof Settings): setting is 'WriteConcurrency' | 'QueryConcurrency' {
  return setting === 'WriteConcurrency' || setting === 'QueryConcurrency';
}
