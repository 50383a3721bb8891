import type { Failure } from '../socket-error.ts';
import { errorClasses } from '../target.ts';
import type { ErrorClass } from '../target.ts';

/** Codes that mean more than their class. */
export const cqlErrorCodes = { badCredentials: 0x0100, writeFailure: 0x1500, unprepared: 0x2500 } as const;

/** Error codes of the protocol: native_protocol_v4.spec, section 9, with two of v5's that a server may send. */
const classes: Readonly<Record<number, readonly [ErrorClass, hint?: string]>> = {
  0x0000: ['server-error'],
  0x000a: ['protocol'],
  [cqlErrorCodes.badCredentials]: ['authentication', 'check Username and Password'],
  0x1000: ['unavailable', 'are the nodes up, and Replication and Consistency what they allow?'],
  0x1001: ['overload'],
  0x1002: ['unavailable', 'the node is still starting'],
  0x1003: ['server-error'],
  0x1100: ['server-timeout'],
  0x1200: ['server-timeout'],
  0x1300: ['server-error'],
  0x1400: ['query-error'],
  [cqlErrorCodes.writeFailure]: ['server-error'],
  0x1600: ['server-error'],
  0x1700: ['server-timeout'],
  0x2000: ['rejected'],
  0x2100: ['authentication', 'the user lacks the permission'],
  0x2200: ['rejected'],
  0x2300: ['rejected'],
  0x2400: ['rejected', 'CREATE … IF NOT EXISTS takes what is there'],
  [cqlErrorCodes.unprepared]: ['server-error'],
};

/** The class of an error that a node answered with, and what to do about it. */
export function cqlError(code: number, message: string): Failure {
  const missing = code === 0x2200 || code === 0x2300 ? missingHint(message) : undefined;
  const [errorClass, hint] =
    missing === undefined ? (classes[code] ?? ['server-error']) : (['not-found', missing] as const);
  return { errorClass, message, status: code, ...(hint === undefined ? {} : { hint }) };
}

/** What became of an operation that ended with an error; a write that failed on one replica may be on another. */
export function outcomeOf({ errorClass, status }: Failure): 'failed' | 'unknown' {
  return status === cqlErrorCodes.writeFailure ? 'unknown' : errorClasses[errorClass].outcome;
}

/** What to do where the server says that something is not there; undefined where it says something else. */
function missingHint(message: string): string | undefined {
  const keyspace = /keyspace '?"?([^\s'"]+?)"?'? does not exist/i.exec(message)?.[1];
  if (keyspace !== undefined)
    return `CREATE KEYSPACE ${keyspace} first, or SET Keyspace to one that is there`;
  const table = /(?:unconfigured (?:table|columnfamily) |^table )([^\s]+?)(?: does not exist)?$/i.exec(
    message,
  )?.[1];
  if (table !== undefined) {
    return `CREATE TABLE ${table} first; for points in line protocol, SET CreateTables [true] does it`;
  }
  return /^No keyspace has been specified/i.test(message)
    ? 'SET Keyspace, or write keyspace.table'
    : undefined;
}
