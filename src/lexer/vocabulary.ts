/** Words that begin a statement of the language. */
export const statementWords = [
  'SET',
  'INSERT',
  'QUERY',
  'MIX',
  'GO',
  'WAIT',
  'INFLUXQL',
  'CQL',
  'EXEC',
] as const;

/** First words of texts that are passed on without INFLUXQL or CQL before them. */
export const passThroughWords = [
  'CREATE',
  'DROP',
  'ALTER',
  'SHOW',
  'SELECT',
  'DELETE',
  'GRANT',
  'REVOKE',
  'KILL',
  'EXPLAIN',
  'TRUNCATE',
  'UPDATE',
  'BEGIN',
  'LIST',
  'DESCRIBE',
  'USE',
] as const;

/** Words that begin a clause. */
export const clauseWords = [
  'DO',
  'EVERY',
  'FOR',
  'AT',
  'WARMUP',
  'PICK',
  'WRITTEN',
  'SERIES',
  'POPULATION',
  'RETURNS',
  'PARTITIONS',
  'ROW',
  'ROWS',
  'WITH',
  'TAG',
  'EXPECT',
  'WEIGHT',
  'CLUSTER',
] as const;

const longestStatementWord = Math.max(...statementWords.map((word) => word.length));

export function isStatementWord(word: string): boolean {
  return (
    word.length <= longestStatementWord && (statementWords as readonly string[]).includes(word.toUpperCase())
  );
}
