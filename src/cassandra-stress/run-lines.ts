import type { CommandSettings, RunLength } from './settings.ts';

/* What stands between the settings and the header of the intervals. */

/** Of the cluster that was connected to. */
export interface ClusterDescription {
  readonly name: string;
  readonly maxPending: number | undefined;
  readonly connectionsPerHost: number | undefined;
  readonly hosts: readonly {
    readonly datacenter: string;
    readonly address: string;
    readonly rack: string;
  }[];
}

/** The spelling of the second word is the real one's: it is searched for. */
export function connectionLines({
  name,
  maxPending,
  connectionsPerHost,
  hosts,
}: ClusterDescription): readonly string[] {
  const limits = `max pending requests per connection ${maxPending ?? null}, max connections per host ${connectionsPerHost ?? null}`;
  return [
    `Connected to cluster: ${name}, ${limits}`,
    ...hosts.map(
      ({ datacenter, address, rack }) => `Datatacenter: ${datacenter}; Host: /${address}; Rack: ${rack}`,
    ),
  ];
}

/** `seconds`: as many as nodes are listed. */
export function createdLine(what: 'keyspaces' | 'schema' | 'extra schema', seconds: number): string {
  return `Created ${what}. Sleeping ${seconds}s for propagation.`;
}

/** Before the load, so that the schema is everywhere. */
export function settleLine(seconds: number): string {
  return `Sleeping ${seconds}s...`;
}

/** What `n=0` ends with. */
export const nothingElseLine = 'N=0: SCHEMA CREATED, NOTHING ELSE DONE.';

/** On standard error, for each load. */
export const noJmxLine = 'Failed to connect over JMX; not collecting these stats';

/** Before a run in steps of threads. */
export const stepsLine = 'Thread count was not specified';

export function stepLine(threads: number): string {
  return `Running with ${threads} threadCount`;
}

/** Between steps of commands that write. */
export const pauseLine = 'Sleeping for 15s';

/** What a read says whose row is not the one that its seed makes. */
export const notValidated = 'Data returned was not validated';

/**
 * An operation that failed for good: `Operation x10 on key(s) [30503337]: Error executing: (Class): message`. `keys`:
 * as hexadecimal digits.
 */
export function failureLine(tries: number, keys: readonly string[], reason: string): string {
  return `Operation x${tries} on key(s) [${keys.join(', ')}]: ${reason}`;
}

/** What an error of the driver or the server says. */
export function errorReason(kind: string, message: string): string {
  return `Error executing: (${kind}): ${message}`;
}

/** What an operation is called: WRITE, or of several `[READ, WRITE]`. */
export function workTitle({ name, ratios }: CommandSettings): string {
  return ratios.length === 0 ? name.toUpperCase() : `[${ratios.map(([each]) => each).join(', ')}]`;
}

export function warmUpLine(title: string, operations: number): string {
  return `Warming up ${title} with ${operations} iterations...`;
}

/** In a rehearsal of what reads. */
export function missingLine(rows: number): string {
  return `Writing the ${rows} rows that are read...`;
}

/** `Running WRITE with 128 threads for 200000 iteration`, or until when else it runs. */
export function runningLine(title: string, threads: number, length: RunLength): string {
  const start = `Running ${title} with ${threads} threads `;
  switch (length.kind) {
    case 'operations':
      return `${start}for ${length.operations} iteration`;
    case 'duration':
      return `${start}${length.amount} ${length.unit.toLowerCase()}`;
    case 'uncertainty':
      return `${start}until stderr of mean < ${length.target}`;
  }
}
