import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { compareDashboard } from './compare-dashboard.ts';
import { historyDashboard } from './history-dashboard.ts';
import { runDashboard } from './run-dashboard.ts';

/** The dashboards, by the name of their file. */
export const dashboards: Readonly<Record<string, () => Dashboard>> = {
  run: runDashboard,
  compare: compareDashboard,
  history: historyDashboard,
};
