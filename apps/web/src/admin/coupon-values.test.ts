import { describe, expect, it } from 'vitest';
import { EMPTY_COUPON, fromCoupon, toCouponInput, validateCoupon } from './coupon-values.ts';

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

describe('fromCoupon', () => {
  it('brings a coupon back as it was made', () => {
    const values = {
      ...{ ...EMPTY_COUPON, code: 'BACK', percent: 12.5, maximum: 40, minimum: 99.9, totalLimit: 7 },
      ...{ startsAt: '2026-11-01T10:00', endsAt: '2026-11-02T10:00', productIds: ['p'], categoryIds: ['c'] },
    };
    const { minimum = 0, ...input } = toCouponInput(values, 'USD');
    const facts = { id: 'x', currency: 'USD', redeemed: 0, version: 1, createdAt: new Date() };
    const usage = { redeemed: 0, givenBack: 0, customers: 0, discount: { amount: 0, currency: 'USD' } };
    const coupon = { ...input, includeSaleItems: true, active: true, ...facts, usage };
    expect(fromCoupon({ ...coupon, minimum: { amount: minimum, currency: 'USD' } })).toEqual(values);
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
