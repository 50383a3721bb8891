import type { PreparedStatement } from '../protocol/result.ts';
import type { DirectNode } from './direct-node.ts';
import type { LoadConnection } from './load-connection.ts';
import { Murmur3 } from './murmur3.ts';
import type { OperationFrames } from './operation-frames.ts';
import { PartitionKey } from './partition-key.ts';
import type { ReplicaRing } from './replica-ring.ts';

/** Finds the connection to who has the partition that an operation is about; a batch is about its first row's. */
export class TokenRouter {
  /** By text; undefined where its markers don't tell the partition. */
  readonly #keys: readonly (PartitionKey | undefined)[];
  readonly #ring: ReplicaRing;
  readonly #token = new Murmur3();
  #turn = 0;

  constructor(prepared: readonly PreparedStatement[], ring: ReplicaRing) {
    this.#keys = prepared.map(({ partitionKey }) =>
      partitionKey.length === 0 ? undefined : new PartitionKey(partitionKey),
    );
    this.#ring = ring;
  }

  /** Replicas get the operations in turn; undefined where none of them takes it. */
  ownerOf(frame: Uint8Array, { text, valuesStart }: OperationFrames): LoadConnection | undefined {
    const key = this.#keys[text];
    if (key === undefined) return undefined;
    const token = this.#token;
    key.hash(frame, valuesStart, token);
    const replicas: readonly DirectNode[] = this.#ring.replicasOf(token.high, token.low);
    for (let tried = 0; tried < replicas.length; tried++) {
      this.#turn = this.#turn + 1 < replicas.length ? this.#turn + 1 : 0;
      const connection = replicas[this.#turn]!.connectionFor(token.high, token.low);
      if (connection !== undefined) return connection;
    }
    return undefined;
  }
}
