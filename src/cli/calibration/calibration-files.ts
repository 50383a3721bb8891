import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { version } from '../version.ts';
import type { Calibration, StatementCalibration } from './calibration.ts';

/*
 * Calibrations are kept in the user's cache folder, one a script file and host: `${XDG_CACHE_HOME}/stressql/calibrations`,
 * or ~/.cache in place of XDG_CACHE_HOME where that is not set (XDG Base Directory Specification).
 */

/** Keeps the statements of each script file, in place of an earlier calibration; answers with the files. Throws. */
export function keepCalibration(calibration: Calibration): readonly string[] {
  const bySource = Map.groupBy(calibration.statements, ({ sourceSha256 }) => sourceSha256);
  const paths: string[] = [];
  for (const [sourceSha256, statements] of bySource) {
    const path = pathOf(sourceSha256);
    mkdirSync(folder(), { recursive: true });
    // Whoever reads it meanwhile has the earlier one.
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, `${JSON.stringify({ ...calibration, statements }, undefined, 2)}\n`);
    renameSync(unfinished, path);
    paths.push(path);
  }
  return paths;
}

/** What this machine offered of a script file; undefined where this stressql on this Node has not calibrated it here. */
export function readCalibration(sourceSha256: string): Calibration | undefined {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(pathOf(sourceSha256), 'utf8'));
  } catch {
    return undefined;
  }
  return isCalibration(found) && isOfThisMachine(found) ? found : undefined;
}

function isOfThisMachine(calibration: Calibration): boolean {
  return (
    calibration.schemaVersion === 1 &&
    calibration.version === version &&
    calibration.host === hostname() &&
    calibration.machine.node === process.versions.node
  );
}

/** Whether it has the shape, as far as it is read. */
function isCalibration(found: unknown): found is Calibration {
  if (typeof found !== 'object' || found === null) return false;
  const { machine, calibratedMs, statements } = found as Partial<Calibration>;
  if (typeof machine?.node !== 'string' || !Number.isFinite(calibratedMs)) return false;
  return (
    Array.isArray(statements) &&
    statements.every((each: Partial<StatementCalibration> | null) => {
      const offered = each?.offeredPerSecond;
      return offered === undefined || (typeof offered === 'number' && offered > 0);
    })
  );
}

function pathOf(sourceSha256: string): string {
  return join(folder(), `${sourceSha256.slice(0, 32)}-${encodeURIComponent(hostname())}.json`);
}

function folder(): string {
  const given = process.env['XDG_CACHE_HOME'] ?? '';
  const cache = isAbsolute(given) ? given : join(homedir(), '.cache');
  return join(cache, 'stressql', 'calibrations');
}
