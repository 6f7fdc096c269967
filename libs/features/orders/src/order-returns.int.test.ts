import { newId } from '@cartwright/platform-mongo';
import { describe, expect, it } from 'vitest';
import { createTestShop, reasonOf } from './orders.fixture.ts';
import type { OrderCaller } from './guest-access.ts';

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
  const takeBack = (pieces: { lineId: string; quantity: number }[]) => {
    const back = { orderId, lines: pieces, restock: true };
    return fulfilment.markReturned(back, 'clerk', shop.staffIntent('admin.orders.markReturned', back));
  };
  return { shop, orderId, a, b, ask, answer, takeBack };
}

describe('asking for a return', () => {
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
