import { expect, it } from 'vitest';
import { detailWords } from './audit-words.ts';

it('writes details in one line', () => {
  expect(detailWords(undefined)).toBe('');
  expect(detailWords({ role: 'staff', until: new Date('2026-03-01T10:00:00Z'), count: 2 })).toBe(
    'role: staff, until: 2026-03-01T10:00:00.000Z, count: 2',
  );
});
