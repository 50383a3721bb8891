import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectNode } from '../../src/stress-client/target/cql/direct/direct-node.ts';
import { Murmur3 } from '../../src/stress-client/target/cql/direct/murmur3.ts';
import { PartitionKey } from '../../src/stress-client/target/cql/direct/partition-key.ts';
import { ReplicaRing } from '../../src/stress-client/target/cql/direct/replica-ring.ts';
import { Sharding, shardOfConnection } from '../../src/stress-client/target/cql/direct/sharding.ts';
import { describeWithCassandra } from '../servers/cassandra.ts';
import { int } from './scripted-node.ts';

const seed = 20_260_102;
const token = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

function tokenOf({ high, low }: Murmur3): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

function hashed(bytes: Uint8Array): bigint {
  const murmur3 = new Murmur3();
  // Not at the beginning of its buffer, where most keys are not either.
  const buffer = Buffer.concat([Buffer.alloc(5, 0xaa), bytes, Buffer.alloc(5, 0xbb)]);
  murmur3.hash(buffer, 5, 5 + bytes.length);
  return tokenOf(murmur3);
}

describe('Murmur3', () => {
  // As SELECT token(…) of Cassandra 5 says.
  it.each([
    ['00', '5048724184180415669'],
    ['00000001', '-4069959284402364209'],
    ['ffffffff', '7297452126230313552'],
    ['61', '-8839064797231613815'],
    ['30313233343536373839', '4581940570640870180'],
    ['ff'.repeat(15), '-2195530867418009455'],
    ['80'.repeat(16), '-3634615257541804556'],
    ['0123456789abcdef'.repeat(5), '6608367286585833138'],
  ])('of %s is %s', (hex, expected) => {
    expect(hashed(Buffer.from(hex, 'hex')).toString()).toBe(expected);
  });
});

describeWithCassandra('tokens on Cassandra', (cassandra) => {
  it('are those of token()', async () => {
    const keyspace = await cassandra.createKeyspace();
    await cassandra.query('CREATE TABLE one (k blob PRIMARY KEY)', keyspace);
    await cassandra.query('CREATE TABLE two (a blob, b blob, c int, PRIMARY KEY ((b, a), c))', keyspace);
    const keys = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 70 }), { seed, numRuns: 200 });
    const client = await cassandra.client(keyspace);
    const insert = (text: string, values: unknown[]): Promise<unknown> =>
      client.execute(text, values, { prepare: true });
    await Promise.all(keys.map((key) => insert('INSERT INTO one (k) VALUES (?)', [Buffer.from(key)])));
    for (const row of await cassandra.query('SELECT k, token(k) AS hash FROM one', keyspace)) {
      expect(hashed(row['k'] as Buffer).toString()).toBe(String(row['hash']));
    }
    const pairs = keys.flatMap((key, index) => (index === 0 ? [] : [[key, keys[index - 1]!] as const]));
    await Promise.all(
      pairs.map(([a, b]) =>
        insert('INSERT INTO two (a, b, c) VALUES (?, ?, 1)', [Buffer.from(a), Buffer.from(b)]),
      ),
    );
    const composite = new PartitionKey([2, 0]);
    const rows = await cassandra.query('SELECT a, b, token(b, a) AS hash FROM two', keyspace);
    expect(rows.length).toBeGreaterThan(190);
    for (const row of rows) {
      const murmur3 = new Murmur3();
      composite.hash(valuesOf(row['a'] as Buffer, undefined, row['b'] as Buffer), 0, murmur3);
      expect(tokenOf(murmur3).toString()).toBe(String(row['hash']));
    }
  });
});

/** Values as EXECUTE has them, one behind the other. */
function valuesOf(...values: readonly (Uint8Array | undefined)[]): Buffer {
  return Buffer.concat(
    values.flatMap((value) => (value === undefined ? [int(-1)] : [int(value.length), value])),
  );
}

describe('PartitionKey', () => {
  const value = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: undefined });

  it('finds its values wherever they stand', () => {
    const values = fc.array(value, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        values,
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 1, max: 3 }),
        (written, picks, columns) => {
          const markers = [...picks.take(columns)].map((pick) => pick % written.length);
          const empty = new Uint8Array();
          const parts = markers.map((marker) => written[marker] ?? empty);
          const key =
            parts.length === 1
              ? parts[0]!
              : Buffer.concat(parts.flatMap((part) => [int(part.length).subarray(2), part, Buffer.of(0)]));
          const murmur3 = new Murmur3();
          new PartitionKey(markers).hash(Buffer.concat([int(7), valuesOf(...written)]), 4, murmur3);
          expect(tokenOf(murmur3)).toBe(hashed(key));
        },
      ),
      { seed },
    );
  });
});

describe('Sharding', () => {
  const supported = (shards: number, ignored: number): Map<string, string[]> =>
    new Map([
      ['SCYLLA_NR_SHARDS', [String(shards)]],
      ['SCYLLA_SHARDING_ALGORITHM', ['biased-token-round-robin']],
      ['SCYLLA_SHARDING_IGNORE_MSB', [String(ignored)]],
      ['SCYLLA_SHARD_AWARE_PORT', ['19042']],
      ['SCYLLA_SHARD', ['3']],
    ]);

  it('gives a token the shard that the rule does', () => {
    fc.assert(
      fc.property(
        token,
        fc.integer({ min: 2, max: 256 }),
        fc.integer({ min: 0, max: 31 }),
        (of, shards, ignored) => {
          const biased = BigInt.asUintN(64, (of + 2n ** 63n) << BigInt(ignored));
          const expected = Number((biased * BigInt(shards)) >> 64n);
          const sharding = Sharding.of(supported(shards, ignored), false)!;
          const shard = sharding.shardOf(Number(of >> 32n), Number(BigInt.asIntN(32, of)));
          expect(shard).toBe(expected);
        },
      ),
      { seed, numRuns: 1000 },
    );
  });

  it('is read from SUPPORTED', () => {
    expect(Sharding.of(supported(8, 12), false)).toMatchObject({ shards: 8, shardAwarePort: 19_042 });
    expect(Sharding.of(supported(8, 12), true)).toMatchObject({ shards: 8, shardAwarePort: undefined });
    expect(Sharding.of(supported(1, 12), false)).toBeUndefined();
    expect(Sharding.of(new Map([['CQL_VERSION', ['3.4.5']]]), false)).toBeUndefined();
    expect(shardOfConnection(supported(8, 12))).toBe(3);
    expect(shardOfConnection(new Map())).toBeUndefined();
  });
});

describe('ReplicaRing', () => {
  it('finds the range that a token is in, which goes round', () => {
    const ends = fc.uniqueArray(token, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(ends, token, (all, other) => {
        const sorted = all.toSorted((one, two) => (one < two ? -1 : 1));
        const nodes = sorted.map(() => ({}) as DirectNode);
        const ring = new ReplicaRing(
          { ends: BigInt64Array.from(sorted), replicas: sorted.map((_, index) => [index]), nodes: [] },
          nodes,
        );
        for (const of of [other, ...sorted, ...sorted.map((end) => end - 1n)]) {
          const expected = sorted.findIndex((end) => of <= end);
          const found = ring.replicasOf(Number(BigInt.asIntN(64, of) >> 32n), Number(BigInt.asIntN(32, of)));
          expect(found).toHaveLength(1);
          expect(nodes.indexOf(found[0]!)).toBe(Math.max(0, expected));
        }
      }),
      { seed },
    );
  });
});
