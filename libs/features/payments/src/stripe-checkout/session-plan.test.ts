import { money } from '@cartwright/domain-money';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildOrder, type OrderOptions } from '../testing/build-order.fixture.ts';
import { planSession } from './session-plan.ts';

const now = new Date('2026-03-01T12:00:00.500Z');
const plan = (options: OrderOptions = {}) =>
  planSession({
    order: buildOrder(options),
    successUrl: 'https://shop.test/thanks',
    cancelUrl: 'https://shop.test/cart',
    attemptId: 'attempt-1',
    now,
  });

describe('planSession', () => {
  it('turns lines, discount, tax and shipping into what Stripe adds up', () => {
    const { session, coupon } = plan({ discount: { kind: 'fixed', amount: 500 } });
    expect(session.lines).toEqual([
      { name: 'Product 0', description: 'Sage / M', unitAmount: money(1999, 'USD'), quantity: 2 },
      // 8 % of (39.98 − 5.00), and of the shipping
      { name: 'Tax', unitAmount: money(280 + 48, 'USD'), quantity: 1 },
    ]);
    expect(coupon).toMatchObject({ id: 'cw-attempt-1', amountOff: money(500, 'USD'), name: 'SPRING' });
    expect(session).toMatchObject({
      reference: 'attempt-1',
      coupon: 'cw-attempt-1',
      shipping: { label: 'Standard shipping', amount: money(599, 'USD') },
      customerEmail: 'ada@example.com',
    });
  });

  it('adds no tax line where prices are gross, and charges nothing for shipping that is free', () => {
    const { session, coupon } = plan({ taxMode: 'inclusive', discount: { kind: 'free_shipping' } });
    expect(session.lines.map((line) => line.name)).toEqual(['Product 0']);
    expect(session.shipping?.amount).toEqual(money(0, 'USD'));
    expect(coupon).toBeUndefined();
  });

  it('ends a minute before the hold, within what Stripe allows', () => {
    const seconds = (minutes: number) => Math.floor(now.getTime() / 1000) + minutes * 60;
    const until = (minutes: number) =>
      plan({ holdExpiresAt: new Date(now.getTime() + minutes * 60_000) }).session.expiresAt;
    expect(until(60)).toBe(seconds(59));
    expect(until(5)).toBe(seconds(31));
    expect(until(5 * 24 * 60)).toBe(seconds(23 * 60));
  });

  it('is the same request whenever it is made from what was stored', () => {
    const first = plan();
    expect(structuredClone(first)).toEqual(first);
    expect(JSON.parse(JSON.stringify(first.session))).toEqual(first.session);
  });

  it('always adds up to the total of the order', () => {
    const orders = fc.record({
      taxMode: fc.constantFrom('exclusive' as const, 'inclusive' as const),
      taxBasisPoints: fc.integer({ min: 0, max: 3000 }),
      lines: fc.array(
        fc.record({ unitPrice: fc.integer({ min: 1, max: 500_000 }), quantity: fc.integer({ min: 1, max: 99 }) }),
        {
          minLength: 1,
          maxLength: 6,
        },
      ),
      discount: fc.oneof(
        fc.record({ kind: fc.constant('fixed' as const), amount: fc.integer({ min: 1, max: 100_000 }) }),
        fc.record({ kind: fc.constant('percentage' as const), basisPoints: fc.integer({ min: 1, max: 10_000 }) }),
        fc.constant({ kind: 'free_shipping' as const }),
      ),
      shipping: fc.option(fc.integer({ min: 0, max: 5000 })),
    });
    fc.assert(
      fc.property(orders, (options) => {
        const { session, coupon } = plan(options);
        const goods = session.lines.reduce((sum, line) => sum + line.unitAmount.amount * line.quantity, 0);
        const total = goods - (coupon?.amountOff.amount ?? 0) + (session.shipping?.amount.amount ?? 0);
        expect(total).toBe(buildOrder(options).pricing.total.amount);
        expect(session.lines.every((line) => line.unitAmount.amount > 0)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
