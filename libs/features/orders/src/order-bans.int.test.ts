import { canTransition } from '@cartwright/domain-orders';
import { describe, expect, it } from 'vitest';
import { createTestShop } from './orders.fixture.ts';

const userId = 'bad-user';

describe('a ban', () => {
  it('cancels what is unpaid, gives its goods back, and holds what is paid for review', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('v1', 10);
    const place = async (rest: object = {}) => {
      const ready = await shop.readyToPlace({ v1: 1 }, { userId, ...rest });
      const { order } = await ready.place();
      return shop.orders.load(order.id);
    };
    const unpaid = await place();
    const cash = await place({ paymentMethod: 'cash_on_delivery' });
    const paid = await place();
    const { amount, currency } = paid.total;
    const payment = { orderId: paid.id, paymentId: 'p1', amount: { amount, currency }, at: shop.clock() };
    await shop.mongo.transaction((tx) => shop.orders.recordPayment(payment, tx));
    const processing = await place();
    await shop.mongo.transaction((tx) => shop.orders.recordProcessing({ orderId: processing.id }, tx));
    const other = await shop.readyToPlace({ v1: 1 }, { userId: 'good-user' });
    const { order: untouched } = await other.place();

    // Not banned yet: a job that comes too early does nothing.
    await shop.orders.applyBan(userId);
    expect(await shop.orders.load(unpaid.id)).toMatchObject({ status: 'pending' });

    shop.banned.add(userId);
    await Promise.all([shop.orders.applyBan(userId), shop.orders.applyBan(userId)]);
    await shop.orders.applyBan(userId);
    for (const { id } of [unpaid, cash]) {
      expect(await shop.orders.load(id)).toMatchObject({
        status: 'canceled',
        cancelReason: 'banned',
        hold: 'released',
      });
    }
    expect(shop.payments.expired).toContain(unpaid.id);
    const held = await shop.orders.load(paid.id);
    expect(held).toMatchObject({ status: 'paid', reviewSince: shop.clock() });
    expect(canTransition(held, { machine: 'fulfillment', to: 'processing' })).toBe(false);
    expect(await shop.orders.admin.byId(paid.id)).toMatchObject({ inReview: true });
    expect(await shop.orders.load(processing.id)).toMatchObject({ status: 'pending', reviewSince: shop.clock() });
    expect(await shop.orders.load(untouched.id)).toMatchObject({ status: 'pending' });
    expect((await shop.stockOf('v1')).reserved).toBe(3);
    expect((await shop.eventTypes()).filter((type) => type === 'order.canceled')).toHaveLength(2);

    shop.banned.delete(userId);
    await shop.orders.applyBan(userId);
    const free = await shop.orders.load(paid.id);
    expect(free.reviewSince).toBeUndefined();
    expect(canTransition(free, { machine: 'fulfillment', to: 'processing' })).toBe(true);
    expect(await shop.orders.load(unpaid.id)).toMatchObject({ status: 'canceled' });
  });

  it('keeps an order whose buyer was faster, for review', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('v1', 10);
    const { place } = await shop.readyToPlace({ v1: 1 }, { userId });
    const { order } = await place();
    shop.banned.add(userId);
    shop.payments.outcome = 'completed';
    await shop.orders.applyBan(userId);
    const held = await shop.orders.load(order.id);
    expect(held).toMatchObject({ status: 'pending', reviewSince: shop.clock() });
  });

  it('holds an order no more once staff have looked at it, until there is another ban', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('v1', 10);
    const { place } = await shop.readyToPlace({ v1: 1 }, { userId });
    const { order } = await place();
    const { amount, currency } = order.total;
    const payment = { orderId: order.id, paymentId: 'p1', amount: { amount, currency }, at: shop.clock() };
    await shop.mongo.transaction((tx) => shop.orders.recordPayment(payment, tx));
    const { version } = await shop.orders.load(order.id);
    await shop.orders.admin.endReview(order.id, 'clerk');
    expect(await shop.orders.load(order.id)).toMatchObject({ version });
    await expect(shop.orders.admin.endReview('nothing', 'clerk')).rejects.toThrow('NOT_FOUND');

    shop.banned.add(userId);
    await shop.orders.applyBan(userId);
    const seen = await shop.orders.admin.endReview(order.id, 'clerk');
    expect(seen).toMatchObject({ inReview: false, status: 'paid' });
    expect(seen.timeline.at(-1)).toMatchObject({ by: 'staff', text: 'No longer held for review' });
    const told = (await shop.office.desk.timeline(order.id)).items.at(-1);
    expect(told).toMatchObject({ by: 'staff', actor: { id: 'clerk' } });
    await shop.orders.applyBan(userId);
    const free = await shop.orders.load(order.id);
    expect(free.reviewSince).toBeUndefined();
    expect(canTransition(free, { machine: 'fulfillment', to: 'processing' })).toBe(true);

    shop.banned.delete(userId);
    await shop.orders.applyBan(userId);
    shop.banned.add(userId);
    await shop.orders.applyBan(userId);
    expect(await shop.orders.admin.byId(order.id)).toMatchObject({ inReview: true });
  });

  it('tries the others when one order fails, and comes again', async () => {
    await using shop = await createTestShop();
    await shop.stockUp('v1', 10);
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const { place } = await shop.readyToPlace({ v1: 1 }, { userId });
      ids.push((await place()).order.id);
    }
    shop.banned.add(userId);
    let calls = 0;
    shop.payments.whileExpiring = async () => {
      calls += 1;
      if (calls === 1) throw new Error('provider is away');
    };
    await expect(shop.orders.applyBan(userId)).rejects.toThrow('provider is away');
    const statuses = async () => Promise.all(ids.map(async (id) => (await shop.orders.load(id)).status));
    expect((await statuses()).filter((status) => status === 'canceled')).toHaveLength(2);
    await shop.orders.applyBan(userId);
    expect(await statuses()).toEqual(['canceled', 'canceled', 'canceled']);
  });
});
