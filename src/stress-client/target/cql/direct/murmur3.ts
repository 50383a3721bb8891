import { instantiate } from '../../../../wasm/instantiate.ts';
import { wasm } from './murmur3.wasm.ts';

/** What murmur3.wat exports. The key lies at the beginning of its memory, and then the token does. */
interface Hasher {
  readonly memory: { readonly buffer: ArrayBuffer };
  token(length: number): void;
}

/** No partition's key is longer: Cassandra refuses it, wherever it is sent. */
const keyBytesAtMost = 0xffff;
/** So many are copied one by one, since a call costs more. */
const fewBytes = 64;

function makeHasher(): { readonly hasher: Hasher; readonly key: Uint8Array; readonly token: Int32Array } {
  const hasher = instantiate<Hasher>(wasm);
  const { buffer } = hasher.memory;
  return { hasher, key: new Uint8Array(buffer), token: new Int32Array(buffer, 0, 2) };
}

/** One for all: memory of WebAssembly takes gigabytes of addresses. */
let theHasher: ReturnType<typeof makeHasher> | undefined;

/** The token of a partition key, as murmur3.wat makes it: in 64 bits, which JavaScript has not. */
export class Murmur3 {
  /** The token's halves, both signed. */
  high = 0;
  low = 0;
  readonly #of = (theHasher ??= makeHasher());

  /** Hashes the bytes from `start` to `end`. */
  hash(bytes: Uint8Array, start: number, end: number): void {
    const { hasher, key, token } = this.#of;
    const length = Math.min(end - start, keyBytesAtMost);
    if (length <= fewBytes) for (let at = 0; at < length; at++) key[at] = bytes[start + at]!;
    else key.set(bytes.subarray(start, start + length));
    hasher.token(length);
    this.low = token[0]!;
    this.high = token[1]!;
  }
}
