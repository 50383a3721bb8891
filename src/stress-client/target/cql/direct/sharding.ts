/** How a ScyllaDB node splits its data among its cores: docs/dev/protocol-extensions.md of ScyllaDB. */
export class Sharding {
  readonly shards: number;
  /** Takes connections for a chosen shard: the local port modulo the shards. Undefined where it has none. */
  readonly shardAwarePort: number | undefined;
  readonly #ignoredBits: number;

  private constructor(shards: number, ignoredBits: number, shardAwarePort: number | undefined) {
    this.shards = shards;
    this.#ignoredBits = ignoredBits;
    this.shardAwarePort = shardAwarePort;
  }

  /** What a node's SUPPORTED says; undefined where it has no shards, or splits by a rule that is not known. */
  static of(supported: ReadonlyMap<string, readonly string[]>, tls: boolean): Sharding | undefined {
    const [shards] = supported.get('SCYLLA_NR_SHARDS') ?? [];
    const [algorithm] = supported.get('SCYLLA_SHARDING_ALGORITHM') ?? [];
    const [ignored] = supported.get('SCYLLA_SHARDING_IGNORE_MSB') ?? [];
    if (!(Number(shards) > 1) || algorithm !== 'biased-token-round-robin') return undefined;
    const port = Number(supported.get(`SCYLLA_SHARD_AWARE_PORT${tls ? '_SSL' : ''}`)?.[0]);
    return new Sharding(Number(shards), Number(ignored ?? 0), port > 0 ? port : undefined);
  }

  /** The shard that has the token: the upper 64 bits of (token + 2^63, without its highest bits) × shards. */
  shardOf(tokenHigh: number, tokenLow: number): number {
    const biased = (tokenHigh ^ 0x80000000) >>> 0;
    const bits = this.#ignoredBits;
    const carried = bits === 0 ? 0 : tokenLow >>> (32 - bits);
    const high = ((biased << bits) | carried) >>> 0;
    const low = (tokenLow << bits) >>> 0;
    const lowProduct = Math.floor((low * this.shards) / 0x100000000);
    return Math.floor((high * this.shards + lowProduct) / 0x100000000);
  }
}

/** The shard that a connection arrived at; undefined where the server does not say. */
export function shardOfConnection(supported: ReadonlyMap<string, readonly string[]>): number | undefined {
  const [shard] = supported.get('SCYLLA_SHARD') ?? [];
  return shard === undefined ? undefined : Number(shard);
}
