/** By what links and panels name the dashboards and their data source: never changed, since others' links hold them. */
export const dataSourceUid = 'stressql';

export const dashboardUids = {
  run: 'stressql-run',
  compare: 'stressql-compare',
  history: 'stressql-history',
} as const;
