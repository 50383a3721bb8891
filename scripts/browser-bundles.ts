import { readFileSync } from 'node:fs';
import { rolldown, type Plugin } from 'rolldown';
import { noticesOf } from './third-party-notices.ts';

/**
 * Puts what HTML reports run in a browser beside the bundle: `browser/<name>.js`, one script an entry with its
 * libraries in it, and `browser/page.css`, the styles of all of them.
 */
export function browserBundles(entries: Readonly<Record<string, string>>, styles: readonly string[]): Plugin {
  return {
    name: 'browser-bundles',
    async generateBundle() {
      for (const [name, input] of Object.entries(entries)) {
        const bundle = await rolldown({ input, platform: 'browser', logLevel: 'warn' });
        const { output } = await bundle.generate({ format: 'iife', minify: true });
        await bundle.close();
        // Each report is a copy of the libraries, and says whose they are.
        const source = `/*\n${noticesOf(output[0].moduleIds)}*/\n${output[0].code}`;
        this.emitFile({ type: 'asset', fileName: `browser/${name}.js`, source });
      }
      const source = styles.map((path) => readFileSync(path, 'utf8')).join('\n');
      this.emitFile({ type: 'asset', fileName: 'browser/page.css', source });
    },
  };
}
