import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerUnavailable } from '../servers/real-server.ts';

const version = '2.2.2';
const run = promisify(execFile);

/** Runs HdrHistogram's own HistogramLogProcessor, in Java. */
export class HistogramLogProcessor {
  readonly #jar: string;

  /** The jar from the cache, fetched into it with Maven once; or why it can't be had. */
  static async find(): Promise<HistogramLogProcessor | ServerUnavailable> {
    const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'stressql');
    const jar = join(cache, `hdrhistogram-${version}`, `HdrHistogram-${version}.jar`);
    const remedy = 'install a JDK and Maven, with which it is fetched once';
    try {
      await run('java', ['-version']);
      if (!(await exists(jar))) await fetchInto(cache);
      return new HistogramLogProcessor(jar);
    } catch (error) {
      return { unavailable: `HdrHistogram ${version} for Java can’t be had (${String(error)})`, remedy };
    }
  }

  private constructor(jar: string) {
    this.#jar = jar;
  }

  async run(log: string, ...options: readonly string[]): Promise<string> {
    const main = 'org.HdrHistogram.HistogramLogProcessor';
    const { stdout } = await run('java', ['-cp', this.#jar, main, '-i', log, ...options]);
    return stdout;
  }
}

async function fetchInto(cache: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  // Made whole beside its place: another test run may look for it now.
  const beside = await mkdtemp(join(cache, 'hdrhistogram-'));
  const artifact = `-Dartifact=org.hdrhistogram:HdrHistogram:${version}`;
  try {
    await run('mvn', ['-q', '-B', 'dependency:copy', artifact, `-DoutputDirectory=${beside}`]);
    await rename(beside, join(cache, `hdrhistogram-${version}`)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
