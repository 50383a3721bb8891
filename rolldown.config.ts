import { defineConfig } from 'rolldown';
import { browserBundles } from './scripts/browser-bundles.ts';
import { builtinModules } from './scripts/builtin-modules.ts';
import { thirdPartyNotices } from './scripts/third-party-notices.ts';
import { withoutHttp2 } from './scripts/without-http2.ts';

/*
 * What is installed: one bundle with the libraries in it. A start reads a dozen files instead of hundreds, which
 * halves its time, and what runs is what the tests ran.
 */
export default defineConfig({
  input: {
    main: 'src/cli/main.ts',
    'load-thread': 'src/cli/load-thread.ts',
    'pacer-thread': 'src/stress-client/pacer-thread.ts',
    'practice-process': 'src/cli/calibration/practice-process.ts',
    'practice-thread': 'src/practice/practice-thread.ts',
  },
  platform: 'node',
  logLevel: 'warn',
  // cassandra-driver loads it only for Kerberos, where its user has installed it.
  external: ['kerberos'],
  checks: { eval: false },
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'esm',
    sourcemap: true,
    // Threads are started from files beside the one that asks.
    chunkFileNames: '[name]-[hash].js',
    // hdr-histogram-js looks for zlib with eval("require").
    banner: ({ moduleIds }) =>
      moduleIds.some((id) => id.includes('hdr-histogram-js'))
        ? `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);`
        : '',
  },
  plugins: [
    browserBundles(
      {
        report: 'src/reporting/html/browser/report.ts',
        compare: 'src/comparison/html/browser/compare.ts',
      },
      ['node_modules/uplot/dist/uPlot.min.css', 'src/reporting/html/browser/page.css'],
    ),
    thirdPartyNotices(['node_modules/uplot']),
    builtinModules(),
    withoutHttp2(),
  ],
});
