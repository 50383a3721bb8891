import { StoredRunError } from '../reporting/stored-run-error.ts';
import { UsageError } from './usage-error.ts';

/** What comes of a stored run; that it can't be used is for who named it: by `path`, where it is a folder. */
export async function orUsageError<Value>(use: Promise<Value>, path?: string): Promise<Value> {
  try {
    return await use;
  } catch (error) {
    if (!(error instanceof StoredRunError)) throw error;
    const place = error.isPlaced || path === undefined ? '' : `${path}: `;
    throw new UsageError(`${place}${error.message}`);
  }
}
