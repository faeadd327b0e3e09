import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Against hanging alone: no test is right or wrong by its time, and a busy machine may take several times as long.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // By default one processor is left free, which on two is half of them.
    maxWorkers: '100%',
    // Modules are loaded once a process, not once a file: no test changes one, and loading took a sixth of the time.
    isolate: false,
  },
});
