import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzip } from 'node:zlib';
import { emptyCounters } from './counters.ts';
import type { PracticeCounters } from './counters.ts';
import { InfluxPractice } from './influx/influx-practice.ts';
import type { PracticeAnswer } from './influx/influx-practice.ts';
import type { PracticeFaults } from './faults.ts';

/** So that nobody takes it for a database. */
const practiceVersion = '1.8-practice';

export interface PracticeServerOptions {
  readonly protocol?: 'influx';
  /** `influx` reads and checks what it is sent; `responder` answers every request with 204 and reads nothing of it. */
  readonly mode?: 'influx' | 'responder';
  /** The version that it says it has; `1.8-practice` unless set. */
  readonly version?: string;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly faults?: PracticeFaults;
}

/**
 * A server to practise on: it speaks enough of InfluxDB's HTTP protocol over real sockets to run any Influx
 * profile, and checks what is written, but it is not a database: it keeps names, types and counts, no points.
 */
export interface PracticeServer {
  /** Such as `127.0.0.1:40123`. */
  readonly address: string;
  counters(): Promise<PracticeCounters>;
  /** Replaces the faults; `{}` ends them. */
  setFaults(faults: PracticeFaults): Promise<void>;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/** As InfluxDB's max-body-size. */
const bodyBytesAtMost = 25_000_000;

/** Starts a practice server in this thread, on 127.0.0.1. Rejects when the port can't be had. */
export async function startPracticeServer(options: PracticeServerOptions = {}): Promise<PracticeServer> {
  const counters = emptyCounters();
  const version = options.version ?? practiceVersion;
  const database = new InfluxPractice(counters, version);
  let faults = options.faults ?? {};
  let faultsSinceMs = performance.now();
  let loadRequests = 0;

  const answerWith = (response: ServerResponse, { status, body, headers }: PracticeAnswer): void => {
    counters.byStatus[status] = (counters.byStatus[status] ?? 0) + 1;
    response.writeHead(status, { 'x-influxdb-version': version, ...headers });
    response.end(body);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    counters.requests++;
    if (options.mode === 'responder') {
      request.resume();
      request.on('end', () => answerWith(response, { status: 204 }));
      return;
    }
    const body = await readBody(request, counters);
    const url = new URL(request.url ?? '/', 'http://practice');
    if (url.pathname === '/ping' || url.pathname === '/health') {
      answerWith(response, database.answer('GET', url, Buffer.alloc(0)));
      return;
    }
    const number = ++loadRequests;
    if (faults.status !== undefined && number % faults.status.oneIn === 0) {
      const { code, message = 'a practice fault' } = faults.status;
      answerWith(response, { status: code, body: JSON.stringify({ error: message }) });
      return;
    }
    const answer = Buffer.isBuffer(body) ? database.answer(request.method ?? 'GET', url, body) : body;
    if (faults.closeOneIn !== undefined && number % faults.closeOneIn === 0) {
      request.socket.destroy();
      return;
    }
    const delayMs = Math.max(faults.delayMs ?? 0, stallLeftMs(faults, performance.now() - faultsSinceMs));
    if (delayMs === 0) answerWith(response, answer);
    else setTimeout(() => answerWith(response, answer), delayMs).unref();
  };

  const server = createServer((request, response) => {
    // A client that goes away in the middle of its request gets no answer.
    handle(request, response).catch(() => response.destroy());
  });
  server.on('connection', () => counters.connections++);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    counters: async () => structuredClone(counters),
    async setFaults(next) {
      faults = next;
      faultsSinceMs = performance.now();
      loadRequests = 0;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The request's body, unpacked; or the answer to one that is too long or no gzip. */
async function readBody(
  request: IncomingMessage,
  counters: PracticeCounters,
): Promise<Buffer | PracticeAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bodyBytesAtMost) chunks.push(chunk);
  }
  counters.bodyBytes += bytes;
  if (bytes > bodyBytesAtMost) return { status: 413, body: '{"error":"Request Entity Too Large"}' };
  const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  if (request.headers['content-encoding'] !== 'gzip') return body;
  return new Promise((resolve) => {
    gunzip(body, { maxOutputLength: bodyBytesAtMost }, (error, unpacked) => {
      if (error === null) resolve(unpacked);
      else resolve({ status: 400, body: JSON.stringify({ error: `gzip: ${error.message}` }) });
    });
  });
}

function stallLeftMs({ stall }: PracticeFaults, sinceMs: number): number {
  if (stall === undefined || sinceMs < stall.afterMs) return 0;
  return Math.max(0, stall.afterMs + stall.forMs - sinceMs);
}
