import { createInterface } from 'node:readline';
import { startCqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import type { CqlPracticeOptions } from '../../src/practice/cql/cql-practice-server.ts';

/*
 * A practice server in a process of its own. Its options are the argument, as JSON; a line of its input asks how many
 * rows were written; it goes with the process that started it.
 */

const server = await startCqlPracticeServer(JSON.parse(process.argv[2]!) as CqlPracticeOptions);
const tell = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

tell(server.address);
createInterface({ input: process.stdin })
  .on('line', async () => tell((await server.counters()).rowsWritten))
  .on('close', () => process.exit());
