import { startCqlPracticeServer } from '../../practice/cql/cql-practice-server.ts';
import { startPracticeServer } from '../../practice/practice-server.ts';

/*
 * Practice servers in a process of their own: what they cost is not counted as their client's. Its argument is the
 * protocol, its one message the addresses; it ends with the process that has started it.
 */

/** The one message of this process. */
export interface PracticeAddresses {
  /** Takes everything as fast as can be and keeps nothing, so that it is hardly what bounds a writing client. */
  readonly writes: string;
  /** Keeps what a rehearsal's server keeps, so that queries have something to find. */
  readonly queries: string;
}

// Ctrl-C reaches every process of the terminal; the one that has started this one ends it.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

const [writes, queries] =
  process.argv[2] === 'cql'
    ? await Promise.all([
        startCqlPracticeServer({ protocol: 'cql', store: false }),
        startCqlPracticeServer({ protocol: 'cql' }),
      ])
    : await Promise.all([startPracticeServer({ mode: 'responder' }), startPracticeServer()]);
process.send!({ writes: writes.address, queries: queries.address } satisfies PracticeAddresses);
