import { UsageError } from './usage-error.ts';

/** What was read; that it could not be is for who named it. */
export async function orUsageError<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
