import { readFileSync } from 'node:fs';

/** What ScyllaDB's cassandra-stress 3.18.1 printed of `commandLine`. */
export function sample(name: 'auto' | 'mixed-fixed' | 'user' | 'write'): string {
  return readFileSync(new URL(`samples/sample-${name}.txt`, import.meta.url), 'utf8');
}

/** Its settings, to the empty line after them. */
export function settingsOf(text: string): string {
  return text.slice(0, text.indexOf('\n\n') + 2);
}
