import { encode } from './bytes.ts';
import type { Place } from './place.ts';
import type { Values } from './values.ts';

const uuidBytes = 16;
const textBytes = 36;
const minus = 45;
const hexDigits = encode('0123456789abcdef');
/** Where one is made of which the text is asked for. */
const scratch = new Uint8Array(uuidBytes);

/** UUIDs from what writes their 16 bytes. */
export function uuidValues(
  writeBytes: (rank: number, place: Place, staging: Uint8Array, offset: number) => number,
  ofRank: boolean,
): Values {
  const write: Values['write'] = (rank, place, staging, offset) => {
    writeBytes(rank, place, scratch, 0);
    let at = offset;
    for (let byte = 0; byte < uuidBytes; byte++) {
      if (byte === 4 || byte === 6 || byte === 8 || byte === 10) staging[at++] = minus;
      staging[at] = hexDigits[scratch[byte]! >>> 4]!;
      staging[at + 1] = hexDigits[scratch[byte]! & 15]!;
      at += 2;
    }
    return at;
  };
  return {
    text: (rank, place) => {
      const text = Buffer.alloc(textBytes);
      return text.toString('latin1', 0, write(rank, place, text, 0));
    },
    write,
    bytes: { atMost: uuidBytes, write: writeBytes },
    bytesAtLeast: textBytes,
    bytesAtMost: textBytes,
    plain: true,
    ofRank,
  };
}
