import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/servers/global-setup.ts'],
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 30_000,
    // A suite's first hook may have to wait until a server is built.
    hookTimeout: 280_000,
  },
});
