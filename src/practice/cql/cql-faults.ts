import type { CqlRequestName } from './cql-counters.ts';
import type { CqlErrorBody } from './cql-refusal.ts';

/** What goes wrong on purpose, and with which requests. */
export interface CqlFault {
  /** QUERY, PREPARE, EXECUTE and BATCH unless set. */
  readonly on?: readonly CqlRequestName[];
  /**
   * A regular expression that the statement's text, or one text of a batch, matches in any case. Without it
   * statements about the system keyspaces are spared, so that clients still find the nodes and the schema.
   */
  readonly statement?: string;
  /** Of this node only; 0 is the first. */
  readonly node?: number;
  /** So many of these requests are spared first. */
  readonly skip?: number;
  /** It happens so many times at most. */
  readonly times?: number;
  /** From 0 to 1, the default; by a generator with a seed, so that a run repeats. */
  readonly probability?: number;
  readonly effect: CqlFaultEffect;
}

export type CqlFaultEffect =
  /** Before the answer; what was asked is done at once. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Instead of what was asked. */
  | { readonly kind: 'error'; readonly body: CqlErrorBody }
  /** What was asked is done, and not answered. */
  | { readonly kind: 'no answer' }
  /** What was asked is done, and the connection ends, without an answer or after it. */
  | { readonly kind: 'close'; readonly when: 'before answering' | 'after answering' }
  /** The node forgets every prepared statement first: EXECUTE is answered with UNPREPARED. */
  | { readonly kind: 'forget prepared' };

const usually: readonly CqlRequestName[] = ['QUERY', 'PREPARE', 'EXECUTE', 'BATCH'];

/** Faults, and how often each has come up. */
export class CqlFaults {
  readonly #faults: readonly { readonly fault: CqlFault; readonly pattern: RegExp | undefined }[];
  readonly #met: number[];
  readonly #happened: number[];
  #random = 0x9e3779b9;

  constructor(faults: readonly CqlFault[]) {
    this.#faults = faults.map((fault) => ({
      fault,
      pattern: fault.statement === undefined ? undefined : new RegExp(fault.statement, 'i'),
    }));
    this.#met = faults.map(() => 0);
    this.#happened = faults.map(() => 0);
  }

  get isEmpty(): boolean {
    return this.#faults.length === 0;
  }

  /** What happens to a request; `texts` are its statements, none for one without. */
  effectsOn(request: CqlRequestName, node: number, texts: readonly string[]): readonly CqlFaultEffect[] {
    const effects: CqlFaultEffect[] = [];
    for (const [index, { fault, pattern }] of this.#faults.entries()) {
      if (!(fault.on ?? usually).includes(request)) continue;
      if (fault.node !== undefined && fault.node !== node) continue;
      if (pattern !== undefined ? !texts.some((text) => pattern.test(text)) : isAboutSystem(texts)) continue;
      if (this.#met[index]!++ < (fault.skip ?? 0)) continue;
      if (this.#happened[index]! >= (fault.times ?? Infinity)) continue;
      if (fault.probability !== undefined && this.#nextRandom() >= fault.probability) continue;
      this.#happened[index]!++;
      effects.push(fault.effect);
    }
    return effects;
  }

  /** From 0 up to, but not, 1. */
  #nextRandom(): number {
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    return (this.#random >>> 0) / 2 ** 32;
  }
}

function isAboutSystem(texts: readonly string[]): boolean {
  return texts.some((text) => /\bFROM\s+"?system(_\w+)?"?\s*\./i.test(text));
}
