import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from '../../test/servers/program-cache.ts';

const version = '0.29.0';

/** The load tool in Rust; cargo builds it in some minutes, once. */
export async function findLatte(): Promise<{ readonly name: string; readonly program: string }> {
  const folder = await cachedFolder(`latte-${version}`, `latte ${version}`, async (into) => {
    const words = ['install', 'latte-cli', '--version', version, '--locked', '--root', into];
    await promisify(execFile)('cargo', words, { maxBuffer: 1 << 26 });
  });
  return { name: `latte ${version}`, program: join(folder, 'bin', 'latte') };
}
