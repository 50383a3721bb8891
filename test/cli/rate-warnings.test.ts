import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { sourceSha256 } from '../../src/cli/calibration/calibration.ts';
import type { Calibration } from '../../src/cli/calibration/calibration.ts';
import { keepCalibration, readCalibration } from '../../src/cli/calibration/calibration-files.ts';
import { version } from '../../src/cli/version.ts';
import { Source } from '../../src/lexer/source.ts';
import { machineFacts } from '../../src/reporting/machine.ts';
import type { Summary } from '../../src/reporting/summary.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

const script = `SET BatchSize [20]

CREATE DATABASE stress

INSERT cpu
cpu,h=[int inc(0) 10]
v=1i
DO 100
AT 1000/s TO 2000/s FOR 200ms
`;
const sha256 = sourceSha256(new Source('points.sql', script));

function calibration(offeredPerSecond: number, more: Partial<Calibration> = {}): Calibration {
  return {
    schemaVersion: 1,
    version,
    host: hostname(),
    machine: machineFacts(),
    calibratedMs: Date.UTC(2026, 4, 6),
    target: 'influx',
    seconds: 1,
    statements: [
      {
        position: 3,
        kind: 'insert',
        name: 'cpu',
        text: 'INSERT cpu',
        place: 'points.sql:5',
        sourceSha256: sha256,
        sourceOffset: script.indexOf('INSERT'),
        itemName: 'point',
        batchSize: 20,
        slots: 32,
        offeredPerSecond,
      },
    ],
    ...more,
  };
}

let cache: string;
beforeEach(() => {
  cache = temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', cache);
});

describe('run', () => {
  async function rehearse(
    text = script,
  ): Promise<{ stdout: string; stderr: string; warnings: Summary['warnings'] }> {
    const out = temporaryFolder();
    const path = join(temporaryFolder(), 'points.sql');
    writeFileSync(path, text);
    const { stdout, stderr } = await stressql(['run', path, '--rehearse', '--out', out]);
    const summary = JSON.parse(readFileSync(join(onlyRunFolder(out), 'summary.json'), 'utf8')) as Summary;
    return { stdout: stdout.replaceAll(/\s+/g, ' '), stderr, warnings: summary.warnings };
  }

  test('warns of a rate above 70 % of what this machine offered', async () => {
    keepCalibration(calibration(2500));
    const { stdout, stderr, warnings } = await rehearse();
    expect(warnings).toEqual([
      expect.stringMatching(
        /^INSERT cpu \(.+points.sql:5\) asks 2,000\/s, and this machine offered 2,500\/s when it was calibrated on 2026-05-06: above 70 % the client’s own delays may show$/,
      ),
    ]);
    expect(stderr).toContain(`warning: ${warnings[0]}`);
    expect(stdout).toContain(`Warning: ${warnings[0]}`);
  });

  test.each([
    ['of a rate below', script, 2900],
    ['of another script', `${script}\n# changed\n`, 1],
    ['of other requests', script.replace('DO 100', 'DO 10'), 1],
    ['of a closed model', script.replace(/AT .*\n/, ''), 1],
  ])('does not warn %s', async (_, text, offered) => {
    keepCalibration(calibration(offered));
    const { stderr, warnings } = await rehearse(text);
    expect(warnings).toEqual([]);
    expect(stderr).not.toContain('calibrated');
  });

  test('warns of rates above 70 % together, of statements that run at once', async () => {
    const one = 'v=1i\nDO 100\nAT 1000/s FOR 100ms\n\n';
    const text = `SET BatchSize [20]\n\nCREATE DATABASE stress\n\nGO INSERT a\na,h=x\n${one}WAIT a\n\nGO INSERT b\nb,h=x\n${one}GO INSERT c\nc,h=x\n${one}WAIT`;
    const own = sourceSha256(new Source('points.sql', text));
    const [statement] = calibration(2500).statements;
    const statements = ['a', 'b', 'c'].map((name) => ({
      ...statement!,
      sourceSha256: own,
      sourceOffset: text.indexOf(`GO INSERT ${name}`),
    }));
    keepCalibration(calibration(2500, { statements }));
    expect((await rehearse(text)).warnings).toEqual([
      expect.stringMatching(
        /^GO INSERT b \(.+:13\), GO INSERT c \(.+:19\) together ask 80.00 % of what this machine offered when it was calibrated on 2026-05-06: /,
      ),
    ]);
  });

  test('has a thread for each of its workers', async () => {
    const text = `SET Workers [3]\n\n${script}`;
    const own = sourceSha256(new Source('points.sql', text));
    const [statement] = calibration(1000).statements;
    const sourceOffset = text.indexOf('INSERT');
    const statements = [{ ...statement!, sourceSha256: own, sourceOffset }];
    keepCalibration(calibration(1000, { statements }));
    expect((await rehearse(text)).warnings).toEqual([]);
  });
});

describe('a calibration', () => {
  test('is read as it was kept', () => {
    expect(readCalibration(sha256, 'influx')).toBeUndefined();
    expect(keepCalibration(calibration(5))).toHaveLength(1);
    expect(keepCalibration(calibration(7))).toHaveLength(1);
    expect(readCalibration(sha256, 'influx')).toEqual(calibration(7));
    expect(readCalibration(sha256, 'cql')).toBeUndefined();
    expect(readCalibration(sha256.replace(/^./, '_'), 'influx')).toBeUndefined();
  });

  test('has a file for each script of the profile, of what was measured', () => {
    const [statement] = calibration(5).statements;
    const other = { ...statement!, sourceSha256: 'b'.repeat(64) };
    const { offeredPerSecond: _, ...failed } = { ...other, problem: 'no table' };
    const statements = [statement!, other, failed];
    expect(keepCalibration(calibration(5, { statements }))).toHaveLength(2);
    expect(readCalibration('b'.repeat(64), 'influx')!.statements).toEqual([other]);
    expect(keepCalibration(calibration(5, { statements: [failed] }))).toEqual([]);
  });

  test.each<[string, Partial<Calibration>]>([
    ['host', { host: 'elsewhere' }],
    ['Node', { machine: { ...machineFacts(), node: '22.0.0' } }],
    ['stressql', { version: '0.0.1' }],
  ])('of another %s is none', (_, more) => {
    keepCalibration(calibration(5, more));
    expect(readCalibration(sha256, 'influx')).toBeUndefined();
  });

  test.each([
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"schemaVersion":1,"machine":{},"calibratedMs":1,"statements":[null]}',
  ])('%j is none', (text) => {
    keepCalibration(calibration(5));
    const folder = join(cache, 'stressql/calibrations');
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), text);
    expect(readCalibration(sha256, 'influx')).toBeUndefined();
  });
});
