import { defineConfig } from 'vitest/config';

/** What is run against each mutant: the tests of the domain libraries, which need no services. */
export default defineConfig({
  test: { environment: 'node', include: ['libs/domain/*/src/**/*.test.ts'] },
});
