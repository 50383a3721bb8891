import type { Outcome, RunSize } from './comparison.ts';
import { tinyOperations } from './comparison.ts';

/** A run of a load tool, from the start of its process to its end. */
export interface ToolRun {
  /** Operations, or points, that the other side has acknowledged. */
  readonly acknowledged: number;
  /** Of a read: what it found. */
  readonly rows?: number;
  /** As the tool tells it, its own start apart. */
  readonly perSecond: number;
  readonly cpuNs: number;
  readonly command: string;
  readonly figures?: Readonly<Record<string, number>>;
  readonly note?: string;
}

/**
 * The CPU time of an operation, start-up apart: a run of a hundred operations is taken off the run that counts, for
 * every tool alike. `clear` empties what is written to; `stored` counts what the other side has of the run.
 */
export async function measureTool(
  size: RunSize,
  run: (size: RunSize) => Promise<ToolRun>,
  clear: () => Promise<void>,
  stored: (full: ToolRun) => Promise<number>,
): Promise<Outcome> {
  await clear();
  const tiny = await run({ operations: tinyOperations, seconds: 60 });
  await clear();
  const full = await run(size);
  const { acknowledged, perSecond, command, note } = full;
  const operations = acknowledged - tiny.acknowledged;
  return {
    figures: {
      cpuUs: (full.cpuNs - tiny.cpuNs) / operations / 1000,
      perSecond,
      startCpuMs: tiny.cpuNs / 1e6,
      ...full.figures,
    },
    counts: { acknowledged, stored: await stored(full) },
    command,
    ...(note !== undefined && { note }),
  };
}
