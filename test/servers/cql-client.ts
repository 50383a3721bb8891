import { Client, auth, policies } from 'cassandra-driver';
import type { RealServer } from './real-server.ts';

/** A client of a real server, without TLS. */
export function cqlClient({ address, username, password }: RealServer, keyspace?: string): Client {
  return new Client({
    contactPoints: [address],
    ...(keyspace === undefined ? {} : { keyspace }),
    ...(username === undefined
      ? {}
      : { authProvider: new auth.PlainTextAuthProvider(username, password ?? '') }),
    // It needs no name of a datacenter, which a server that was there before may have of its own.
    policies: { loadBalancing: new policies.loadBalancing.RoundRobinPolicy() },
    // A machine that is busy with a load takes its time.
    socketOptions: { connectTimeout: 20_000, readTimeout: 60_000 },
  });
}
