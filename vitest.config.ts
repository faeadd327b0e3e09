import { defineConfig } from 'vitest/config';

/** Tests that put a module of their own in the place of another. */
const MOCKING = ['test/run/workers.test.ts', 'test/likelihood/earlierRules.test.ts'];

export default defineConfig({
  test: {
    globalSetup: 'test/bundle.ts',
    // Against hanging alone: no test is right or wrong by its time, and a busy machine may take several times as long.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // By default one processor is left free, which on two is half of them.
    maxWorkers: '100%',
    projects: [
      // Modules are loaded once a process, not once a file: loading took a sixth of the time.
      { extends: true, test: { name: 'tests', include: ['test/**/*.test.ts'], exclude: MOCKING, isolate: false } },
      { extends: true, test: { name: 'mocking', include: MOCKING, isolate: true } },
    ],
  },
});
