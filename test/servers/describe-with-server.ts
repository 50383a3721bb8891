import { beforeEach, describe, inject } from 'vitest';
import { testMissingServer } from './missing-server.ts';
import type { RealServer, ServerFailed, ServerKind, ServerUnavailable } from './real-server.ts';

/**
 * A suite that needs a real server. Where none can be had its tests are skipped, and named with the reason at the end
 * of the run; with CI=true that is a failure.
 */
export function describeWithServer(
  kind: ServerKind,
  title: string,
  suite: (server: RealServer) => void,
): void {
  describe(title, async () => {
    const response = await fetch(`${inject('serversUrl')}/${kind}`);
    const server = (await response.json()) as RealServer | ServerUnavailable | ServerFailed;
    if ('failed' in server) throw new Error(server.failed);
    if ('unavailable' in server) {
      testMissingServer('needs a real server', server);
      return;
    }
    beforeEach(({ task }) => void (task.meta.realServer = server));
    suite(server);
  });
}
