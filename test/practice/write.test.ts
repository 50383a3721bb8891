import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPracticeServer } from '../../src/practice/practice-server.ts';
import type { PracticeServer } from '../../src/practice/practice-server.ts';
import { describeWithInflux } from '../servers/influx.ts';
import { writtenBodies } from './write-lines.ts';

async function write(address: string, database: string, body: string): Promise<string> {
  const response = await fetch(`http://${address}/write?db=${database}`, { method: 'POST', body });
  return `${response.status} ${(await response.text()).trim()}`;
}

describeWithInflux('writes are answered as InfluxDB 1.8 answers them', (influx) => {
  let practice: PracticeServer;
  let database: string;
  beforeAll(async () => {
    practice = await startPracticeServer();
    database = await influx.createDatabase();
    await fetch(`http://${practice.address}/query?q=CREATE+DATABASE+${database}`, { method: 'POST' });
  });
  afterAll(() => practice.close());

  it.each(writtenBodies)('%s', async (_, body) => {
    const answer = await write(practice.address, database, body);
    expect(answer).toBe(await write(influx.address, database, body));
  });
});
