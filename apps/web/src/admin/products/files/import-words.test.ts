import { describe, expect, it } from 'vitest';
import { importWords, isOver, type ImportReportData } from './import-words.ts';

const report: ImportReportData = {
  ...{
    id: 'i',
    dryRun: false,
    state: 'pending',
    rows: 9,
    products: 4,
    applied: 2,
    created: 1,
    updated: 2,
    unchanged: 1,
  },
  ...{ skipped: 0, errors: [], errorCount: 0, createdAt: new Date(0) },
};

describe('an import in words', () => {
  it.each<[Partial<ImportReportData>, string, boolean]>([
    [{}, 'Waiting for its turn…', false],
    [{ state: 'checking' }, 'Looking at the file…', false],
    [{ state: 'applying' }, '2 of 4 products done…', false],
    [{ state: 'refused', errorCount: 1 }, 'Nothing was changed: something is wrong in it.', true],
    [{ state: 'refused', errorCount: 7 }, 'Nothing was changed: 7 things are wrong in it.', true],
    [{ state: 'done', dryRun: true }, '1 product would be created, 2 changed, 1 left as they are.', true],
    [
      { state: 'done', created: 2, skipped: 3 },
      '2 products were created, 2 changed, 1 left as they are, 3 passed over.',
      true,
    ],
    [{ state: 'failed' }, 'It could not be finished. Please send the file again.', true],
  ])('%j', (change, words, over) => {
    expect(importWords({ ...report, ...change })).toBe(words);
    expect(isOver({ ...report, ...change })).toBe(over);
  });
});
