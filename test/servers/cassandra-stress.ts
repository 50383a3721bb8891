import { execFile } from 'node:child_process';
import { rm, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { cachedFolder } from './program-cache.ts';
import type { ServerUnavailable } from './real-server.ts';

export const cassandraStressVersion = '3.11.5';
const product = `cassandra-stress ${cassandraStressVersion}`;
const run = promisify(execFile);

/** The JDK that Maven would take too. */
export function java(): string {
  const home = process.env['JAVA_HOME'];
  return home ? join(home, 'bin', 'java') : 'java';
}

/** The folder of Apache Cassandra's tools, from the cache or fetched into it with Maven, once. */
export function cassandraStressFolder(): Promise<string> {
  return cachedFolder(`cassandra-stress-${cassandraStressVersion}`, product, fetchTool);
}

/** What JDKs left out after 8, and the file of `-log hdrfile=` is written with. */
const bindingVersion = '2.3.1';

function bindingFolder(): Promise<string> {
  const artifact = `javax.xml.bind:jaxb-api:${bindingVersion}`;
  return cachedFolder(`jaxb-api-${bindingVersion}`, `jaxb-api ${bindingVersion}`, async (folder) => {
    await run('mvn', [
      '-q',
      '-B',
      'dependency:copy',
      `-Dartifact=${artifact}`,
      `-DoutputDirectory=${folder}`,
    ]);
  });
}

async function fetchTool(folder: string): Promise<void> {
  const artifact = `org.apache.cassandra:apache-cassandra:${cassandraStressVersion}:tar.gz:bin`;
  await run('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
  const archive = join(folder, `apache-cassandra-${cassandraStressVersion}-bin.tar.gz`);
  await run('tar', ['-xzf', archive, '-C', folder, '--strip-components=1']);
  await rm(archive);
}

/** What Java needs to run one of the tool's classes; `folder`: for files of its own. */
export async function cassandraStressJava(folder: string): Promise<readonly string[]> {
  const [tool, binding] = [await cassandraStressFolder(), await bindingFolder()];
  const logging = join(folder, 'logback.xml');
  await writeFile(logging, '<configuration><root level="OFF"/></configuration>\n');
  const properties = [
    'java.security.manager=allow',
    `java.io.tmpdir=${folder}`,
    `logback.configurationFile=${pathToFileURL(logging).href}`,
  ];
  return [
    ...properties.map((each) => `-D${each}`),
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    // Its file in /tmp would stay when it is killed.
    '-XX:-UsePerfData',
    '-cp',
    `${tool}/tools/lib/*:${tool}/lib/*:${binding}/*`,
  ];
}

/** The real tool, as a process for each command line. */
export class CassandraStress {
  /** It, or why it can't be had. */
  static async find(): Promise<CassandraStress | ServerUnavailable> {
    try {
      await run(java(), ['-version']);
      await cassandraStressFolder();
      await bindingFolder();
      return new CassandraStress();
    } catch (error) {
      const remedy = 'install a JDK 17 and Maven, with which it is fetched once';
      return { unavailable: `${product} can’t be had (${String(error)})`, remedy };
    }
  }

  /** Runs it, with what it says on either stream; rejects where it fails. */
  async run(...words: readonly string[]): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'stressql-stress-'));
    try {
      const main = 'org.apache.cassandra.stress.Stress';
      const { stdout, stderr } = await run(java(), [...(await cassandraStressJava(folder)), main, ...words], {
        cwd: folder,
        maxBuffer: 16 << 20,
      });
      return stdout + stderr;
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}
