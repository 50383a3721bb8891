import { stressTools } from '../contestants/cql-tools.ts';
import { reading, writing } from './cql-database.ts';

const about =
  'The command line is the same for both, as the commands show it: 128 threads, one connection, LOCAL_ONE, no warm-up.';

export const stressWrite = writing(
  { name: 'cassandra-stress-write', title: 'cassandra-stress write, real Cassandra', about },
  stressTools,
);

export const stressRead = reading(
  {
    name: 'cassandra-stress-read',
    title: 'cassandra-stress read, real Cassandra',
    about: `${about} Every column of every row is compared with what its key makes.`,
  },
  stressTools,
);
