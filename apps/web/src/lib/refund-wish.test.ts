import { describe, expect, it } from 'vitest';
import { refundWish, type RefundForm } from './refund-wish.ts';

const progress = { open: 1, withdrawn: 0, shipped: 2, delivered: 2, returned: 1, refunded: 0 };
const order = {
  id: 'o1',
  total: { amount: 3_000, currency: 'USD' },
  lines: [{ lineId: 'a', progress }],
} as unknown as Parameters<typeof refundWish>[0];
const form = (rest: Partial<RefundForm>): RefundForm => ({
  ...{ full: false, counts: {}, restock: true, shipping: false, amount: undefined },
  ...rest,
});

describe('refundWish', () => {
  it('asks for nothing while nothing is filled in', () => {
    expect(refundWish(order, form({}))).toBeUndefined();
    expect(refundWish(order, form({ counts: { a: 0 }, amount: 0 }))).toBeUndefined();
  });

  it('names what is filled in, and no more pieces for the shelf than can come back', () => {
    expect(refundWish(order, form({ counts: { a: 3 }, shipping: true, amount: 250 }))).toEqual({
      orderId: 'o1',
      lines: [{ lineId: 'a', quantity: 3, restock: 2 }],
      shipping: true,
      amount: { amount: 250, currency: 'USD' },
    });
    expect(refundWish(order, form({ counts: { a: 1 }, restock: false }))?.lines).toEqual([
      { lineId: 'a', quantity: 1 },
    ]);
  });

  it('asks for all by itself', () => {
    expect(refundWish(order, form({ full: true, counts: { a: 1 }, shipping: true }))).toEqual({
      orderId: 'o1',
      full: true,
    });
  });
});
