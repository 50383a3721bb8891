import type { StressTest } from '../stress-client/stress-test.ts';
import { Tracer } from '../stress-client/tracer.ts';
import type { LoadOptions, MixOptions } from './load-options.ts';
import { loadOf, loadReport, type LoadStatementParts } from './load-statement.ts';
import { mixShares } from './mix-shares.ts';
import type { StatementReport } from './report.ts';
import { StartableStatement } from './startable-statement.ts';
import type { StatementOrigin } from './statement.ts';

/** A member of a MIX. */
export interface MixMember {
  readonly kind: 'insert' | 'query';
  /** With the options of the MIX, and items as if all of its operations were the member's. */
  readonly parts: LoadStatementParts;
}

export interface MixStatementParts extends StatementOrigin {
  readonly name: string;
  /** Items are operations. */
  readonly options: LoadOptions;
  readonly mix: MixOptions;
  readonly seed: number;
  readonly members: readonly MixMember[];
}

/** `MIX name members END clauses`: sends one package, whose operations are shared among INSERTs and QUERYs. */
export class MixStatement extends StartableStatement {
  readonly #parts: MixStatementParts;
  #memberIds: readonly string[] = [];
  #ran = false;
  #problem: string | undefined;

  constructor(parts: MixStatementParts) {
    super(parts.name);
    this.#parts = parts;
  }

  /** Gives its members their ids. */
  override setId(id: string, memberIds: readonly string[] = []): void {
    super.setId(id);
    this.#memberIds = memberIds;
  }

  override async execute(test: StressTest): Promise<string | undefined> {
    this.#ran = true;
    const { options, name, members, text, seed, mix } = this.#parts;
    const shares = mixShares(seed, name, mix);
    const tracer = new Tracer(options.tags);
    tracer.add();
    this.#problem = await test.sendPackage({
      kind: 'lease',
      statementId: this.statementId,
      tracer,
      loads: members.map(({ kind, parts }, member) =>
        loadOf(kind, parts, this.#memberIds[member]!, { name, shares, member }),
      ),
      lease: { first: 0, stride: 1, count: options.items },
    });
    return this.#problem === undefined ? undefined : `${text}: ${this.#problem}`;
  }

  override report(test: StressTest): readonly StatementReport[] {
    const outcome = { ran: this.#ran, problem: this.#problem };
    return this.#parts.members.map(({ kind, parts }, member) =>
      loadReport(kind, parts, this.#memberIds[member]!, test, outcome),
    );
  }
}
