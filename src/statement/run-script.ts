import type { StressTest } from '../stress-client/stress-test.ts';
import { awaitBackground } from './await-background.ts';
import type { Statement } from './statement.ts';

/**
 * Runs a script's statements in order, and waits at its end for what GO has started. Stops where the test is
 * stopped: by a statement that failed as a whole, MaxErrors, EXPECT … ABORT, or an interrupt. Rejects never.
 */
export async function runScript(test: StressTest, statements: readonly Statement[]): Promise<void> {
  for (const statement of statements) {
    if (test.stopping.aborted) break;
    await statement.run(test);
  }
  await awaitBackground(test, [...test.background]);
}
