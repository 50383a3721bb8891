import { describe } from 'vitest';
import { CassandraStress } from './cassandra-stress.ts';
import { testMissingServer } from './missing-server.ts';

/** A suite that needs the real cassandra-stress; where it can't be had, as `describeWithServer` says. */
export function describeWithCassandraStress(title: string, suite: (real: CassandraStress) => void): void {
  describe(title, async () => {
    const real = await CassandraStress.find();
    if ('unavailable' in real) testMissingServer('needs the real one', real);
    else suite(real);
  });
}
