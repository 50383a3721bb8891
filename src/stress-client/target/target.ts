import type { Operation } from '../plan.ts';
import type { Settings } from '../settings.ts';
import type { Work } from '../work.ts';
import type { Slot } from '../slot.ts';

/**
 * What an attempt's error was, with what follows from it. `sent: false`: the target never got the operation.
 * `outcome: 'unknown'`: it may have taken effect. `passes`: another attempt may succeed.
 */
export const errorClasses = {
  timeout: { outcome: 'unknown', passes: true, doc: 'No answer within Timeout.' },
  'connection-lost': { outcome: 'unknown', passes: true, doc: 'The connection ended before the answer.' },
  'connection-refused': { outcome: 'failed', passes: true, doc: 'No connection could be made.' },
  unresolved: { outcome: 'failed', passes: true, doc: 'The host name has no address.' },
  tls: {
    outcome: 'failed',
    passes: false,
    doc: 'The TLS handshake failed or the certificate is not trusted.',
  },
  overload: {
    outcome: 'failed',
    passes: true,
    doc: 'The target said that it has too much to do (429, 503, Overloaded, too many in flight).',
  },
  'server-error': { outcome: 'failed', passes: true, doc: 'The target failed (5xx and CQL server errors).' },
  unavailable: {
    outcome: 'failed',
    passes: true,
    doc: 'Not enough replicas alive for the consistency level.',
  },
  'server-timeout': { outcome: 'unknown', passes: true, doc: 'The target gave up waiting for its replicas.' },
  'partial-write': {
    outcome: 'failed',
    passes: false,
    doc: 'The target took some points of the batch and refused others.',
  },
  rejected: {
    outcome: 'failed',
    passes: false,
    doc: 'The target refused the request as wrong (4xx, Invalid, SyntaxError).',
  },
  authentication: { outcome: 'failed', passes: false, doc: 'Login or permission is missing (401, 403).' },
  'not-found': { outcome: 'failed', passes: false, doc: 'Database, bucket, table or path does not exist.' },
  validation: {
    outcome: 'failed',
    passes: false,
    doc: 'The rows of the answer are not those that RETURNS says.',
  },
  'query-error': { outcome: 'failed', passes: false, doc: 'The query was answered with an error.' },
  protocol: { outcome: 'unknown', passes: false, doc: 'The answer was not of the protocol.' },
  client: { outcome: 'failed', passes: false, doc: 'The client could not make the request.' },
} as const satisfies Record<string, { outcome: 'failed' | 'unknown'; passes: boolean; doc: string }>;

export type ErrorClass = keyof typeof errorClasses;

/** A target error as a value; the message never holds a secret. */
export interface TargetError {
  readonly errorClass: ErrorClass;
  readonly message: string;
  /** HTTP status or CQL error code; 0 without an answer. */
  readonly status: number;
  readonly address?: string;
  readonly hint?: string;
}

/** What one address said about itself. */
export interface ServerInfo {
  readonly address: string;
  /** Such as `InfluxDB 1.8.3`. */
  readonly product: string;
  readonly version: string;
  /** Of a node of a cluster. */
  readonly node?: NodeInfo;
}

export interface NodeInfo {
  /** The name of its cluster. */
  readonly cluster: string;
  readonly datacenter: string;
  readonly rack: string;
  /** An IP address. */
  readonly host: string;
}

export type Answer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly responseBytes: number;
      readonly rows: number;
      readonly text: string;
    }
  | { readonly ok: false; readonly error: TargetError };

/** Whom a target tells what became of attempts; always in a later turn than the `send` that began it. */
export interface AttemptListener {
  /** Exactly once an attempt, after the slot's result fields are set. */
  answered(slot: Slot): void;
  /** An answer came after its attempt had timed out. */
  lateAnswer(work: Work): void;
  /**
   * The target had forgotten a prepared statement: within one attempt it was prepared again and executed once
   * more. May come at any time of the attempt.
   */
  reprepared(work: Work): void;
  /**
   * A node that was reached is lost: nothing connects to it any more, or it is back. Told once each time; of a target
   * with one thread's connections only.
   */
  nodeChanged?(address: string, up: boolean): void;
}

/** Sends the operations of one statement. */
export interface Sender {
  /** Sentences about the statement that its author should read. */
  readonly warnings?: readonly string[];
  /**
   * Writes the bytes of an operation ahead of the time when it is due, so that `send` is not late for it. A
   * hint: an operation that is then not sent costs nothing but the work.
   */
  stage?(operation: Operation): void;
  /**
   * Starts one attempt of the slot's operation: writes its bytes, then sets `slot.sentNs`, then sends; the last two in
   * `flush` where it gathers requests. Retries nothing. The answer, or the deadline `slot.sentNs + slot.timeoutNs`, sets
   * the slot's result fields and calls the listener once. A target whose bytes leave later than that (compression in
   * another thread) corrects `slot.sentNs` with the answer.
   */
  send(slot: Slot): void;
}

/** The only code that speaks to what is under load. Errors are values; a rejected promise is a bug of ours. */
export interface Target {
  /** Reaches every address and logs in. */
  open(listener: AttemptListener): Promise<readonly ServerInfo[] | TargetError>;
  /** Makes ready to send a statement's operations (paths, headers, prepared statements). */
  prepare(work: Work): Promise<Sender | TargetError>;
  /** Hands what `send` has gathered in this turn to the sockets; may do nothing. */
  flush(): void;
  /** Sends pass-through text once and waits for its answer, at most `settings.Timeout`. */
  passThrough(text: string, settings: Settings): Promise<Answer>;
  /** Closes every socket; attempts in flight are answered as connection-lost first. */
  close(): Promise<void>;
}
