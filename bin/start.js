import { createRequire } from 'module';

// What is required, unlike what is imported, is not read in whole: of `fs` that makes its streams.
const require = createRequire(import.meta.url);

/**
 * Calls `run` with the program. An older Node fails inside a dependency with a stack trace, so the version is looked at
 * before any of them is imported; this file and those that import it keep to what Node 14 understands.
 */
export function start(run) {
  const { engines } = require('../package.json');
  const required = engines.node.replace('>=', '').split('.').map(Number);
  const present = process.versions.node.split('.').map(Number);
  const difference = required.map((part, at) => present[at] - part).find((part) => part !== 0) || 0;

  if (difference < 0) {
    process.stderr.write(
      `stressql needs Node ${engines.node.replace('>=', '')} or newer, and this is Node ${process.versions.node}.\n`,
    );
    process.exitCode = 2;
    return;
  }
  // What was compiled once is read from Node's cache the next time: half of a small command's time is compiling.
  const { enableCompileCache } = require('module');
  if (enableCompileCache) enableCompileCache();
  import('../dist/main.js').then(run);
}
