import { createOutbox } from '@cartwright/platform-outbox';
import { testRedis } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { createOrderImport } from './order-import.ts';
import { address } from './order-builders.fixture.ts';
import { createTestShop, reasonOf } from './orders.fixture.ts';

describe('importing past orders', () => {
  it('keeps each order together with what follows from it, once', async () => {
    await using shop = await createTestShop();
    await using cache = await testRedis();
    await shop.stockUp('a', 10);
    const followed: string[] = [];
    let failing = true;
    const { importOrders } = createOrderImport({
      mongo: shop.mongo,
      orders: shop.orderRepository,
      carts: shop.carts,
      coupons: shop.coupons,
      stock: shop.stock,
      outbox: createOutbox({ mongo: shop.mongo, redis: cache.redis }),
      settings: { current: async () => shop.settings },
      ports: {
        customersByEmail: async () => new Map([['ada@cartwright.test', { id: 'ada' }]]),
        variantIdsBySku: async () => new Map([['SKU-a', 'a']]),
        onImported: async (orderId, tx) => {
          if (failing) throw new Error('the process dies');
          expect(await shop.orderRepository.byId(orderId, tx)).not.toBeNull();
          followed.push(orderId);
        },
      },
    });
    const order = {
      reference: 'old-1',
      customerEmail: 'ada@cartwright.test',
      placedAt: new Date('2026-01-01T12:00:00.000Z'),
      lines: [{ sku: 'SKU-a', quantity: 2 }],
      shippingAddress: address,
      shippingMethod: 'standard',
      paymentMethod: 'stripe_checkout' as const,
      state: 'paid' as const,
    };
    await expect(importOrders([order])).rejects.toThrow('the process dies');
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 0 });
    failing = false;
    expect(await importOrders([order])).toBe(1);
    expect(await importOrders([order])).toBe(0);
    expect(followed.length).toBe(1);
    expect((await shop.orders.list('ada', { limit: 10 })).items).toMatchObject([{ status: 'paid' }]);
    expect(await shop.stockOf('a')).toMatchObject({ reserved: 2, moved: { reserved: 2 } });

    const [orderId = ''] = followed;
    const seen = await shop.orders.admin.byId(orderId);
    expect(seen).toMatchObject({ paidElsewhere: true, refundable: { amount: 0 } });
    expect(seen.actions).not.toContain('refund');
    const wish = { orderId, full: true };
    const clerk = { userId: 'clerk', isUnlimited: true };
    const refund = shop.office.refunds.refund({ ...wish, reason: 'No' }, clerk, shop.staffIntent('refund', wish));
    expect(await reasonOf(refund)).toBe('PAID_ELSEWHERE');
    expect(await reasonOf(shop.office.refunds.preview(wish, clerk))).toBe('PAID_ELSEWHERE');
    expect(await shop.orders.admin.byId(orderId)).toEqual(seen);
  });
});
