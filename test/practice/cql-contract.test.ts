import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPracticeServerThread } from '../../src/practice/start-practice-server-thread.ts';
import type { CqlPracticeServer } from '../../src/practice/cql/cql-practice-server.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { contractStatements } from './contract-statements.ts';
import { RawCql, told } from './raw-cql.ts';
import type { RawFrame } from './raw-cql.ts';

// Changes of the schema take a second each on a busy machine.
const withinMs = 60_000;

describeWithCassandra('the practice server answers as Cassandra does', (cassandra) => {
  let practice: CqlPracticeServer;
  let connections: readonly RawCql[];
  beforeAll(async () => {
    const keyspace = await cassandra.createKeyspace();
    practice = await startPracticeServerThread({ protocol: 'cql' });
    connections = [await RawCql.start(practice.address), await RawCql.start(cassandra.address)];
    const replication = "{'class': 'SimpleStrategy', 'replication_factor': 1}";
    await connections[0]!.query(`CREATE KEYSPACE ${keyspace} WITH replication = ${replication}`);
    for (const connection of connections) await connection.query(`USE ${keyspace}`);
  }, withinMs);
  afterAll(async () => {
    for (const connection of connections) connection.close();
    await practice.close();
  });

  // In order: each finds what those before it left.
  it.each(contractStatements)(
    '%s',
    async (text) => {
      const [ours, real] = await Promise.all(connections.map((connection) => answerTo(connection, text)));
      expect(comparable(text, ours!)).toEqual(comparable(text, real!));
    },
    withinMs,
  );
});

function answerTo(connection: RawCql, text: string): Promise<RawFrame> {
  const toPrepare = /^PREPARE (.*)/s.exec(text);
  return toPrepare === null ? connection.query(text) : connection.prepare(toPrepare[1]!);
}

/** Of a syntax error only that it is one, and where: ANTLR's guesses are its own. */
function comparable(text: string, frame: RawFrame): unknown {
  const answer = told(frame);
  if (typeof answer !== 'object' || answer === null || !('error' in answer) || answer.error !== '2000')
    return answer;
  return { text, syntaxError: /^line \S+/.exec(String('message' in answer ? answer.message : ''))?.[0] };
}
