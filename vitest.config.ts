import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // By default one processor is left free, which on two is half of them.
    maxWorkers: '100%',
  },
});
