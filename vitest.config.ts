import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** By size, the short file that takes longest would come late, and leave all workers but one without work. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('/chaos.e2e.test.ts');
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const shared = {
  environment: 'node' as const,
  pool: 'forks' as const,
  // Tests wait for conditions: on a busy machine these take longer, and nothing is lost by waiting.
  expect: { poll: { timeout: 10_000, interval: 25 } },
};
const services = ['./libs/testkit/src/global-services.ts'];
// Each file has a shop of its own: processes that wait for one another most of the time. Two such files share a processor
// or two well; more would only be slow together.
const shops = {
  maxWorkers: Math.max(2, Math.ceil(availableParallelism() / 4)),
  sequence: { groupOrder: 2 },
};

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    // Vitest would leave a processor to itself, and two make one.
    maxWorkers: Math.max(2, Math.ceil(availableParallelism() / 2)),
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
          include: ['{apps,libs,tools}/**/*.test.ts', '{apps,libs,tools}/**/*.test.tsx'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.int.test.ts', '**/*.e2e.test.ts', '**/*.browser.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: ['{apps,libs,tools}/**/*.int.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: services,
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          ...shops,
          name: 'e2e',
          include: ['{apps,libs,tools}/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: services,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...shared,
          ...shops,
          name: 'browser',
          include: ['{apps,libs,tools}/**/*.browser.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: [...services, './apps/web/e2e/built-web.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
