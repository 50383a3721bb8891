import { LoadStatement, type LoadStatementParts } from './load-statement.ts';

/** `INSERT name template clauses`: writes points or rows made from a template. */
export class InsertStatement extends LoadStatement {
  constructor(parts: LoadStatementParts) {
    super('insert', parts);
  }
}
