import { alignColumns } from '../../reporting/columns.ts';
import { listRuns, type ListedRun } from '../../reporting/list-runs.ts';
import { formatDuration, formatPerSecond, pluralOf } from '../../stress-client/units.ts';
import { UsageError } from '../usage-error.ts';

/** Statements that a line names; the rest is counted. */
const statementsAtMost = 3;

export interface ListOptions {
  readonly format: 'text' | 'json';
}

/** Prints the runs below a folder; answers with the exit code. */
export async function listCommand(folder: string, { format }: ListOptions): Promise<number> {
  const { runs, unreadable } = await listRuns(folder).catch((problem: NodeJS.ErrnoException) => {
    const { code, message } = problem;
    throw new UsageError(
      code === 'ENOENT'
        ? `${folder} does not exist`
        : code === 'ENOTDIR'
          ? `${folder} is no folder`
          : message,
    );
  });
  for (const problem of unreadable) process.stderr.write(`stressql: ${problem}\n`);
  if (format === 'json') process.stdout.write(`${JSON.stringify({ schemaVersion: 1, runs }, null, 2)}\n`);
  else if (runs.length > 0) process.stdout.write(`${table(runs)}\n`);
  else if (unreadable.length === 0) {
    process.stderr.write(`stressql: there is no run folder below ${folder}\n`);
  }
  return 0;
}

function table(runs: readonly ListedRun[]): string {
  const head = ['started', 'took', 'state', 'name', 'statements', 'folder'];
  const rows = runs.map((run) => [
    `${new Date(run.startedMs).toISOString().slice(0, 19).replace('T', ' ')}Z`,
    formatDuration(run.durationNs),
    run.states.join(' '),
    run.testName,
    statementsOf(run),
    run.path,
  ]);
  return alignColumns([head, ...rows], new Set([0, 2, 3, 4, 5])).join('\n');
}

function statementsOf({ statements }: ListedRun): string {
  const named = statements
    .slice(0, statementsAtMost)
    .map(
      ({ name, itemName, itemsPerSecond }) =>
        `${name} ${formatPerSecond(itemsPerSecond)} ${pluralOf(itemName)}/s`,
    );
  const further = statements.length - named.length;
  return [...named, ...(further > 0 ? [`${further} more`] : [])].join(', ');
}
