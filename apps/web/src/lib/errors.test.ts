import { describe, expect, it } from 'vitest';
import { refusal } from '../testing/refusal.ts';
import { isRefusal } from './errors.ts';

describe('isRefusal', () => {
  it.each(['PRICE_CHANGED', 'COUPON_EXPIRED', 'SHIPPING_METHOD_UNAVAILABLE', 'VARIANT_UNAVAILABLE'] as const)(
    'is so for %s: what was shown is no longer true',
    (reason) => {
      expect(isRefusal(refusal(reason))).toBe(true);
    },
  );

  it.each(['NETWORK', 'SERVICE_UNAVAILABLE', 'IDEMPOTENCY_IN_PROGRESS', 'INTERNAL'] as const)(
    'is not so for %s: nobody knows what became of it',
    (reason) => {
      expect(isRefusal(refusal(reason))).toBe(false);
    },
  );

  it('is not so for faults of the page, nor without an error', () => {
    expect(isRefusal(new TypeError('x'))).toBe(false);
    expect(isRefusal(null)).toBe(false);
  });
});
