import { policies, Client } from 'cassandra-driver';

/*
 * What an application does that has the driver and nothing else: 128 loops that await a prepared statement. Its values
 * are cut from bytes made beforehand, so that the driver alone is what costs.
 *
 *   node bench/processes/driver-loop.ts ADDRESS KEYSPACE write|read OPERATIONS SECONDS KEYS
 */

const inFlight = 128;
const [address, keyspace, kind, operationsText, secondsText, keysText] = process.argv.slice(2) as [
  string,
  string,
  'write' | 'read',
  string,
  string,
  string,
];
const operations = Number(operationsText);
const keys = Number(keysText);

const names = '"C0", "C1", "C2", "C3", "C4"';
const text =
  kind === 'write'
    ? `INSERT INTO standard1 (key, ${names}) VALUES (?, ?, ?, ?, ?, ?)`
    : `SELECT key, ${names} FROM standard1 WHERE key = ?`;

const bytes = Buffer.alloc(4096 + 34);
for (let at = 0; at < bytes.length; at++) bytes[at] = (at * 131 + (at >> 8) * 7) & 255;
const value = (index: number): Buffer => bytes.subarray(index & 4095, (index & 4095) + 34);
const key = (index: number): Buffer => Buffer.from(String(index).padStart(10, '0'), 'latin1');

const client = new Client({
  contactPoints: [address],
  keyspace,
  policies: { loadBalancing: new policies.loadBalancing.RoundRobinPolicy() },
});
const connectsMs = performance.now();
await client.connect();
const connectMs = performance.now() - connectsMs;

let next = 0;
let [acknowledged, rows] = [0, 0];
const startedMs = performance.now();
const endsMs = startedMs + Number(secondsText) * 1000;

async function loop(): Promise<void> {
  while (next < operations && performance.now() < endsMs) {
    const index = next++;
    const values =
      kind === 'write'
        ? [key(index), value(index), value(index * 3), value(index * 5), value(index * 7), value(index * 11)]
        : [key((Math.imul(index, 0x9e3779b1) >>> 0) % keys)];
    const { rowLength } = await client.execute(text, values, { prepare: true });
    acknowledged++;
    rows += rowLength ?? 0;
  }
}

await Promise.all(Array.from({ length: inFlight }, loop));
const seconds = (performance.now() - startedMs) / 1000;
await client.shutdown();
process.stdout.write(
  `${JSON.stringify({ acknowledged, rows, perSecond: acknowledged / seconds, connectMs })}\n`,
);
