import { newId } from '@cartwright/platform-mongo';
import { describe, expect, it } from 'vitest';
import { createTestShop, reasonOf } from './orders.fixture.ts';
import type { OrderCaller } from './guest-access.ts';
import { progressOf } from './order-progress.ts';

const DAY_MS = 86_400_000;

/** An order of three of one thing and two of another that arrived, but for one of the second. */
async function delivered() {
  const shop = await createTestShop();
  await shop.stockUp('a', 10);
  await shop.stockUp('b', 10);
  const ready = await shop.readyToPlace({ a: 3, b: 2 });
  const { order } = await ready.place();
  await shop.capture(order);
  const lineOf = (variantId: string) => order.lines.find((line) => line.variantId === variantId)?.lineId ?? '';
  const [a, b] = [lineOf('a'), lineOf('b')];
  const { fulfilment, returns } = shop.office;
  const orderId = order.id;
  await fulfilment.startProcessing(orderId, 'clerk');
  const parcel = { orderId, carrier: 'DHL', trackingNumber: 'JD01' };
  const lines = [
    { lineId: a, quantity: 3 },
    { lineId: b, quantity: 1 },
  ];
  await fulfilment.ship({ ...parcel, lines }, 'clerk', shop.staffIntent('admin.orders.ship', parcel));
  await fulfilment.markDelivered({ orderId }, 'clerk');

  const caller: OrderCaller = { userId: ready.buyer.userId };
  const ask = (
    pieces: Record<string, number>,
    { key = newId(), by = caller }: { key?: string; by?: OrderCaller } = {},
  ) => {
    const input = {
      orderId,
      lines: Object.entries(pieces).map(([lineId, quantity]) => ({ lineId, quantity })),
      reason: 'Too small',
    };
    return shop.orders.requestReturn(by, input, shop.intentOf('orders.requestReturn', String(by.userId), input, key));
  };
  const answer = (requestId: string, accept: boolean, text?: string) =>
    returns.answerReturn({ orderId, requestId, accept, ...(text === undefined ? {} : { answer: text }) }, 'clerk');
  const takeBack = (pieces: { lineId: string; quantity: number }[], restock = true) => {
    const back = { orderId, lines: pieces, restock };
    return fulfilment.markReturned(back, 'clerk', shop.staffIntent('admin.orders.markReturned', back));
  };
  const refund = (pieces: { lineId: string; quantity: number; restock?: number }[]) => {
    const wish = { orderId, lines: pieces, reason: 'Sent back' };
    const intent = shop.staffIntent('admin.orders.refund', wish);
    return shop.office.refunds.refund(wish, { userId: 'clerk', isUnlimited: true }, intent);
  };
  return { shop, orderId, a, b, ask, answer, takeBack, refund };
}

describe('asking for a return', () => {
  it('without a key asks each time, for what is left', async () => {
    const { shop, orderId, a } = await delivered();
    await using _shop = shop;
    const { userId } = await shop.orders.load(orderId);
    const ask = () =>
      shop.orders.requestReturn({ userId }, { orderId, lines: [{ lineId: a, quantity: 1 }], reason: 'Too small' });
    await ask();
    expect((await ask()).returnRequests).toHaveLength(2);
  });

  it('is kept with the order, told to its buyer and staff, and counted', async () => {
    const { shop, orderId, a, b, ask } = await delivered();
    await using _shop = shop;
    const order = await ask({ [a]: 2 });
    expect(order.returnRequests).toMatchObject([
      { lines: [{ lineId: a, quantity: 2 }], reason: 'Too small', status: 'asked' },
    ]);
    const returnable = Object.fromEntries(order.lines.map(({ lineId, progress }) => [lineId, progress.returnable]));
    expect(returnable).toEqual({ [a]: 1, [b]: 1 });
    expect(order.timeline.at(-1)).toMatchObject({ by: 'customer', text: 'Asked to return 2 pieces' });
    expect(await shop.eventTypes()).toContain('order.return_requested');
    expect((await shop.orders.admin.byId(orderId)).returnRequests).toEqual(order.returnRequests);
  });

  it('is refused for more than arrived, what was asked for, the wrong lines, and other people', async () => {
    const { shop, a, b, ask } = await delivered();
    await using _shop = shop;
    expect(await reasonOf(ask({ [b]: 2 }))).toBe('QUANTITY_EXCEEDED');
    await ask({ [a]: 3 });
    await expect(ask({ [a]: 1 })).rejects.toMatchObject({ details: { lineId: a, maximum: 0 } });
    expect(await reasonOf(ask({ unknown: 1 }))).toBe('INVALID_INPUT');
    expect(await reasonOf(ask({ [b]: 1 }, { by: { userId: 'somebody' } }))).toBe('NOT_FOUND');
    expect(await reasonOf(ask({ [b]: 1 }, { by: { orderToken: 'x'.repeat(43) } }))).toBe('NOT_FOUND');
  });

  it('is refused once its time is over', async () => {
    const { shop, a, ask } = await delivered();
    await using _shop = shop;
    shop.clock.advance(30 * DAY_MS);
    await ask({ [a]: 1 });
    shop.clock.advance(1);
    await expect(ask({ [a]: 1 })).rejects.toMatchObject({ reason: 'RETURN_TOO_LATE', details: { maximum: 0 } });
  });

  it('has one effect for one intent, and of many at once takes no more than there is', async () => {
    const { shop, orderId, a, ask } = await delivered();
    await using _shop = shop;
    const key = newId();
    await ask({ [a]: 1 }, { key });
    await ask({ [a]: 1 }, { key });
    expect((await shop.orders.load(orderId)).returnRequests).toHaveLength(1);
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => reasonOf(ask({ [a]: 1 }))));
    expect(outcomes.filter((reason) => reason === undefined)).toHaveLength(2);
    expect(outcomes.filter((reason) => reason === 'QUANTITY_EXCEEDED')).toHaveLength(4);
    expect((await shop.orders.load(orderId)).returnRequests).toHaveLength(3);
  });
});

describe('the shop', () => {
  it('finds and counts the orders that wait for an answer, until all of theirs have one', async () => {
    const { shop, orderId, a, b, ask, answer } = await delivered();
    await using _shop = shop;
    const { list, counts } = shop.orders.admin;
    const waiting = async () => (await list({ limit: 10, returnRequested: true })).items.map(({ id }) => id);
    expect(await waiting()).toEqual([]);
    expect((await list({ limit: 10 })).items).toMatchObject([{ id: orderId, returnRequested: false }]);
    const first = (await ask({ [a]: 1 })).returnRequests[0]?.id ?? '';
    const second = (await ask({ [b]: 1 })).returnRequests[1]?.id ?? '';
    expect(await waiting()).toEqual([orderId]);
    expect(await counts()).toEqual({ returnRequested: 1 });
    await answer(first, true);
    expect((await list({ limit: 10 })).items).toMatchObject([{ id: orderId, returnRequested: true }]);
    await answer(second, false, 'It was worn');
    expect(await waiting()).toEqual([]);
    expect(await counts()).toEqual({ returnRequested: 0 });
  });
});

describe('pieces and their money', () => {
  it('go apart: one that was refunded alone may still be asked for and come back, once', async () => {
    const { shop, a, ask, answer, refund, takeBack } = await delivered();
    await using _shop = shop;
    const { order } = await refund([{ lineId: a, quantity: 3 }]);
    const progress = order.lines.find(({ lineId }) => lineId === a)?.progress;
    expect(progress).toMatchObject({ refunded: 3, returned: 0, returnable: 3 });
    const [request] = (await ask({ [a]: 2 })).returnRequests;
    await answer(request?.id ?? '', true);
    await takeBack([{ lineId: a, quantity: 2 }]);
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 9 });
    expect(await reasonOf(takeBack([{ lineId: a, quantity: 2 }]))).toBe('QUANTITY_EXCEEDED');
    expect(await reasonOf(ask({ [a]: 2 }))).toBe('QUANTITY_EXCEEDED');
  });

  it('that a refund put on the shelf again have come back, and do so no second time', async () => {
    const { shop, a, b, ask, refund, takeBack } = await delivered();
    await using _shop = shop;
    const { order } = await refund([{ lineId: a, quantity: 3, restock: 3 }]);
    const progress = order.lines.find(({ lineId }) => lineId === a)?.progress;
    expect(progress).toMatchObject({ refunded: 3, returned: 3, returnable: 0 });
    for (const restock of [true, false]) {
      await expect(takeBack([{ lineId: a, quantity: 1 }], restock)).rejects.toMatchObject({
        ...{ reason: 'QUANTITY_EXCEEDED', details: { lineId: a, maximum: 0 } },
      });
    }
    expect(await reasonOf(ask({ [a]: 1 }))).toBe('QUANTITY_EXCEEDED');
    // What has not been sent yet is given up with its money: nothing is with the buyer any more.
    await takeBack([{ lineId: b, quantity: 1 }]);
    const { order: done } = await refund([{ lineId: b, quantity: 2 }]);
    expect(done).toMatchObject({ fulfillmentStatus: 'returned' });
    expect(await shop.stockOf('a')).toEqual({ onHand: 10, reserved: 0, moved: { onHand: 10, reserved: 0 } });
    expect(await shop.stockOf('b')).toEqual({ onHand: 10, reserved: 0, moved: { onHand: 10, reserved: 0 } });
  });

  it('go on the shelf with the refund of what came back broken, when it turns out not to be', async () => {
    const { shop, a, refund, takeBack } = await delivered();
    await using _shop = shop;
    await takeBack([{ lineId: a, quantity: 2 }], false);
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 7 });
    const { order } = await refund([{ lineId: a, quantity: 1, restock: 1 }]);
    expect(order.lines.find(({ lineId }) => lineId === a)?.progress).toMatchObject({ refunded: 1, returned: 2 });
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 8 });
  });
});

describe('pieces that a refund put on the shelf', () => {
  it('are others than one that comes back broken later; all are back then, once', async () => {
    const { shop, orderId, a, b, ask, refund, takeBack } = await delivered();
    await using _shop = shop;
    await refund([{ lineId: b, quantity: 2, restock: 2 }]);
    shop.clock.advance(1);
    await refund([{ lineId: a, quantity: 2, restock: 2 }]);
    shop.clock.advance(1);
    const order = await takeBack([{ lineId: a, quantity: 1 }], false);
    expect(order).toMatchObject({ fulfillmentStatus: 'returned' });
    expect(order.lines.find(({ lineId }) => lineId === a)?.progress).toMatchObject({ returned: 3, returnable: 0 });
    expect(await reasonOf(ask({ [a]: 1 }))).toBe('QUANTITY_EXCEEDED');
    expect((await shop.orders.load(orderId)).returns).toHaveLength(1);
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 9 });
    // Whatever becomes of the money later, the pieces were there before.
    for (const state of ['succeeded', 'failed'] as const) {
      shop.clock.advance(1);
      for (const { id } of (await shop.orders.load(orderId)).refunds) await shop.settleRefund(orderId, id, state);
      const progress = progressOf(await shop.orders.load(orderId));
      expect(progress.find(({ lineId }) => lineId === a)).toMatchObject({ returned: 3 });
    }
  });

  it('leave room for no second entry of one that came back broken', async () => {
    const { shop, a, refund, takeBack } = await delivered();
    await using _shop = shop;
    await refund([{ lineId: a, quantity: 2, restock: 2 }]);
    shop.clock.advance(1);
    await takeBack([{ lineId: a, quantity: 1 }], false);
    await expect(takeBack([{ lineId: a, quantity: 1 }], true)).rejects.toMatchObject({
      ...{ reason: 'QUANTITY_EXCEEDED', details: { lineId: a, maximum: 0 } },
    });
    expect(await shop.stockOf('a')).toMatchObject({ onHand: 9 });
  });
});

describe('answering', () => {
  it('tells the buyer once; a declined one can be asked for again, an accepted one comes back once', async () => {
    const { shop, orderId, a, ask, answer, takeBack } = await delivered();
    await using _shop = shop;
    const first = (await ask({ [a]: 2 })).returnRequests[0]?.id ?? '';
    const declined = await answer(first, false, 'It was worn');
    expect(declined.returnRequests).toMatchObject([{ status: 'declined', answer: 'It was worn' }]);
    expect(JSON.stringify(declined.returnRequests)).not.toContain('clerk');
    expect(await reasonOf(answer(first, true))).toBe('ILLEGAL_TRANSITION');
    const second = (await ask({ [a]: 2 })).returnRequests[1]?.id ?? '';
    const outcomes = await Promise.all([answer(second, true), answer(second, true)].map((one) => reasonOf(one)));
    expect(outcomes.filter((reason) => reason === undefined)).toHaveLength(1);
    const returnable = async () => (await shop.orders.admin.byId(orderId)).lines[0]?.progress.returnable;
    expect(await returnable()).toBe(1);
    await takeBack([{ lineId: a, quantity: 2 }]);
    expect(await returnable()).toBe(1);
    const types = await shop.eventTypes();
    expect(types.filter((type) => type === 'order.return_answered')).toHaveLength(2);
    expect(await reasonOf(answer('none', true))).toBe('NOT_FOUND');
  });
});
