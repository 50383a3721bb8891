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
export function createdLine(what: 'keyspaces' | 'schema', seconds: number): string {
  return `Created ${what}. Sleeping ${seconds}s for propagation.`;
}

/** What `n=0` ends with. */
export const nothingElseLine = 'N=0: SCHEMA CREATED, NOTHING ELSE DONE.';

/** What an operation is called: WRITE, or of several `[READ, WRITE]`. */
export function workTitle({ name, ratios }: CommandSettings): string {
  return ratios.length === 0 ? name.toUpperCase() : `[${ratios.map(([each]) => each).join(', ')}]`;
}

export function warmUpLine(title: string, operations: number): string {
  return `Warming up ${title} with ${operations} iterations...`;
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
