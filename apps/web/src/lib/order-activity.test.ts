import { describe, expect, it } from 'vitest';
import type { RouterOutputs } from '@cartwright/sdk';
import { belongsOnTop, withActivity } from './order-activity.ts';
import type { OrderActivity } from './order-activity.ts';

type Page = RouterOutputs['admin']['orders']['list'];

const order = (id: string): Page['items'][number] => ({
  id,
  number: `CW-${id}`,
  status: 'pending',
  paymentStatus: 'unpaid',
  fulfillmentStatus: 'unfulfilled',
  paymentMethod: 'stripe_checkout',
  email: 'ada@example.test',
  itemCount: 1,
  total: { amount: 1_000, currency: 'USD' },
  image: null,
  returnRequested: false,
  createdAt: new Date('2026-05-01T12:00:00Z'),
});

const activity = (change: Partial<OrderActivity>): OrderActivity => ({
  orderId: 'a',
  status: 'pending',
  paymentStatus: 'unpaid',
  fulfillmentStatus: 'unfulfilled',
  returnRequested: false,
  change: 'placed',
  ...change,
});

describe('withActivity', () => {
  it('shows an order’s new states in its place', () => {
    const page = { items: [order('b'), order('a')], nextCursor: null };
    const paid = activity({ status: 'paid', paymentStatus: 'paid', change: 'paid' });
    expect(withActivity(page, paid).items).toEqual([
      order('b'),
      { ...order('a'), status: 'paid', paymentStatus: 'paid' },
    ]);
    expect(withActivity(page, { ...paid, orderId: 'elsewhere' })).toBe(page);
    const asked = withActivity(page, activity({ change: 'updated', returnRequested: true }));
    expect(asked.items[1]).toMatchObject({ id: 'a', returnRequested: true });
  });
});

describe('belongsOnTop', () => {
  it('means new orders where nothing is filtered', () => {
    expect(belongsOnTop(activity({}), {})).toBe(true);
    expect(belongsOnTop(activity({ change: 'paid', status: 'paid' }), {})).toBe(false);
  });

  it('means orders that came to match the filters', () => {
    const paid = activity({ change: 'paid', status: 'paid', paymentStatus: 'paid' });
    expect(belongsOnTop(paid, { status: 'paid' })).toBe(true);
    expect(belongsOnTop(paid, { status: 'paid', payment: 'unpaid' })).toBe(false);
    expect(belongsOnTop({ ...paid, change: 'updated' }, { status: 'paid' })).toBe(false);
    expect(belongsOnTop(activity({}), { status: 'paid' })).toBe(false);
  });

  it('means orders of which a return was asked for, where those are looked for', () => {
    const asked = activity({ change: 'updated', status: 'paid', returnRequested: true });
    expect(belongsOnTop(asked, { returns: 'asked' })).toBe(true);
    expect(belongsOnTop(asked, { returns: 'asked', status: 'pending' })).toBe(false);
    expect(belongsOnTop({ ...asked, returnRequested: false }, { returns: 'asked' })).toBe(false);
    expect(belongsOnTop(asked, {})).toBe(false);
  });

  it('is silent about searches', () => {
    expect(belongsOnTop(activity({}), { q: 'ada' })).toBe(false);
  });
});
