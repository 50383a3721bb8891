import { it } from 'vitest';
import type { ServerUnavailable } from './real-server.ts';

/**
 * Stands for the tests of a suite that can't have what they need: skipped, and named with the reason at the end of the
 * run; with CI=true it fails. `title`: such as `needs a real server`.
 */
export function testMissingServer(title: string, missing: ServerUnavailable): void {
  it(title, ({ task, skip }) => {
    if (process.env['CI'] === 'true') throw new Error(`${missing.unavailable}: ${missing.remedy}`);
    task.meta.missingServer = missing;
    skip(missing.unavailable);
  });
}
