import { describe, expect, it } from 'vitest';
import { compact, localPath } from './search-params.ts';

describe('localPath', () => {
  it('keeps addresses of this site', () => {
    expect(localPath('/checkout')).toBe('/checkout');
    expect(localPath('/orders/1?payment=success')).toBe('/orders/1?payment=success');
  });

  it.each([
    'https://evil.test',
    '//evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    'javascript:alert(1)',
    '',
    undefined,
    7,
  ])('ignores %s', (value) => expect(localPath(value)).toBeUndefined());
});

describe('compact', () => {
  it('drops undefined and keeps every other empty value', () => {
    expect(compact({ a: undefined, b: 0, c: '', d: null, e: false })).toEqual({ b: 0, c: '', d: null, e: false });
  });
});
