/** Variants of a real server that suites ask for. */
export type ServerKind =
  'influx' | 'influx-auth' | 'influx-tls' | 'cassandra' | 'cassandra-auth' | 'cassandra-tls';

/** A real server that is up for this test run. */
export interface RealServer {
  readonly product: string;
  readonly version: string;
  readonly address: string;
  /** Where it came from, such as the path of its program. */
  readonly source: string;
  /** Of an administrator, where it asks for a login. */
  readonly username?: string;
  readonly password?: string;
  /** The certificate to verify it against, where it speaks TLS. */
  readonly caFile?: string;
  /** That certificate's key. */
  readonly keyFile?: string;
}

/** Why a server can't be had, and how it could. */
export interface ServerUnavailable {
  readonly unavailable: string;
  readonly remedy: string;
}

/** A server that should have started and did not. */
export interface ServerFailed {
  readonly failed: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** URL that answers `/<kind>` with a RealServer, ServerUnavailable or ServerFailed, starting it where needed. */
    serversUrl: string;
  }
  interface TaskMeta {
    realServer?: RealServer;
    missingServer?: ServerUnavailable;
  }
}
