import { loadStepsOf, type InsertStep, type QueryStep } from '../../statement/analyse.ts';
import { formatPerSecond, formatShare } from '../../stress-client/units.ts';
import type { Profile } from '../load-profile.ts';
import { workerCount } from '../worker-count.ts';
import { askedItemsPerSecond, shareAtMost, sourceSha256 } from './calibration.ts';
import type { Calibration } from './calibration.ts';
import { readCalibration } from './calibration-files.ts';
import { repeatedBatchSize } from './repeated-plan.ts';

/** What a statement asks of this machine. */
interface Demand {
  readonly step: InsertStep | QueryStep;
  /** Items a second, at the most. */
  readonly asked: number;
  /** Items a second that the machine offered, with as many threads as the run has. */
  readonly offered: number;
  readonly calibratedMs: number;
}

/**
 * A sentence for every statement that asks for more than 70 % of what this machine offered when the profile was
 * calibrated, and for those that do so together, started with GO and not waited for; none where it was not
 * calibrated.
 */
export function rateWarnings({ analysis, files }: Profile): readonly string[] {
  const { Target } = analysis.runSettings;
  const { workers } = workerCount(analysis);
  const calibrations = files.sources.map((source) => readCalibration(sourceSha256(source), Target));
  const warnings: string[] = [];
  let running: Demand[] = [];
  for (const step of analysis.steps) {
    if (step.kind === 'wait') {
      const { for: awaited } = step;
      if (awaited === undefined) running = [];
      else if ('name' in awaited) running = running.filter((each) => nameOfGo(each.step) !== awaited.name);
    }
    const demands = loadStepsOf([step])
      .map((load) => demandOf(load, calibrations[load.span.source], workers))
      .filter((demand) => demand !== undefined);
    const [demand] = demands;
    if (demand === undefined) continue;
    const together = [...running, ...demands];
    if (shareOf(demands) > shareAtMost) {
      warnings.push(demands.length === 1 ? sentence(demand) : sentenceOfSeveral(demands));
    } else if (shareOf(together) > shareAtMost && shareOf(running) <= shareAtMost) {
      warnings.push(sentenceOfSeveral(together));
    }
    if (demand.step.background) running = together;
  }
  return warnings;
}

/** What WAIT calls it. */
function nameOfGo({ name, mix }: InsertStep | QueryStep): string {
  return mix?.name ?? name;
}

/** Undefined in a closed model, and where the statement was not measured as it is now. */
function demandOf(
  step: InsertStep | QueryStep,
  calibration: Calibration | undefined,
  threads: number,
): Demand | undefined {
  const asked = askedItemsPerSecond(step);
  if (asked === undefined || calibration === undefined) return undefined;
  const batch = repeatedBatchSize(step, step.options.items);
  const known = calibration.statements.find(
    ({ sourceOffset, batchSize }) => sourceOffset === step.span.start && batchSize === batch,
  );
  if (known?.offeredPerSecond === undefined) return undefined;
  const offered = known.offeredPerSecond * threads;
  return { step, asked, offered, calibratedMs: calibration.calibratedMs };
}

function shareOf(demands: readonly Demand[]): number {
  return demands.reduce((sum, { asked, offered }) => sum + asked / offered, 0);
}

function sentence({ step, asked, offered, calibratedMs }: Demand): string {
  return (
    `${step.text} (${step.place}) asks ${formatPerSecond(asked)}/s, and this machine offered ` +
    `${formatPerSecond(offered)}/s when it was calibrated on ${dateOf(calibratedMs)}: ${consequence}`
  );
}

function sentenceOfSeveral(demands: readonly Demand[]): string {
  const names = demands.map(({ step }) => `${step.text} (${step.place})`).join(', ');
  return (
    `${names} together ask ${formatShare(shareOf(demands))} of what this machine offered when it was calibrated ` +
    `on ${dateOf(demands.at(-1)!.calibratedMs)}: ${consequence}`
  );
}

const consequence = 'above 70 % the client’s own delays may show';

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
