import { describe, expect, it } from 'vitest';
import { EMPTY_COUPON, toCouponInput, validateCoupon } from './coupon-values.ts';

describe('toCouponInput', () => {
  it('turns percent into basis points and prices into minor units', () => {
    const input = toCouponInput(
      { ...EMPTY_COUPON, code: ' SPRING ', percent: 12.5, maximum: 40, minimum: '99.90' },
      'USD',
    );
    expect(input).toEqual({
      code: 'SPRING',
      discount: { kind: 'percentage', basisPoints: 1_250, maximum: 4_000 },
      minimum: 9_990,
      includeSaleItems: true,
      active: true,
    });
  });

  it('leaves out what is not set', () => {
    const input = toCouponInput({ ...EMPTY_COUPON, code: 'SHIP', kind: 'free_shipping', percent: 5 }, 'USD');
    expect(Object.keys(input).sort()).toEqual(['active', 'code', 'discount', 'includeSaleItems']);
    expect(input.discount).toEqual({ kind: 'free_shipping' });
  });
});

describe('validateCoupon', () => {
  it('asks for what the kind needs', () => {
    expect(validateCoupon({ ...EMPTY_COUPON, code: 'OK' }, 'USD')).toEqual({ percent: 'How many percent?' });
    expect(validateCoupon({ ...EMPTY_COUPON, code: 'OK', kind: 'fixed', amount: 5 }, 'USD')).toEqual({});
    expect(validateCoupon({ ...EMPTY_COUPON, code: 'no spaces', kind: 'free_shipping' }, 'USD')).toHaveProperty('code');
  });

  it('wants the end after the start', () => {
    const dates = { startsAt: '2026-11-02T10:00', endsAt: '2026-11-01T10:00' };
    const values = { ...EMPTY_COUPON, code: 'OK', kind: 'free_shipping' as const, ...dates };
    expect(validateCoupon(values, 'USD')).toHaveProperty('endsAt');
  });
});
