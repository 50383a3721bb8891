import { formatCount, formatDuration, formatItems } from '../stress-client/units.ts';
import type { LoadSummary } from './summary.ts';

/** What the load was, as far as it is known, on one line. */
export function shapeOf(kind: 'insert' | 'query', load: LoadSummary): string {
  const parts = [`${load.model} model`, `ran ${formatDuration(load.endedNs - load.startedNs)}`];
  if (load.mix !== undefined) parts.unshift(`in MIX ${load.mix}`);
  const isWrite = kind === 'insert' || load.mix !== undefined;
  const slots = load.settings[isWrite ? 'WriteConcurrency' : 'QueryConcurrency'];
  if (slots !== undefined) parts.push(`slots ${slots}`);
  if (kind === 'insert') {
    const { batchSize, seriesCardinality, fieldCount } = load;
    if (batchSize !== undefined) parts.push(`batch ${formatItems(batchSize, load.itemName)}`);
    if (seriesCardinality !== undefined) {
      parts.push(`series ${formatCount(seriesCardinality === null ? Infinity : seriesCardinality)}`);
    }
    if (fieldCount !== undefined) parts.push(`fields ${formatCount(fieldCount)}`);
  }
  return parts.join(', ');
}

/** What is true of few statements, a sentence each. */
export function remarksOf(load: LoadSummary): readonly string[] {
  const remarks: string[] = [];
  const { warmup, lateAnswers, reprepared, clamped, rows, notApplied = 0, tags, times, warnings = [] } = load;
  if (load.state === 'ended' && load.reason !== undefined)
    remarks.push(`Ended before its time: ${load.reason}`);
  if (load.itemName === 'query' && rows > 0) remarks.push(`Rows returned: ${formatCount(rows)}`);
  if (notApplied > 0) {
    const of = formatItems(load.operations.acknowledged, 'acknowledged request');
    remarks.push(`Not applied: ${formatCount(notApplied)} of ${of}, whose IF did not hold`);
  }
  if (warmup.operations.sent > 0) {
    const { sent, acknowledged } = warmup.items;
    const lost = sent === acknowledged ? '' : `, ${formatCount(acknowledged)} acknowledged`;
    remarks.push(`Warm-up: ${formatItems(sent, load.itemName)} sent before, in no figure above${lost}`);
  }
  const censored = Math.max(times.service?.censored ?? 0, times.response?.censored ?? 0);
  if (censored > 0) {
    remarks.push(
      `Censored: ${formatItems(censored, 'request')} without an answer; times that they reach say >=`,
    );
  }
  if (lateAnswers > 0) remarks.push(`Late answers: ${formatCount(lateAnswers)} came after their timeout`);
  if (reprepared > 0)
    remarks.push(
      `Prepared again: ${formatItems(reprepared, 'request')} whose statement the target had forgotten`,
    );
  if (clamped > 0)
    remarks.push(`Out of range: ${formatItems(clamped, 'sample')} above an hour, counted as an hour`);
  for (const warning of warnings) remarks.push(`Warning: ${warning}`);
  const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  if (pairs.length > 0) remarks.push(`TAG ${pairs.join(', ')}`);
  return remarks;
}

/** That nothing was sent of a WRITTEN statement; undefined of any other. */
export function writtenSentence({ written, itemName }: LoadSummary): string | undefined {
  if (written === undefined) return undefined;
  return `WRITTEN: nothing sent; ${formatItems(written, itemName)} of an earlier run count as acknowledged`;
}
