import { createTextDecoderCombiner, HttpError } from '@influxdata/influxdb-client';
import type {
  ChunkCombiner,
  CommunicationObserver,
  HttpHeaders,
  ResponseStartedFn,
  SendOptions,
  Transport,
} from '@influxdata/influxdb-client';
import { Agent, request } from 'undici';

interface Exchange {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Buffer;
}

/**
 * What influxdb-client speaks through, in place of its own transport: that gives up when a socket has been idle
 * for long and leaves it open, where here a whole exchange has a deadline, and its socket is gone after it.
 */
export class UndiciTransport implements Transport {
  readonly chunkCombiner: ChunkCombiner = createTextDecoderCombiner();
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #deadlineMs: number;
  readonly #agent = new Agent({ connections: 2, allowH2: false });

  /** `url` has no slash at its end; `headers` go with every request. */
  constructor(url: string, headers: Readonly<Record<string, string>>, deadlineMs: number) {
    this.#url = url;
    this.#headers = headers;
    this.#deadlineMs = deadlineMs;
  }

  send(
    path: string,
    body: string,
    options: SendOptions,
    callbacks: Partial<CommunicationObserver<Uint8Array>> = {},
  ): void {
    this.#exchange(path, body, options).then(
      (exchange) => {
        callbacks.responseStarted?.(exchange.headers, exchange.status);
        callbacks.next?.(exchange.body);
        callbacks.complete?.();
      },
      (error: Error) => callbacks.error?.(error),
    );
  }

  async request(
    path: string,
    body: unknown,
    options: SendOptions,
    responseStarted?: ResponseStartedFn,
  ): Promise<unknown> {
    const exchange = await this.#exchange(path, textOf(body), options);
    responseStarted?.(exchange.headers, exchange.status);
    const text = exchange.body.toString();
    return /json/.test(String(exchange.headers['content-type'])) && text !== '' ? JSON.parse(text) : text;
  }

  async *iterate(path: string, body: unknown, options: SendOptions): AsyncIterableIterator<Uint8Array> {
    yield (await this.#exchange(path, textOf(body), options)).body;
  }

  /** Ends every connection. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #exchange(path: string, body: string, { method, headers }: SendOptions): Promise<Exchange> {
    const signal = AbortSignal.timeout(this.#deadlineMs);
    try {
      const answer = await request(`${this.#url}${path}`, {
        method: method === 'GET' ? 'GET' : 'POST',
        headers: { ...this.#headers, ...headers },
        body: body === '' ? null : body,
        dispatcher: this.#agent,
        signal,
      });
      const received = Buffer.from(await answer.body.arrayBuffer());
      const { statusCode: status, headers: answered } = answer;
      if (status < 300) return { status, headers: answered, body: received };
      throw new HttpError(
        status,
        undefined,
        received.toString(),
        undefined,
        String(answered['content-type']),
      );
    } catch (error) {
      if (signal.aborted) throw new Error(`no answer within ${this.#deadlineMs / 1000} s`, { cause: error });
      throw error;
    }
  }
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body === undefined || body === null ? '' : JSON.stringify(body);
}
