import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/servers/global-setup.ts'],
    reporters: ['default', './test/reporter.ts'],
    // For what hangs: on a busy machine a test takes many times what it takes alone.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
