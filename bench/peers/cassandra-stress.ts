import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cassandraStressFolder, cassandraStressVersion } from '../../test/servers/cassandra-stress.ts';

const run = promisify(execFile);

// At its own level the driver inside prints a line for whatever it does.
const logging = `<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%-5level %msg%n</pattern></encoder></appender>
  <root level="OFF"><appender-ref ref="out"/></root>
</configuration>
`;

/** The load tool that Cassandra comes with, from its archive in Maven's repository (40 MB), once. */
export async function findCassandraStress(): Promise<{
  readonly name: string;
  /** The words that start it. */
  readonly program: readonly string[];
}> {
  const folder = await cassandraStressFolder();
  await writeFile(join(folder, 'logback.xml'), logging);
  await run('java', ['-version']);
  const classes = `${join(folder, 'tools/lib/*')}:${join(folder, 'lib/*')}`;
  const flags = [`-Dlogback.configurationFile=${join(folder, 'logback.xml')}`, '-cp', classes];
  const name = `cassandra-stress ${cassandraStressVersion}`;
  return { name, program: ['java', ...flags, 'org.apache.cassandra.stress.Stress'] };
}
