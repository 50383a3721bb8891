import { WordStream } from './word-stream.ts';

/** What `hash` is made of: no seed, no statement, no ordinal, so that equal indexes have equal hashes everywhere. */
export const indexWords = new WordStream(0, 'hash');
