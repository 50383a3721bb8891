import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LoadSummary } from '../../src/reporting/summary.ts';
import { describeWithInflux } from '../servers/influx.ts';
import { runExample } from './run-example.ts';

describeWithInflux('the examples on a real InfluxDB', (influx) => {
  function run(name: string, ...parameters: string[]): Promise<Map<string, LoadSummary>> {
    return runExample(name, `HOST=${influx.address}`, ...parameters);
  }

  async function count(database: string, field: string, measurement: string): Promise<number> {
    const [[, value] = []] = await influx.query(`SELECT count(${field}) FROM ${measurement}`, database);
    return Number(value);
  }

  async function series(database: string): Promise<number> {
    // A row a measurement.
    const rows = await influx.query(`SHOW SERIES EXACT CARDINALITY ON ${database}`, database);
    return rows.reduce((sum, [value]) => sum + Number(value), 0);
  }

  test('quickstart', async () => {
    const loads = await run('quickstart');
    expect(loads.get('history')!.items.acknowledged).toBe(200_000);
    expect(loads.get('live')!.items.acknowledged).toBe(25_000);
    expect(loads.get('dashboard')!.rows).toBe(100);
    expect(await influx.query('SHOW DATABASES')).not.toContainEqual(['quickstart']);
  });

  test('cpu-fleet stores exactly the points and series that it declares', async () => {
    const loads = await run('cpu-fleet', 'HOSTS=500', 'POINTS=150000', 'STEADY=20000');
    expect(loads.get('bulk')!.items.acknowledged).toBe(150_000);
    expect(await count('cpu_fleet', 'usage_user', 'cpu')).toBe(170_000);
    expect(await series('cpu_fleet')).toBe(1500);
    await influx.query('DROP DATABASE cpu_fleet');
  });

  test('devices', async () => {
    await run('devices', 'POINTS=48000');
    expect(await count('devices', 'temperature', 'climate')).toBe(48_000);
    expect(await count('devices', 'kwh', 'energy')).toBe(48_000);
    expect(await series('devices')).toBe(12 * 5 * 40 + 12 * 100);
    const names = (await influx.query('SHOW TAG VALUES FROM climate WITH KEY = site', 'devices')).map(
      ([, name]) => name,
    );
    expect(names.sort()).toEqual(
      readFileSync('examples/devices-sites.txt', 'utf8').trim().split('\n').sort(),
    );
    await influx.query('DROP DATABASE devices');
  });

  test('downsampling', async () => {
    const loads = await run('downsampling', 'POINTS=40000');
    expect([...loads.keys()]).toEqual(['alone', 'with_rollups', 'rollup_by_hand']);
  });

  test('dashboard: queries about what was written a moment ago find it', async () => {
    const loads = await run('dashboard', 'TIME=4s');
    expect(loads.get('fleet')!.items.acknowledged).toBe(24_000);
    const asked = loads.get('one_host')!;
    expect(asked.rows).toBeGreaterThanOrEqual(asked.operations.acknowledged);
  });

  test('soak', async () => {
    const loads = await run('soak', 'FOR=4s', 'WARMUP=1s', 'RATE=2000/s');
    const fleet = loads.get('fleet')!;
    expect(fleet.warmup.items.acknowledged + fleet.items.acknowledged).toBe(8000);
    expect(await count('soak', 'usage', 'cpu')).toBe(8000);
    await influx.query('DROP DATABASE soak');
  });
});
