import { isBuiltin } from 'node:module';
import type { Plugin } from 'rolldown';

const importLine = /^import (?:([\w$]+)|\* as ([\w$]+)|(\{.*\})) from "([\w:/]+)";$/gm;

/**
 * Asks Node for its own modules instead of importing them. An import reads everything that a module exports, and some
 * of that is only made when it is read: the streams of node:fs, Web Crypto of node:crypto.
 */
export function builtinModules(): Plugin {
  return {
    name: 'builtin-modules',
    generateBundle(_, bundle) {
      for (const output of Object.values(bundle))
        if (output.type === 'chunk') output.code = output.code.replace(importLine, asked);
    },
  };
}

/** Lines stay where they are, for source maps. */
function asked(line: string, name?: string, all?: string, some?: string, module = ''): string {
  if (!isBuiltin(module)) return line;
  return `const ${name ?? all ?? some!.replaceAll(' as ', ': ')} = process.getBuiltinModule("${module}");`;
}
