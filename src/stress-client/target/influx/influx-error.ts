import type { Settings } from '../../settings.ts';
import { redacted } from '../../settings.ts';
import type { ErrorClass, TargetError } from '../target.ts';
import type { InfluxVersion } from './influx-api.ts';
import { jsonText } from './json-text.ts';

const messageLengthAtMost = 300;

/** What went wrong with one exchange. */
export type InfluxError = Pick<TargetError, 'errorClass' | 'message' | 'status' | 'hint'>;

/** The class of an answer's status, with the server's own words (`{"error":"…"}` or `{"code":…,"message":"…"}`). */
export function statusError(status: number, body: string, version: InfluxVersion): InfluxError {
  const said = serverMessage(body);
  const message = said === '' ? `HTTP ${status}` : said;
  const classed = (errorClass: ErrorClass, hint?: string): InfluxError => ({
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
export function queryError(said: string, status: number, version: InfluxVersion): InfluxError {
  const hint = missingHint(said, version);
  return hint === undefined
    ? { errorClass: 'query-error', message: said, status }
    : { errorClass: 'not-found', message: said, status, hint };
}

/** The class of an error of the socket. `sent`: the request had begun to leave. */
export function socketError(error: unknown, sent: boolean): InfluxError {
  const code = errorCode(error);
  const message = errorMessage(error) || code || 'no connection';
  const classed = (errorClass: ErrorClass, hint?: string): InfluxError => ({
    errorClass,
    message,
    status: 0,
    ...(hint === undefined ? {} : { hint }),
  });
  if (/^(ENOTFOUND|EAI_)/.test(code)) return classed('unresolved', 'check the host name in Addresses');
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO') {
    return classed('tls', 'the server may not speak TLS here: SET SSL [false]');
  }
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_)/.test(code)) {
    return classed('tls', 'name the authority’s certificate with CaFile, or SET Insecure [true]');
  }
  if (/^(HPE_|UND_ERR_HEADERS|UND_ERR_RES|UND_ERR_RESPONSE)/.test(code)) return classed('protocol');
  if (/^(EMFILE|ENFILE|EADDRNOTAVAIL|ENOBUFS|UND_ERR_INVALID_ARG)/.test(code)) return classed('client');
  if (!sent) return classed('connection-refused', 'is the server up, and the address right?');
  return classed('connection-lost');
}

function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}

/** Where a name has several addresses and none is reached, what was said of each. */
function errorMessage(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(errorMessage).join(', ');
  return error instanceof Error ? error.message : '';
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

/** The error in one line of bounded length, without the secrets of the settings and of what was sent. */
export function printableMessage(error: InfluxError, settings: Settings, sent = ''): string {
  let line = error.message;
  for (const secret of [settings.Password, settings.Token, ...passwordsIn(sent)]) {
    // A secret of one or two letters would redact the message and be told by it.
    if (secret.length > 2) line = line.replaceAll(secret, redacted);
  }
  line = line.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > messageLengthAtMost ? `${line.slice(0, messageLengthAtMost - 1)}…` : line;
}

/** What stands for a password in InfluxQL, quoted or not: a server repeats what it can't read. */
function passwordsIn(text: string): readonly string[] {
  const passwords = text.matchAll(
    /\bPASSWORD\s+(?:FOR\s+(?:"(?:[^"\\]|\\.)*"|\S+)\s*=\s*)?('(?:[^'\\]|\\.)*|"(?:[^"\\]|\\.)*|[^\s'"]+)/gi,
  );
  return [...passwords].map(([, password]) => password!.replace(/^['"]/, ''));
}
