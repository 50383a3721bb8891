import type { ErrorClass, TargetError } from './target.ts';

/** What went wrong with one exchange. */
export type Failure = Pick<TargetError, 'errorClass' | 'message' | 'status' | 'hint'>;

/** The class of an error of a socket, by its code. `sent`: the request had begun to leave. */
export function socketError(error: unknown, sent: boolean): Failure {
  const code = errorCode(error);
  const message = errorMessage(error) || code || 'no connection';
  const classed = (errorClass: ErrorClass, hint?: string): Failure => ({
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

/**
 * What the system said; where a name has several addresses and none is reached, of each. What OpenSSL puts around its
 * reasons, an address in memory among it, and Node's advice to those who start it, tell a user nothing.
 */
function errorMessage(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(errorMessage).join(', ');
  if (!(error instanceof Error)) return '';
  return error.message
    .replace(/^.*:SSL routines:[^:]*:([^:]*):.*$/s, 'TLS: $1')
    .replace(/; if the root CA is installed locally.*$/s, '');
}
