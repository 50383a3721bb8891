import { parseCount } from '../../lexer/scalar.ts';

/** What `readReplication` reads, in words. */
export const replicationForms =
  'a number of replicas (3), replicas a datacenter (dc1: 3, dc2: 2), or a map of CQL ({…})';

/** The replication that `CREATE KEYSPACE` takes, from the setting's text; undefined where it is of no known form. */
export function readReplication(text: string): string | undefined {
  if (text === '') return simple(1);
  if (text.startsWith('{')) return /^\{[^{}]*\}$/.test(text) ? text : undefined;
  const count = parseCount(text);
  if (count !== undefined) return count > 0 ? simple(count) : undefined;
  const centers = text.split(',').map((part) => /^\s*([\w.-]+)\s*:\s*(\d+)\s*$/.exec(part));
  if (centers.some((center) => center === null)) return undefined;
  const replicas = centers.map((center) => `'${center![1]}': ${Number(center![2])}`);
  return `{'class': 'NetworkTopologyStrategy', ${replicas.join(', ')}}`;
}

function simple(replicas: number): string {
  return `{'class': 'SimpleStrategy', 'replication_factor': ${replicas}}`;
}
