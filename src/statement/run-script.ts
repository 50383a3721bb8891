import type { StressTest } from '../stress-client/stress-test.ts';
import { awaitBackground } from './await-background.ts';
import type { Statement } from './statement.ts';

/** Told before each statement, by its place from 0, that it is its turn; false ends the script before it. */
export type Gate = (index: number) => boolean;

/**
 * Runs a script's statements in order, and waits at its end for what GO has started. Stops where the test is
 * stopped: by a statement that failed as a whole, MaxErrors, EXPECT … ABORT, or an interrupt. Rejects never.
 */
export async function runScript(
  test: StressTest,
  statements: readonly Statement[],
  gate?: Gate,
): Promise<void> {
  for (const [index, statement] of statements.entries()) {
    if (test.stopping.aborted || gate?.(index) === false) break;
    await statement.run(test);
  }
  await awaitBackground(test, [...test.background]);
}
