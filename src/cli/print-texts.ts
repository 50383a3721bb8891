import { once } from 'node:events';

/** Characters that are written at once. */
const pieceLength = 65_536;

/** Writes texts to the standard output, not faster than it takes them: together they may be longer than any string. */
export async function printTexts(texts: Iterable<string>): Promise<void> {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < pieceLength) continue;
    await write(piece);
    piece = '';
  }
  await write(piece);
}

async function write(piece: string): Promise<void> {
  if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
}
