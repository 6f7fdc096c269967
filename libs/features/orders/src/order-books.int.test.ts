import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestShop, reasonOf } from './orders.fixture.ts';

const HOUR = 3_600_000;
const STOCK = 12;
const COUPON_LIMIT = 3;

/** What people, payments and clocks do to orders; the number picks one of those placed so far. */
const steps = fc.record({
  kind: fc.constantFrom('place', 'place', 'cancel', 'expire', 'release', 'pay', 'capture', 'refund'),
  pick: fc.nat(20),
  quantity: fc.integer({ min: 1, max: 4 }),
  withCoupon: fc.boolean(),
  hours: fc.constantFrom(0, 0, 1, 96),
});
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;

const EXPECTED_REFUSALS = new Set([
  undefined,
  'OUT_OF_STOCK',
  'ORDER_NOT_CANCELABLE',
  'ORDER_NOT_PAYABLE',
  'COUPON_LIMIT_REACHED',
]);

describe('the books of stock, coupons and orders', () => {
  it('agree after any history, several things happening at once', async () => {
    await using shop = await createTestShop();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(steps, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 10 }),
        async (history) => {
          run += 1;
          const variantId = `v${run}`;
          const code = `CODE${run}`;
          await shop.stockUp(variantId, STOCK);
          const discount = { kind: 'fixed', amount: 300 } as const;
          await shop.coupons.create({ code, discount, totalLimit: COUPON_LIMIT, includeSaleItems: true, active: true });
          const placed: { id: string; userId: string; total: { amount: number; currency: string } }[] = [];

          const act = async ({ kind, pick, quantity, withCoupon }: Step): Promise<unknown> => {
            const order = placed[pick % Math.max(1, placed.length)];
            if (kind === 'place') {
              const ready = await shop.readyToPlace({ [variantId]: quantity }, withCoupon ? { coupon: code } : {});
              const { order: made } = await ready.place();
              return placed.push({ id: made.id, userId: ready.buyer.userId, total: made.total });
            }
            if (!order) return undefined;
            const { id: orderId, userId, total } = order;
            const at = shop.clock();
            const record = { orderId, paymentId: `pay-${orderId}`, amount: total, at };
            const refund = { ...record, refundId: `refund-${orderId}`, status: 'succeeded' } as const;
            switch (kind) {
              case 'cancel':
                return shop.cancel(userId, { orderId });
              case 'expire':
                return shop.orders.expire(orderId);
              case 'release':
                return shop.orders.releaseHold(orderId);
              case 'pay':
                return shop.orders.pay({ userId }, { orderId });
              case 'capture':
                return shop.mongo.transaction((tx) => shop.orders.recordPayment(record, tx));
              case 'refund':
                return shop.mongo.transaction((tx) => shop.orders.recordRefund(refund, tx));
            }
          };

          for (const together of history) {
            shop.clock.advance(Math.max(...together.map((step) => step.hours)) * HOUR);
            for (const reason of await Promise.all(together.map((step) => reasonOf(act(step))))) {
              if (!EXPECTED_REFUSALS.has(reason as string)) throw reason;
            }
          }

          const orders = await Promise.all(placed.map(({ id }) => shop.orders.load(id)));
          const held = orders.filter((order) => order.hold === 'held');
          const reserved = held.reduce((sum, order) => sum + (order.lines[0]?.quantity ?? 0), 0);
          expect(await shop.stockOf(variantId)).toEqual({
            onHand: STOCK,
            reserved,
            moved: { onHand: STOCK, reserved },
          });
          expect(reserved).toBeLessThanOrEqual(STOCK);

          const redeemed = (await shop.couponRepository.byCode(code))?.redeemed ?? -1;
          const redemptions = await Promise.all(orders.map((order) => shop.couponRepository.redemption(order.id)));
          expect(redeemed).toBe(redemptions.filter((redemption) => redemption?.status === 'redeemed').length);
          expect(redeemed).toBeLessThanOrEqual(COUPON_LIMIT);

          for (const order of orders) {
            if (order.status === 'canceled') expect(order.hold).toBe('released');
            if (order.status === 'paid') expect(order.paymentId).toBe(`pay-${order.id}`);
            const sum = order.pricing.steps
              .filter((step) => step.kind !== 'total')
              .reduce((total, step) => total + step.amount.amount, 0);
            expect(sum).toBe(order.total.amount);
            expect(order.version).toBeGreaterThanOrEqual(order.timeline.length > 1 ? 2 : 1);
          }
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);
});
