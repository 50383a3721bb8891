import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import wabt from 'wabt';

/* `npm run wasm`: a module in TypeScript beside each one in WebAssembly's text, so that none is compiled where it runs. */

const source = fileURLToPath(new URL('../src', import.meta.url));

/** Texts by the path of their file. */
export async function compiledModules(): Promise<ReadonlyMap<string, string>> {
  const { parseWat } = await wabt();
  const files = new Map<string, string>();
  for (const path of globSync(`${source}/**/*.wat`)) {
    const name = basename(path);
    const module = parseWat(relative(source, path), readFileSync(path, 'utf8'));
    const wasm = Buffer.from(module.toBinary({}).buffer).toString('base64');
    module.destroy();
    const target = path.replace(/\.wat$/, '.wasm.ts');
    const text = `/* ${name}, by npm run wasm. */\nexport const wasm = '${wasm}';\n`;
    files.set(target, await format(text, { ...(await resolveConfig(target)), parser: 'typescript' }));
  }
  return files;
}

if (import.meta.main) for (const [path, text] of await compiledModules()) writeFileSync(path, text);
