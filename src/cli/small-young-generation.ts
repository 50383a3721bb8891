import { setFlagsFromString } from 'node:v8';

/**
 * What `read` makes, with V8's young generation kept as small as it is. It grows with all that survives in it, and what
 * is kept of a long script would make it 128 MB large, which saves next to no time. Not beside a thread that starts: Node's cache of compiled code is only read
 * where V8's flags are as they were.
 */
export function inSmallYoungGeneration<Read>(read: () => Read): Read {
  setFlagsFromString('--semi-space-growth-factor=1');
  try {
    return read();
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2');
  }
}
