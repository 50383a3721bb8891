/** Something that the person at the keyboard can mend: shown as one sentence, without a stack, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
