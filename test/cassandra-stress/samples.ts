import { readFileSync } from 'node:fs';

/** What ScyllaDB's cassandra-stress 3.18.1 printed of `commandLine`. */
export function sample(name: 'auto' | 'mixed-fixed' | 'user' | 'write'): string {
  return readFileSync(new URL(`samples/sample-${name}.txt`, import.meta.url), 'utf8');
}

/** Its settings, to the empty line after them. */
export function settingsOf(text: string): string {
  return text.slice(0, text.indexOf('\n\n') + 2);
}

/** Of the histograms that it wrote: a line for each time of an operation in an interval. */
export interface SampleHistogram {
  readonly line: string;
  readonly type: string;
  readonly time: 'st' | 'rt' | 'wt';
  readonly startSeconds: number;
  readonly lengthSeconds: number;
  readonly encoded: string;
}

export interface SampleHistogramLog {
  readonly head: string;
  readonly lines: readonly SampleHistogram[];
}

/** The log of `mixed-fixed`, and one of such a run of Apache Cassandra's 3.11.5. */
export function sampleHistogramLog(name: 'mixed-fixed' | 'mixed-fixed-3.11.5'): SampleHistogramLog {
  const all = readFileSync(new URL(`samples/sample-${name}.hdr`, import.meta.url), 'utf8').split('\n');
  const lines = all.filter((line) => line.startsWith('Tag='));
  return {
    head: all
      .slice(0, 5)
      .map((line) => `${line}\n`)
      .join(''),
    lines: lines.map((line) => {
      const [, type, time, start, length, encoded] =
        /^Tag=(.*)-(st|rt|wt),([\d.]+),([\d.]+),[\d.]+,(.*)$/.exec(line)!;
      return {
        line,
        type: type!,
        time: time as 'st' | 'rt' | 'wt',
        startSeconds: Number(start),
        lengthSeconds: Number(length),
        encoded: encoded!,
      };
    }),
  };
}
