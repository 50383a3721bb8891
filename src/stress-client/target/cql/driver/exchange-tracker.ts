import { tracker } from 'cassandra-driver';
import type { ExecutionOptions, Host, QueryOptions } from 'cassandra-driver';

/** Hears of every answer on the wire to one call of the driver: a call may be several requests. */
export interface Exchange {
  /** Bodies of the frames, in bytes; `error` where the answer was one, or none came. */
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
    exchangeOf(options)?.answered(requestBytes, responseBytes, undefined);
  }

  override onError(
    _host: Host,
    _query: unknown,
    _parameters: unknown,
    options: ExecutionOptions,
    requestBytes: number | undefined,
    error: Error,
  ): void {
    exchangeOf(options)?.answered(requestBytes ?? 0, 0, error);
  }

  override shutdown(): void {}
}

function exchangeOf(options: ExecutionOptions): Exchange | undefined {
  return (options.getRawQueryOptions() as Partial<ExchangeOptions>).exchange;
}
