import { defineConfig } from 'vitest/config';

/** The pages in a real browser: `npm run test:ui`. */
export default defineConfig({
  test: {
    include: ['test/ui/**/*.test.ts'],
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
