import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two cores: a study's own worker threads compete with vitest's, so few files run at once.
    maxWorkers: 2,
    globalSetup: ['test/support/install-native.ts'],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    // The check counts the tests of several runs.
    ...(process.env.VITEST_JSON
      ? { reporters: ['default', 'json'], outputFile: { json: process.env.VITEST_JSON } }
      : {}),
  },
});
