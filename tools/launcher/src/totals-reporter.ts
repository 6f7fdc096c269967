import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import { formatTable } from './report.ts';

type Totals = { passed: number; failed: number; skipped: number };

/** Counts tests by project; a file that could not be run at all counts as one failed test. */
export function countTests(modules: readonly Pick<TestModule, 'project' | 'children' | 'state' | 'errors'>[]) {
  const projects = new Map<string, Totals>();
  for (const module of modules) {
    const name = module.project.name || 'tests';
    const totals = projects.get(name) ?? { passed: 0, failed: 0, skipped: 0 };
    projects.set(name, totals);
    let failedTests = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') totals.passed += 1;
      else if (state === 'failed') failedTests += 1;
      else totals.skipped += 1;
    }
    totals.failed += failedTests;
    if (failedTests === 0 && module.state() === 'failed') totals.failed += 1;
  }
  return projects;
}

/**
 * Prints one line per kind of test after vitest's own report. With CARTWRIGHT_TEST_TOTALS set to a file name, the sums
 * are written there as JSON.
 */
function createTotalsReporter(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const projects = countTests(modules);
      const sum: Totals = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
      for (const totals of projects.values()) {
        sum.passed += totals.passed;
        sum.failed += totals.failed;
        sum.skipped += totals.skipped;
      }
      const row = (name: string, { passed, failed, skipped }: Totals) => [
        name,
        `${passed} passed`,
        `${failed} failed`,
        skipped > 0 ? `${skipped} skipped` : '',
      ];
      const rows = [...projects].map(([name, totals]) => row(name, totals));
      process.stdout.write(`\n${formatTable([...rows, row('all', sum)])}\n`);
      const file = process.env['CARTWRIGHT_TEST_TOTALS'];
      if (file) writeFileSync(file, JSON.stringify(sum));
    },
  };
}

export default createTotalsReporter;
