import type { ErrorClass } from '../stress-client/target/target.ts';

/** What tools that read the output know an error by: the driver's class of the real one. */
export function errorName(errorClass: ErrorClass, kind: 'insert' | 'query'): string {
  switch (errorClass) {
    case 'timeout':
      return 'OperationTimedOutException';
    case 'server-timeout':
      return kind === 'insert' ? 'WriteTimeoutException' : 'ReadTimeoutException';
    case 'unavailable':
      return 'UnavailableException';
    case 'overload':
      return 'OverloadedException';
    case 'server-error':
      return 'ServerError';
    case 'rejected':
    case 'not-found':
      return 'InvalidQueryException';
    case 'authentication':
      return 'UnauthorizedException';
    case 'connection-lost':
      return 'TransportException';
    case 'connection-refused':
    case 'unresolved':
    case 'tls':
      return 'NoHostAvailableException';
    default:
      return 'DriverInternalError';
  }
}
