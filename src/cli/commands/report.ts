import { readRunFolder } from '../../reporting/read-run-folder.ts';
import type { StoredRun } from '../../reporting/read-run-folder.ts';
import { renderTextReport } from '../../reporting/text-report.ts';
import { wantsColor } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export interface ReportOptions {
  readonly format: 'text' | 'json';
  readonly color: boolean;
}

/** Prints the report of a run folder as the run did, or its summary as JSON. */
export async function reportCommand(path: string, options: ReportOptions): Promise<number> {
  const { summary, path: folder } = await readStored(path);
  const color = wantsColor(process.stdout, options.color);
  process.stdout.write(
    options.format === 'json'
      ? `${JSON.stringify(summary, null, 2)}\n`
      : renderTextReport(summary, { color, width: process.stdout.columns ?? 100, folder }),
  );
  return 0;
}

async function readStored(path: string): Promise<StoredRun> {
  try {
    return await readRunFolder(path);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
