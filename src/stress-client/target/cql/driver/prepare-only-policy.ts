import { policies } from 'cassandra-driver';
import type { EmptyCallback, ExecutionOptions, Host, HostMap, Client, types } from 'cassandra-driver';

/** Options of a call that only prepares its text: it ends with NoHostAvailableError, and nothing was executed. */
export const prepareOnly = { prepare: true } as const;

/**
 * Another policy's nodes for everything but `prepareOnly`, which it has none for: the driver prepares a statement
 * when it is first executed, and that would be measured.
 */
export class PrepareOnlyPolicy extends policies.loadBalancing.LoadBalancingPolicy {
  readonly #policy: policies.loadBalancing.LoadBalancingPolicy;

  constructor(policy: policies.loadBalancing.LoadBalancingPolicy) {
    super();
    this.#policy = policy;
  }

  override init(client: Client, hosts: HostMap, callback: EmptyCallback): void {
    this.#policy.init(client, hosts, callback);
  }

  override getDistance(host: Host): types.distance {
    return this.#policy.getDistance(host);
  }

  override newQueryPlan(
    keyspace: string,
    options: ExecutionOptions | null,
    callback: (error: Error, iterator: Iterator<Host>) => void,
  ): void {
    if (options?.getRawQueryOptions() === prepareOnly) {
      callback(null as unknown as Error, [][Symbol.iterator]());
    } else {
      this.#policy.newQueryPlan(keyspace, options as ExecutionOptions, callback);
    }
  }

  override getOptions(): Map<string, object> {
    return this.#policy.getOptions();
  }
}
