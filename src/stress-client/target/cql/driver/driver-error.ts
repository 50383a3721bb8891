import { errors } from 'cassandra-driver';
import { socketError } from '../../socket-error.ts';
import type { Failure } from '../../socket-error.ts';
import { cqlError, cqlErrorCodes } from '../cql-error.ts';

/** The class of an error that cassandra-driver rejected with. */
export function driverError(error: unknown): Failure {
  if (error instanceof errors.ResponseError) return cqlError(error.code, error.message);
  if (error instanceof errors.NoHostAvailableError) return noHostError(error);
  if (error instanceof errors.AuthenticationError)
    return cqlError(cqlErrorCodes.badCredentials, error.message);
  if (error instanceof errors.OperationTimedOutError) {
    return { errorClass: 'timeout', message: error.message, status: 0 };
  }
  if (error instanceof errors.BusyConnectionError) {
    return { errorClass: 'client', message: error.message, status: 0 };
  }
  if (isSocketError(error)) return socketError(error.innerError ?? error, error.requestNotWritten !== true);
  const hasCode = error instanceof Error && 'code' in error;
  if (hasCode) return socketError(error, false);
  return { errorClass: 'client', message: error instanceof Error ? error.message : String(error), status: 0 };
}

/** What was wrong with the hosts: the error that says most, since a refused one may just be a second address. */
function noHostError({ innerErrors, message }: errors.NoHostAvailableError): Failure {
  const hosts = Object.entries((innerErrors ?? {}) as Readonly<Record<string, unknown>>);
  const failures = hosts.flatMap(([host, inner]) => (inner === null ? [] : [hostFailure(host, inner)]));
  const told = failures.find(({ errorClass }) => errorClass !== 'connection-refused') ?? failures[0];
  return told ?? { errorClass: 'connection-refused', message, status: 0 };
}

function hostFailure(host: string, inner: unknown): Failure {
  const down =
    typeof inner === 'string' || (inner instanceof Error && inner.message.startsWith('No connection'));
  if (down) {
    return {
      errorClass: 'connection-refused',
      message: `no connection to ${host}`,
      status: 0,
      hint: 'is the server up, and the address right?',
    };
  }
  const failure = driverError(inner);
  return { ...failure, message: `${host}: ${failure.message}` };
}

interface DriverSocketError extends Error {
  readonly isSocketError: true;
  readonly requestNotWritten?: boolean;
  readonly innerError?: unknown;
}

function isSocketError(error: unknown): error is DriverSocketError {
  return error instanceof Error && 'isSocketError' in error && error.isSocketError === true;
}
