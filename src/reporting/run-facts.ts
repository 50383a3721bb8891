import { formatBytes, formatCount, formatDuration, formatItems } from '../stress-client/units.ts';
import type { Summary } from './summary.ts';

/** Where, when and with what a run was, as names and values. */
export function runFacts(summary: Summary): readonly (readonly [name: string, value: string])[] {
  const { target, servers, startedMs, durationNs, scriptSha256, seed, machine, version } = summary;
  const products = servers.map(({ product, address }) => `${product} at ${address}`).join(', ');
  const started = new Date(startedMs).toISOString().replace('T', ' ').slice(0, 19);
  const processor = `${machine.processor}, ${formatCount(machine.cores)} ${machine.cores === 1 ? 'core' : 'cores'}`;
  return [
    ['Target', products === '' ? target : `${target}: ${products}`],
    ['Started', `${started} UTC, took ${formatDuration(durationNs)}`],
    ['Script', `sha256 ${scriptSha256.slice(0, 12)}, seed ${seed}`],
    ['Client', `${processor}, ${formatBytes(machine.memoryBytes)}, ${machine.system}`],
    ['Versions', `stressql ${version}, Node ${machine.node}`],
  ];
}

/** What the whole run came to, as names and values; empty where nothing was asked. */
export function runTotals({
  totals,
  durationNs,
  clientCpuNs,
}: Summary): readonly (readonly [name: string, value: string])[] {
  const { operations, items, requestBytes, responseBytes } = totals;
  if (operations.asked === 0) return [];
  const done = Object.entries(items).map(([name, counts]) => formatItems(counts.acknowledged, name));
  const { sent, acknowledged, failed, unknown, unsent } = operations;
  const rows: [string, string][] = [
    ['Total', `${done.join(' and ')} acknowledged in ${formatDuration(durationNs)}`],
    [
      'Requests',
      `${formatCount(sent)} sent: ${formatCount(acknowledged)} acknowledged, ${formatCount(failed)} failed, ` +
        `${formatCount(unknown)} unknown; ${formatCount(unsent)} unsent`,
    ],
    ['Bytes', `${formatBytes(requestBytes)} sent, ${formatBytes(responseBytes)} received`],
  ];
  if (clientCpuNs !== undefined && sent > 0) {
    const each = formatDuration(clientCpuNs / sent);
    rows.push(['Client CPU', `${formatDuration(clientCpuNs)}, ${each} a request`]);
  }
  return rows;
}

/** The run's states on one line, such as `INVALID_CLIENT, INCOMPLETE`. */
export function stateNames({ states }: Pick<Summary, 'states'>): string {
  return [...new Set(states.map(({ state }) => state))].join(', ');
}

/** `name, test id`. */
export function runTitle({ testName, testId }: Pick<Summary, 'testName' | 'testId'>): string {
  return [testName, `test ${testId}`].filter((part) => part !== '').join(', ');
}
