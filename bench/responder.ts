import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { CqlPracticeOptions } from '../src/practice/cql/cql-practice-server.ts';
import { projectFolder } from './measured-process.ts';

/** What answers, in another process, so that its CPU is nobody else's. */
export interface Responder {
  readonly address: string;
  /** Rows, or write requests, that it has answered so far. */
  writes(): Promise<number>;
  close(): Promise<void>;
}

/** A practice server that speaks CQL. */
export function startCqlResponder(options: Omit<CqlPracticeOptions, 'protocol'>): Promise<Responder> {
  return start('bench/processes/cql-responder.ts', JSON.stringify({ protocol: 'cql', ...options }));
}

/** Answers every write of line protocol with 204. */
export function startWriteResponder(): Promise<Responder> {
  return start('bench/processes/write-responder.ts');
}

async function start(...words: readonly string[]): Promise<Responder> {
  const child = spawn(process.execPath, words, {
    cwd: projectFolder,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const answer = async (): Promise<unknown> => JSON.parse(((await once(lines, 'line')) as [string])[0]);
  const address = (await answer()) as string;
  return {
    address,
    writes() {
      const answered = answer() as Promise<number>;
      child.stdin.write('\n');
      return answered;
    },
    async close() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
