import type { RunEvent } from '../../stress-client/results.ts';
import { storedBuckets } from '../decode-histogram.ts';
import type { IntervalLine } from '../interval-line.ts';
import { loadsOf } from '../loads-of.ts';
import type { Summary } from '../summary.ts';
import { markOf } from '../validity-mark.ts';
import type { ReportData, Spectrum } from './report-data.ts';
import { spectrumOf } from './spectrum.ts';
import { StatementSeries } from './statement-series.ts';

/** More would be closer together than a chart's pixels: intervals of longer runs share points. */
const pointsAtMost = 3600;

/** Promises what the charts of a run are drawn from, in one pass over its intervals. */
export async function collectCharts(
  summary: Summary,
  intervals: AsyncIterable<IntervalLine>,
  events: readonly RunEvent[],
): Promise<ReportData> {
  const loads = loadsOf(summary);
  const loadOf = new Map(loads.map(({ statementId, load }) => [statementId, load]));
  const series = new Map<string, StatementSeries>();
  const sent = new Map<string, number>();
  let intervalsAPoint: number | undefined;
  for await (const line of intervals) {
    intervalsAPoint ??= Math.ceil(summary.durationNs / (line.endNs - line.startNs) / pointsAtMost);
    const load = loadOf.get(line.statementId);
    if (load === undefined) continue;
    let own = series.get(line.statementId);
    if (own === undefined) {
      own = new StatementSeries(load, intervalsAPoint);
      series.set(line.statementId, own);
    }
    own.add(line);
    sent.set(line.statementId, (sent.get(line.statementId) ?? 0) + line.operations.sent);
  }
  return {
    durationNs: summary.durationNs,
    events,
    statements: loads.map(({ statementId, load }) => ({
      statementId,
      itemName: load.itemName,
      missing: Math.max(0, load.operations.sent - (sent.get(statementId) ?? 0)),
      mark: markOf(summary, load),
      spectra: (['response', 'service', 'failed'] as const).flatMap((time): readonly Spectrum[] => {
        const measured = load.times[time];
        if (measured === undefined) return [];
        return [{ time, count: measured.count, valuesNs: spectrumOf(storedBuckets(load, time)!) }];
      }),
      ...(series.get(statementId) ?? new StatementSeries(load, 1)).pack(),
    })),
  };
}
