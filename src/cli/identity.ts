import { createHash, randomInt } from 'node:crypto';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const idLength = 8;

/** 8 random characters: the identity of a run. */
export function newTestId(): string {
  return Array.from({ length: idLength }, () => letters[randomInt(letters.length)]!).join('');
}

/** 8 characters that are the statement's in this run: the same wherever the run's statements are compiled. */
export function statementId(testId: string, position: number): string {
  const digest = createHash('sha256').update(`${testId}\0${position}`).digest();
  return Array.from({ length: idLength }, (_, index) => letters[digest[index]! % letters.length]!).join('');
}
