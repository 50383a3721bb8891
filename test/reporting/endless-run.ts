import { RunFolder } from '../../src/reporting/run-folder.ts';
import { defaultSettings } from '../../src/stress-client/settings.ts';
import { intervals } from './interval-run.ts';
import { run } from './sample-run.ts';

/* A process that writes a run folder until it is killed; it tells its parent of every interval. */

const folder = await RunFolder.create({
  directory: process.argv[2]!,
  script: '',
  settings: defaultSettings(),
  record: {
    ...run(),
    startAt: '2026-11-22T10:00:00.000Z',
    scriptFiles: [],
    arguments: [],
    parameters: {},
    environment: [],
    dataFiles: {},
  },
  onProblem: (sentence) => process.stderr.write(sentence),
});
const { statements } = intervals[0]!;
let interval = 0;
setInterval(() => {
  folder.interval({ ...intervals[0]!, index: interval, statements: statements.slice(0, 1) });
  process.send!({ folder: folder.path, interval: interval++ });
}, 5);
