import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from '../servers/program-cache.ts';
import type { ServerUnavailable } from '../servers/real-server.ts';

const version = '2.2.2';
const run = promisify(execFile);

/** Runs HdrHistogram's own HistogramLogProcessor, in Java. */
export class HistogramLogProcessor {
  readonly #jar: string;

  /** The jar from the cache, fetched into it with Maven once; or why it can't be had. */
  static async find(): Promise<HistogramLogProcessor | ServerUnavailable> {
    const remedy = 'install a JDK and Maven, with which it is fetched once';
    try {
      await run('java', ['-version']);
      const folder = await cachedFolder(`hdrhistogram-${version}`, `HdrHistogram ${version}`, fetchInto);
      return new HistogramLogProcessor(join(folder, `HdrHistogram-${version}.jar`));
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

async function fetchInto(folder: string): Promise<void> {
  const artifact = `-Dartifact=org.hdrhistogram:HdrHistogram:${version}`;
  await run('mvn', ['-q', '-B', 'dependency:copy', artifact, `-DoutputDirectory=${folder}`]);
}
