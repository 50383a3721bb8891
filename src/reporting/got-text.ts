import { timeMetrics } from '../parser/ast.ts';
import type { LoadSummary } from './summary.ts';

/** What an EXPECT got, as reports print it: a time of an invalid statement carries its mark, as everywhere. */
export function gotTextOf({ metric, got, gotText }: LoadSummary['checks'][number], mark: string): string {
  const isTime = got !== undefined && timeMetrics.some((each) => each === metric);
  return isTime ? `${gotText}${mark}` : gotText;
}
