import {
  createCallLimit,
  createCallerFactory,
  createIdempotency,
  router,
  type Principal,
  type RequestContext,
} from '@cartwright/api-core';
import type { Role } from '@cartwright/domain-permissions';
import { nameIntent } from '@cartwright/platform-idempotency';
import { newId } from '@cartwright/platform-mongo';
import { collectingAudit, collectingLogger, memoryIdempotencyKeys } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { toAdminOrderDto } from './order-admin-mapping.ts';
import type { OrderService } from './order-service.ts';
import { createAdminOrdersRouter, createCheckoutRouter, createOrdersRouter } from './orders.router.ts';
import { address, buildOrder } from './order-builders.fixture.ts';

const untouched = { consume: () => Promise.resolve(), refund: () => Promise.resolve() };
const unlimited = createCallLimit({ counts: 'calls', byUser: untouched, byNetwork: untouched });
const order = toAdminOrderDto(buildOrder());
const input = {
  shippingAddress: address,
  shippingMethod: 'standard',
  paymentMethod: 'cash_on_delivery',
  quoteHash: 'h'.repeat(43),
  cartVersion: 1,
} as const;

function setUp({ role = 'customer', key }: { role?: Role | null; key?: string } = {}) {
  const calls: { name: string; args: unknown[] }[] = [];
  const answer =
    (name: string, result: unknown) =>
    async (...args: unknown[]) => {
      calls.push({ name, args });
      return result;
    };
  const orders = {
    place: answer('place', { order, payment: {} }),
    pay: answer('pay', { url: 'https://pay.test/1' }),
    cancel: answer('cancel', order),
    requestReturn: answer('requestReturn', order),
    byId: answer('byId', order),
    admin: {
      list: answer('admin.list', { items: [], nextCursor: null }),
      byId: answer('admin.byId', order),
      endReview: answer('admin.endReview', order),
    },
  } as unknown as OrderService;
  const principal: Principal | null = role && {
    userId: 'u1',
    sessionId: 's',
    role,
    emailVerified: true,
    stepUpUntil: null,
  };
  const ctx: RequestContext = {
    requestId: 'r',
    ip: '127.0.0.1',
    userAgent: 'test',
    transport: 'http',
    idempotencyKeyHeader: key,
    authenticate: async () => principal,
    audit: collectingAudit(),
    logger: collectingLogger().logger,
  };
  const routes = router({
    checkout: createCheckoutRouter({ orders }),
    orders: createOrdersRouter({
      orders,
      idempotency: createIdempotency({ keys: memoryIdempotencyKeys() }),
      limits: { placing: unlimited },
    }),
    admin: createAdminOrdersRouter({ orders }),
  });
  return { calls, caller: createCallerFactory(routes)(ctx) };
}

describe('orders router', () => {
  it('places for the caller, with the key from input or header, which is no part of the input', async () => {
    const idempotencyKey = newId();
    const { calls, caller } = setUp({ key: 'header-key-of-the-call' });
    await caller.orders.place({ ...input, idempotencyKey });
    await caller.orders.place(input);
    const intentOf = (key: string) => nameIntent({ caller: 'user:u1', procedure: 'orders.place', key, input });
    expect(calls.map(({ args }) => args[2])).toEqual([intentOf(idempotencyKey), intentOf('header-key-of-the-call')]);
    expect(calls[0]?.args[0]).toMatchObject({ userId: 'u1', emailVerified: true });
    expect(calls[0]?.args[1]).toEqual(input);
  });

  it('refuses what creates or moves money without a key', async () => {
    const { calls, caller } = setUp();
    const attempts = [
      caller.orders.place(input),
      caller.orders.pay({ orderId: 'o' }),
      caller.orders.cancel({ orderId: 'o' }),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toThrowError('IDEMPOTENCY_KEY_REQUIRED');
    expect(calls).toEqual([]);
  });

  it('asks for a return with and without a key; with one, once, and with an intent for its record', async () => {
    const { calls, caller } = setUp();
    const wish = { orderId: 'o', lines: [{ lineId: 'l', quantity: 1 }], reason: 'Too small' };
    const key = newId();
    await caller.orders.requestReturn(wish);
    await caller.orders.requestReturn(wish);
    await caller.orders.requestReturn({ ...wish, idempotencyKey: key });
    await caller.orders.requestReturn({ ...wish, idempotencyKey: key });
    const intent = nameIntent({ caller: 'user:u1', procedure: 'orders.requestReturn', key, input: wish });
    expect(calls.map(({ args }) => args.slice(1))).toEqual([
      [wish, undefined],
      [wish, undefined],
      [wish, intent],
    ]);
  });

  it.each([
    { ...input, total: 1 },
    { ...input, cartVersion: -1 },
    { ...input, cartVersion: 1.5 },
    { ...input, quoteHash: { $ne: null } },
    { ...input, shippingAddress: { ...address, country: 'USA' } },
    { ...input, successUrl: 'not a url' },
  ])('refuses strange input %#', async (strange) => {
    const { calls, caller } = setUp({ key: newId() });
    await expect(caller.orders.place(strange as typeof input)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(calls).toEqual([]);
  });

  it('is for signed-in customers, and its admin part for those who may', async () => {
    await expect(setUp({ role: null }).caller.orders.byId({ orderId: 'o' })).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
    });
    await expect(setUp().caller.admin.list({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(setUp().caller.admin.endReview({ orderId: 'o' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await setUp({ role: 'staff' }).caller.admin.list({})).toEqual({ items: [], nextCursor: null });
    const { calls, caller } = setUp({ role: 'staff' });
    expect(await caller.admin.endReview({ orderId: 'o' })).toEqual(order);
    expect(calls).toEqual([{ name: 'admin.endReview', args: ['o', 'u1'] }]);
  });
});
