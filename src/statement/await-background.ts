import type { Background, StressTest } from '../stress-client/stress-test.ts';

/** Waits until these have ended and are recorded; a failure of one of them is the script's from then on. */
export async function awaitBackground(test: StressTest, background: readonly Background[]): Promise<void> {
  test.awaitStatements(background.map(({ statementId }) => statementId));
  for (const each of background) {
    const problem = await each.finished;
    test.background.delete(each);
    if (problem !== undefined) test.fail(problem);
  }
}
