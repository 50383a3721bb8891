import type { PracticeCounters } from '../counters.ts';
import { PracticeDatabases } from './databases.ts';
import { answerInfluxql } from './influxql-answer.ts';

export interface PracticeAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const json = { 'content-type': 'application/json' };

/** InfluxDB's HTTP API over names, types and counts. */
export class InfluxPractice {
  readonly #counters: PracticeCounters;
  readonly #databases = new PracticeDatabases();

  readonly #version: string;

  constructor(counters: PracticeCounters, version: string) {
    this.#counters = counters;
    this.#version = version;
  }

  answer(method: string, url: URL, body: Buffer): PracticeAnswer {
    switch (url.pathname) {
      case '/ping':
        return { status: 204 };
      case '/health':
        return {
          status: 200,
          headers: json,
          body: JSON.stringify({
            name: 'stressql practice server',
            message: 'not a database',
            status: 'pass',
            version: this.#version,
          }),
        };
      case '/write':
        return this.#write(url.searchParams.get('db') ?? '', body);
      case '/api/v2/write':
        return this.#write((url.searchParams.get('bucket') ?? '').split('/')[0]!, body);
      case '/query':
        return this.#query(method, url, body);
      default:
        return { status: 404, headers: json, body: '{"error":"not found"}' };
    }
  }

  #write(name: string, body: Buffer): PracticeAnswer {
    this.#counters.writes++;
    if (name === '') return refusal(400, 'database is required');
    const database = this.#databases.find(name);
    if (database === undefined) return refusal(404, `database not found: "${name}"`);
    const { taken, refused, error } = database.write(body);
    this.#counters.points += taken;
    this.#counters.refusedPoints += refused;
    return error === undefined ? { status: 204 } : refusal(400, error);
  }

  #query(method: string, url: URL, body: Buffer): PracticeAnswer {
    this.#counters.queries++;
    const form = new URLSearchParams(method === 'POST' ? body.toString() : '');
    const text = form.get('q') ?? url.searchParams.get('q') ?? '';
    if (text.trim() === '') return refusal(400, 'missing required parameter "q"');
    const answer = answerInfluxql(text, form.get('db') ?? url.searchParams.get('db') ?? '', this.#databases);
    if ('error' in answer) return refusal(400, `error parsing query: ${answer.error}`);
    this.#counters.statements += answer.results.length;
    return { status: 200, headers: json, body: `${JSON.stringify(answer)}\n` };
  }
}

function refusal(status: number, error: string): PracticeAnswer {
  return {
    status,
    headers: { ...json, 'x-influxdb-error': error.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200) },
    body: `${JSON.stringify({ error })}\n`,
  };
}
