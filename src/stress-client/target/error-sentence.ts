import type { TargetError } from './target.ts';

/** An error in a sentence: which address it is about, what was said, and what to do about it. */
export function errorSentence({
  message,
  address,
  hint,
}: Pick<TargetError, 'message' | 'address' | 'hint'>): string {
  // What the system says of a connection holds the address already.
  const where = address === undefined || message.includes(address) ? '' : `${address}: `;
  return `${where}${message}${hint === undefined ? '' : ` (${hint})`}`;
}
