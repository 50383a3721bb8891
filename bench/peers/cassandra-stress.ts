import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from '../../test/servers/program-cache.ts';

const version = '3.11.5';
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
  const product = `cassandra-stress ${version}`;
  const folder = await cachedFolder(`cassandra-stress-${version}`, product, async (into) => {
    const artifact = `org.apache.cassandra:apache-cassandra:${version}:tar.gz:bin`;
    await run('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${into}`]);
    const archive = `apache-cassandra-${version}-bin.tar.gz`;
    await run('tar', ['xzf', archive, '--strip-components', '1'], { cwd: into });
    await run('rm', [archive], { cwd: into });
    await writeFile(join(into, 'logback.xml'), logging);
  });
  await run('java', ['-version']);
  const classes = `${join(folder, 'tools/lib/*')}:${join(folder, 'lib/*')}`;
  const flags = [`-Dlogback.configurationFile=${join(folder, 'logback.xml')}`, '-cp', classes];
  return { name: product, program: ['java', ...flags, 'org.apache.cassandra.stress.Stress'] };
}
