import type { TimeName } from '../stress-client/results.ts';
import type { FigureName } from '../stress-client/time-figures.ts';
import type { LoadSummary, TimeSummary } from './summary.ts';

/** The figures of each time that reports show. */
export const shownFigures: readonly FigureName[] = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'];

/** The times of a statement that have samples, in the order of reports, with their names there. */
export function measuredTimes({ model, times }: Pick<LoadSummary, 'model' | 'times'>): readonly {
  readonly label: string;
  readonly name: TimeName;
  readonly time: TimeSummary;
}[] {
  const labels: Readonly<Partial<Record<TimeName, string>>> =
    model === 'open'
      ? {
          response: 'Response time',
          service: 'Service time',
          lateness: 'Lateness',
          slotWait: 'Slot wait',
          failed: 'Failed requests',
        }
      : { service: 'Service time (closed model)', failed: 'Failed requests' };
  return (Object.entries(labels) as [TimeName, string][]).flatMap(([name, label]) => {
    const time = times[name];
    return time === undefined ? [] : [{ label, name, time }];
  });
}
