import { tracker } from 'cassandra-driver';
import type { ExecutionOptions, Host, QueryOptions } from 'cassandra-driver';
import { headerBytes } from '../protocol/protocol-constants.ts';

/** Hears of every answer on the wire to one call of the driver: a call may be several requests. */
export interface Exchange {
  /**
   * Frames with their headers, in bytes; of an answer that is an error the driver does not tell. `error` where the
   * answer was one, or none came.
   */
  answered(requestBytes: number, responseBytes: number, error: Error | undefined): void;
}

/** Options of a call whose answers are told to an exchange. */
export interface ExchangeOptions extends QueryOptions {
  readonly exchange: Exchange;
}

// The driver asks for an instance of this class; its types know it as an interface only.
const { RequestTracker } = tracker as unknown as { RequestTracker: new () => tracker.RequestTracker };

/** Tells each exchange of its answers. */
export class ExchangeTracker extends RequestTracker {
  override onSuccess(
    _host: Host,
    _query: unknown,
    _parameters: unknown,
    options: ExecutionOptions,
    requestBytes: number,
    responseBytes: number,
  ): void {
    exchangeOf(options)?.answered(headerBytes + requestBytes, headerBytes + responseBytes, undefined);
  }

  override onError(
    _host: Host,
    _query: unknown,
    _parameters: unknown,
    options: ExecutionOptions,
    requestBytes: number | undefined,
    error: Error,
  ): void {
    // A request that was never written has no length.
    const frameBytes = requestBytes === undefined ? 0 : headerBytes + requestBytes;
    exchangeOf(options)?.answered(frameBytes, 0, error);
  }

  override shutdown(): void {}
}

function exchangeOf(options: ExecutionOptions): Exchange | undefined {
  return (options.getRawQueryOptions() as Partial<ExchangeOptions>).exchange;
}
