import { LoadStatement, type LoadStatementParts } from './load-statement.ts';

/** `QUERY name text clauses`: runs a query, with values of its own or from what an INSERT has had acknowledged. */
export class QueryStatement extends LoadStatement {
  constructor(parts: LoadStatementParts) {
    super('query', parts);
  }
}
