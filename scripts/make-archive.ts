import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import description from '../package.json' with { type: 'json' };

/*
 * Makes one archive of Node and the bundle, with its checksum, for hosts that have neither Node nor npm nor a
 * network: unpack it, and run bin/stressql in it. `npm run dist [-- --out folder platform …]`; a platform is such
 * as linux-x64 or linux-arm64, this machine's where none is given. Node comes from npm's packages of it.
 */

const launcher = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/node" "$here/stressql.js" "$@"
`;
/** What of the package goes into the archive: what npm would install. */
const contents = ['dist', 'docs', 'examples', 'bin', 'package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];

function makeArchive(platform: string, releases: string): string {
  const name = `stressql-${description.version}-${platform}`;
  const folder = mkdtempSync(join(tmpdir(), 'stressql-archive-'));
  try {
    const content = join(folder, name);
    for (const path of contents) {
      const isBundle = path === 'dist';
      cpSync(path, join(content, path), {
        recursive: true,
        filter: (source) => !isBundle || !source.endsWith('.map'),
      });
    }
    addNode(platform, folder, content);
    writeFileSync(join(content, 'bin/stressql'), launcher);
    chmodSync(join(content, 'bin/stressql'), 0o755);
    mkdirSync(releases, { recursive: true });
    const archive = join(releases, `${name}.tar.gz`);
    execFileSync('tar', ['--create', '--gzip', '--file', archive, '--directory', folder, name]);
    const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
    writeFileSync(`${archive}.sha256`, `${sha256}  ${name}.tar.gz\n`);
    return archive;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function addNode(platform: string, folder: string, content: string): void {
  // npm's name for Apple's processors came later than those of the others.
  const prefix = platform === 'darwin-arm64' ? 'node-bin' : 'node';
  const wanted = `${prefix}-${platform}@${process.versions.node}`;
  const packed = execFileSync('npm', ['pack', wanted, '--silent', '--pack-destination', folder], {
    encoding: 'utf8',
  }).trim();
  execFileSync('tar', ['--extract', '--file', join(folder, packed), '--directory', folder]);
  cpSync(join(folder, 'package/bin/node'), join(content, 'bin/node'));
  cpSync(join(folder, 'package/LICENSE'), join(content, 'LICENSE-node'));
}

const { values, positionals } = parseArgs({
  options: { out: { type: 'string', default: 'release' } },
  allowPositionals: true,
});
const platforms = positionals.length === 0 ? [`${process.platform}-${process.arch}`] : positionals;
for (const platform of platforms) process.stdout.write(`${makeArchive(platform, resolve(values.out))}\n`);
