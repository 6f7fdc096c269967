import { expect, it } from 'vitest';
import { exportRefetchMs } from './export-refetch.ts';

it('asks on while an export is written, and not once it is over or gone', () => {
  expect(exportRefetchMs({ data: undefined, error: null })).toBe(4_000);
  expect(exportRefetchMs({ data: { state: 'pending' }, error: null })).toBe(4_000);
  expect(exportRefetchMs({ data: { state: 'done' }, error: null })).toBe(false);
  expect(exportRefetchMs({ data: { state: 'failed' }, error: null })).toBe(false);
  expect(exportRefetchMs({ data: { state: 'pending' }, error: new Error('NOT_FOUND') })).toBe(false);
});
