import { startCqlPracticeServer } from '../../practice/cql/cql-practice-server.ts';
import { startPracticeServer } from '../../practice/practice-server.ts';

/*
 * A practice server in a process of its own: what it costs is not counted as its client's. Its argument is the
 * protocol, its one message the address; it ends with the process that has started it.
 */

/** The one message of this process. */
export interface PracticeProcessReady {
  readonly address: string;
}

// Ctrl-C reaches every process of the terminal; the one that has started this one ends it.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

const { address } =
  process.argv[2] === 'cql' ? await startCqlPracticeServer({ protocol: 'cql' }) : await startPracticeServer();
process.send!({ address } satisfies PracticeProcessReady);
