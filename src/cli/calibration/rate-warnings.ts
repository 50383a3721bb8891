import type { InsertStep, QueryStep } from '../../statement/analyse.ts';
import { formatPerSecond } from '../../stress-client/units.ts';
import type { Profile } from '../load-profile.ts';
import { askedPerSecond, shareAtMost, sourceSha256 } from './calibration.ts';
import { readCalibration } from './calibration-files.ts';
import { repeatedBatchSize } from './repeated-plan.ts';

/**
 * A sentence for every statement that asks for more than 70 % of what this machine offered when the profile was
 * calibrated; none where it was not.
 */
export function rateWarnings({ analysis, files }: Profile): readonly string[] {
  const { Target, Workers } = analysis.runSettings;
  const calibrations = files.sources.map((source) => readCalibration(sourceSha256(source), Target));
  const threads = threadsOf(Workers);
  return analysis.steps.flatMap((step) => {
    if (step.kind !== 'insert' && step.kind !== 'query') return [];
    const asked = askedPerSecond(step.options.stages);
    const calibration = calibrations[step.span.source];
    if (asked === undefined || calibration === undefined) return [];
    const batch = repeatedBatchSize(step, step.options.items);
    const known = calibration.statements.find(
      ({ sourceOffset, batchSize }) => sourceOffset === step.span.start && batchSize === batch,
    );
    if (known?.offeredPerSecond === undefined) return [];
    const offered = known.offeredPerSecond * threads;
    if (asked <= shareAtMost * offered) return [];
    return [sentence(step, asked, offered, calibration.calibratedMs)];
  });
}

function sentence(
  step: InsertStep | QueryStep,
  asked: number,
  offered: number,
  calibratedMs: number,
): string {
  const date = new Date(calibratedMs).toISOString().slice(0, 10);
  return (
    `${step.text} (${step.place}) asks ${formatPerSecond(asked)}/s, and this machine offered ` +
    `${formatPerSecond(offered)}/s when it was calibrated on ${date}: above 70 % the client’s own delays may show`
  );
}

/** That send the load; one where that is left to the engine. */
function threadsOf(workers: number): number {
  return workers === Infinity ? 1 : workers;
}
