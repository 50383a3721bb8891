import type { Failure } from '../socket-error.ts';
import type { ErrorClass } from '../target.ts';
import type { InfluxVersion } from './influx-api.ts';
import { jsonText } from './json-text.ts';

/** The class of an answer's status, with the server's own words (`{"error":"…"}` or `{"code":…,"message":"…"}`). */
export function statusError(status: number, body: string, version: InfluxVersion): Failure {
  const said = serverMessage(body);
  const message = said === '' ? `HTTP ${status}` : said;
  const classed = (errorClass: ErrorClass, hint?: string): Failure => ({
    errorClass,
    message,
    status,
    ...(hint === undefined ? {} : { hint }),
  });
  if (status === 401) return classed('authentication', 'check Username and Password, or Token');
  if (status === 403) return classed('authentication', 'the user or token lacks the permission');
  if (/^partial write/i.test(said)) return classed('partial-write');
  const missing = missingHint(said, version);
  if (missing !== undefined) return classed('not-found', missing);
  if (status === 404) return classed('not-found', 'check Addresses and Version');
  if (status === 413) return classed('rejected', 'lower BatchSize, or raise the server’s max-body-size');
  if (status === 429 || status === 503) return classed('overload');
  if (status === 408 || status === 504 || (status >= 500 && /^timeout$/i.test(said))) {
    return classed('server-timeout');
  }
  if (status >= 500) return classed('server-error');
  if (status === 400 && /HTTP request to an HTTPS server/i.test(body)) {
    return classed('rejected', 'SET SSL [true]');
  }
  if (status >= 400) return classed('rejected');
  return classed('rejected', 'the address answers, but not as an InfluxDB does');
}

/** An error inside a query's answer of status 200. */
export function queryError(said: string, status: number, version: InfluxVersion): Failure {
  const hint = missingHint(said, version);
  return hint === undefined
    ? { errorClass: 'query-error', message: said, status }
    : { errorClass: 'not-found', message: said, status, hint };
}

/** What to do where the server says that something is not there; undefined where it says something else. */
function missingHint(said: string, version: InfluxVersion): string | undefined {
  const database = /^database not found:\s*"?(.+?)"?$/i.exec(said)?.[1];
  if (database !== undefined && version === '2')
    return `map a bucket to the database ${database} (DBRP) first`;
  if (database !== undefined) return `CREATE DATABASE ${database} first`;
  const policy = /^retention policy not found:\s*"?(.+?)"?$/i.exec(said)?.[1];
  if (policy !== undefined) return `CREATE RETENTION POLICY ${policy} first`;
  if (/bucket .*not found/i.test(said)) return 'check Bucket and Org';
  return undefined;
}

/** What an answer's body says, whatever its form. */
function serverMessage(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) {
      if ('error' in parsed && typeof parsed.error === 'string') return parsed.error;
      if ('message' in parsed && typeof parsed.message === 'string') return parsed.message;
    }
  } catch {
    // Plain text, or JSON that was cut off: the text says enough.
  }
  const cutOff = /^\s*\{\s*"error":\s*"(.*)/s.exec(body)?.[1];
  return cutOff === undefined ? body : jsonText(cutOff);
}
