import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateCoupon, normalizeCouponCode } from './index.ts';
import type { Coupon, CouponContext, CouponLine } from './index.ts';

const now = new Date('2026-05-01T12:00:00Z');
const earlier = new Date('2026-04-01T00:00:00Z');
const later = new Date('2026-06-01T00:00:00Z');

function coupon(rest: Partial<Coupon> = {}): Coupon {
  return {
    id: 'c1',
    code: 'HELLO',
    discount: { kind: 'percentage', basisPoints: 1000 },
    currency: 'USD',
    active: true,
    includeSaleItems: true,
    redeemed: 0,
    ...rest,
  };
}

function line(lineId: string, rest: Partial<CouponLine> = {}): CouponLine {
  return { lineId, productId: `p-${lineId}`, categoryIds: [], subtotal: 1000, onSale: false, ...rest };
}

function evaluate(rules: Partial<Coupon>, context: Partial<CouponContext> = {}) {
  return evaluateCoupon(coupon(rules), {
    lines: [line('a'), line('b')],
    currency: 'USD',
    now,
    redemptionsByCustomer: 0,
    ...context,
  });
}

describe('evaluateCoupon', () => {
  it('covers every line without restrictions', () => {
    expect(evaluate({})).toEqual({
      ok: true,
      eligibleLineIds: ['a', 'b'],
      discount: { kind: 'percentage', basisPoints: 1000 },
    });
  });

  it('is good from its first moment until its last, and up to its limits', () => {
    const bounds = { startsAt: now, endsAt: later, totalLimit: 3, redeemed: 2, perCustomerLimit: 2, minimum: 2_000 };
    expect(evaluate(bounds, { redemptionsByCustomer: 1 })).toMatchObject({ ok: true });
    expect(evaluate({ startsAt: earlier, endsAt: new Date(now.getTime() + 1) })).toMatchObject({ ok: true });
    expect(evaluate({ totalLimit: 3, redeemed: 3 })).toMatchObject({ reason: 'COUPON_LIMIT_REACHED' });
    expect(evaluate({ perCustomerLimit: 2 }, { redemptionsByCustomer: 2 })).toMatchObject({
      reason: 'COUPON_ALREADY_USED',
    });
  });

  it('says when it begins and when it ended', () => {
    expect(evaluate({ startsAt: later })).toMatchObject({ details: { startsAt: later } });
    expect(evaluate({ endsAt: earlier })).toMatchObject({ details: { endedAt: earlier } });
  });

  it('takes sale items in or leaves them out', () => {
    const lines = [line('a', { onSale: true }), line('b')];
    expect(evaluate({ includeSaleItems: true }, { lines })).toMatchObject({ eligibleLineIds: ['a', 'b'] });
    expect(evaluate({ includeSaleItems: false }, { lines })).toMatchObject({ eligibleLineIds: ['b'] });
  });

  it.each<[string, Partial<Coupon>, Partial<CouponContext>, string]>([
    ['switched off', { active: false }, {}, 'COUPON_INACTIVE'],
    ['not begun', { startsAt: later }, {}, 'COUPON_NOT_STARTED'],
    ['over', { endsAt: earlier }, {}, 'COUPON_EXPIRED'],
    ['over at this very moment', { endsAt: now }, {}, 'COUPON_EXPIRED'],
    ['in another currency', { currency: 'EUR' }, {}, 'COUPON_WRONG_CURRENCY'],
    ['used up', { totalLimit: 3, redeemed: 3 }, {}, 'COUPON_LIMIT_REACHED'],
    ['used by this customer', { perCustomerLimit: 1 }, { redemptionsByCustomer: 1 }, 'COUPON_ALREADY_USED'],
    ['for other products', { productIds: ['p-x'] }, {}, 'COUPON_NOT_APPLICABLE'],
    ['for other categories', { categoryIds: ['k'] }, {}, 'COUPON_NOT_APPLICABLE'],
    [
      'not for sale items',
      { includeSaleItems: false },
      { lines: [line('a', { onSale: true })] },
      'COUPON_NOT_APPLICABLE',
    ],
    ['for larger carts', { minimum: 2001 }, {}, 'COUPON_MINIMUM_NOT_MET'],
    ['on an empty cart', {}, { lines: [] }, 'COUPON_NOT_APPLICABLE'],
  ])('refuses one that is %s', (_name, rules, context, reason) => {
    expect(evaluate(rules, context)).toMatchObject({ ok: false, reason });
  });

  it('counts the minimum over eligible lines only and says what it is', () => {
    expect(evaluate({ minimum: 1500, productIds: ['p-a'] })).toEqual({
      ok: false,
      reason: 'COUPON_MINIMUM_NOT_MET',
      details: { minimum: { amount: 1500, currency: 'USD' } },
    });
    expect(evaluate({ minimum: 2000 })).toMatchObject({ ok: true });
  });

  it('takes products or categories, ancestors included', () => {
    const lines = [line('a'), line('b', { categoryIds: ['shoes', 'clothes'] }), line('c')];
    expect(evaluate({ productIds: ['p-a'], categoryIds: ['clothes'] }, { lines })).toMatchObject({
      eligibleLineIds: ['a', 'b'],
    });
  });

  it('never covers a line that is not in the cart', () => {
    const lines = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e')).map((ids) => ids.map((id) => line(id)));
    fc.assert(
      fc.property(lines, fc.uniqueArray(fc.constantFrom('p-a', 'p-b', 'p-x')), (list, productIds) => {
        const result = evaluate({ productIds }, { lines: list });
        if (!result.ok) return;
        const ids = list.map((entry) => entry.lineId);
        expect(result.eligibleLineIds.length).toBeGreaterThan(0);
        expect(result.eligibleLineIds.every((id) => ids.includes(id))).toBe(true);
      }),
    );
  });
});

describe('normalizeCouponCode', () => {
  it.each([' hello ', 'HELLO', 'Hello'])('reads %j as HELLO', (code) => {
    expect(normalizeCouponCode(code)).toBe('HELLO');
  });
});
