import { expect, it } from 'vitest';
import { slugOf } from './slug.ts';

it.each([
  ['  Tasse à café – Größe 2! ', 'tasse-a-cafe-gro-e-2'],
  ['茶碗', ''],
  [`${'long '.repeat(40)}`, 'long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long'],
])('%j becomes an address', (title, slug) => {
  expect(slugOf(title)).toBe(slug);
});
