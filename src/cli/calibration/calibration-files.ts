import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { version } from '../version.ts';
import type { Calibration } from './calibration.ts';

/*
 * Calibrations are kept in the user's cache folder, one a script file, target and host: stressql/calibrations in
 * $XDG_CACHE_HOME, or in ~/.cache where that is not set (XDG Base Directory Specification).
 */

/** Keeps what was measured of each script file, in place of what was before; answers with the paths. Throws. */
export function keepCalibration(calibration: Calibration): readonly string[] {
  const measured = calibration.statements.filter(({ offeredPerSecond }) => offeredPerSecond !== undefined);
  const bySource = Map.groupBy(measured, ({ sourceSha256 }) => sourceSha256);
  return [...bySource].map(([sourceSha256, statements]) => {
    const path = pathOf(sourceSha256, calibration.target);
    mkdirSync(folder(), { recursive: true });
    // Whoever reads it meanwhile has the earlier one.
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, `${JSON.stringify({ ...calibration, statements }, undefined, 2)}\n`);
    renameSync(unfinished, path);
    return path;
  });
}

/**
 * What this machine offered of a script file; undefined where this stressql on this Node has not calibrated it
 * here for this target.
 */
export function readCalibration(
  sourceSha256: string,
  target: Calibration['target'],
): Calibration | undefined {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(pathOf(sourceSha256, target), 'utf8'));
  } catch {
    return undefined;
  }
  if (!isCalibration(found)) return undefined;
  const ofThisMachine = found.host === hostname() && found.machine.node === process.versions.node;
  return ofThisMachine && found.version === version ? found : undefined;
}

/** Whether it has the shape, as far as it is read. */
function isCalibration(found: unknown): found is Calibration {
  if (!isRecord(found)) return false;
  const { schemaVersion, machine, calibratedMs, statements } = found;
  if (schemaVersion !== 1 || !isRecord(machine) || !Number.isFinite(calibratedMs)) return false;
  return (
    Array.isArray(statements) &&
    statements.every((each) => isRecord(each) && Number.isFinite(each['offeredPerSecond']))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function pathOf(sourceSha256: string, target: Calibration['target']): string {
  const host = encodeURIComponent(hostname());
  return join(folder(), `${sourceSha256.slice(0, 32)}-${target}-${host}.json`);
}

function folder(): string {
  const given = process.env['XDG_CACHE_HOME'] ?? '';
  const cache = isAbsolute(given) ? given : join(homedir(), '.cache');
  return join(cache, 'stressql', 'calibrations');
}
