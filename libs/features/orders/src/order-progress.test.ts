import { money } from '@cartwright/domain-money';
import { allocateRefund, calculatePricing, calculateRefund, type RefundRequest } from '@cartwright/domain-pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refundableOf, standingRefunds } from './order-progress.ts';
import type { Order, OrderRefund } from './order.ts';

const at = new Date('2026-01-15T12:00:00Z');
const eur = (amount: number) => money(amount, 'EUR');

/** Two articles, 100.00 each, one at 19 % and one at 7 %. */
const pricing = calculatePricing({
  currency: 'EUR',
  lines: [
    { lineId: 'a', unitPrice: 5_000, quantity: 2, taxClass: 'standard', eligibleForCoupon: true },
    { lineId: 'b', unitPrice: 10_000, quantity: 1, taxClass: 'reduced', eligibleForCoupon: true },
  ],
  shipping: { label: 'Standard', amount: 599, taxClass: 'standard' },
  tax: { mode: 'inclusive', rates: { standard: 1_900, reduced: 700 } },
});

type Refunded = Pick<Order, 'pricing' | 'paymentId' | 'refunds' | 'status' | 'total'>;
const paid: Refunded = { ...{ pricing, paymentId: 'payment', status: 'paid', refunds: [] }, total: pricing.total };

function withRefund(order: Refunded, refund: Pick<OrderRefund, 'amount' | 'parts' | 'origin'>): Refunded {
  const id = `r${order.refunds.length}`;
  return { ...order, refunds: [...order.refunds, { id, at, paymentId: 'payment', status: 'succeeded', ...refund }] };
}

function ours(order: Refunded, wish: RefundRequest): Refunded {
  const { amount, lines, shipping } = calculateRefund(pricing, standingRefunds(order), wish);
  return withRefund(order, { amount, parts: { lines, shipping } });
}

function elsewhere(order: Refunded, amount: number, origin: 'provider' | 'dispute' = 'provider'): Refunded {
  const parts = allocateRefund(pricing, standingRefunds(order), eur(amount));
  return withRefund(order, { amount: eur(amount), parts, origin });
}

const failed = (order: Refunded, index: number): Refunded => ({
  ...order,
  refunds: order.refunds.map((refund, at) => (at === index ? { ...refund, status: 'failed' } : refund)),
});

/** What the refunds of an order say that they gave back of each line, and of the tax in it. */
function recorded({ refunds }: Refunded) {
  const parts = refunds.flatMap((refund) => refund.parts ?? []);
  const sold = [...pricing.lines.map(({ lineId }) => lineId), 'shipping'];
  return sold.map((wanted) => {
    const of = parts.flatMap(({ lines, shipping }) =>
      wanted === 'shipping' ? (shipping ?? []) : lines.filter(({ lineId }) => lineId === wanted),
    );
    return [of.reduce((sum, { amount }) => sum + amount.amount, 0), of.reduce((sum, { tax }) => sum + tax.amount, 0)];
  });
}

const sold = [...pricing.lines, ...(pricing.shipping ? [pricing.shipping] : [])].map(({ total, tax }) => [
  total.amount,
  tax.amount,
]);

describe('refunds made here and elsewhere', () => {
  it('give back each line and its tax, once', () => {
    const piece = ours(elsewhere(paid, 6_000), { lines: [{ lineId: 'a', quantity: 1 }] });
    expect(recorded(ours(piece, { full: true }))).toEqual(sold);
  });

  it('give back each line and its tax, whatever came in whatever order', () => {
    const step = fc.record({
      kind: fc.constantFrom('provider' as const, 'dispute' as const, 'piece' as const, 'amount' as const),
      lineId: fc.constantFrom('a', 'b'),
      amount: fc.integer({ min: 1, max: 9_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        let order = paid;
        for (const { kind, lineId, amount } of steps) {
          const left = refundableOf(order).amount;
          const pieces = standingRefunds(order).flatMap(({ lines }) => lines);
          const given = pieces.reduce((sum, line) => sum + (line.lineId === lineId ? line.quantity : 0), 0);
          if (kind === 'piece' && given < (lineId === 'a' ? 2 : 1)) {
            order = ours(order, { lines: [{ lineId, quantity: 1 }] });
          } else if (kind !== 'piece' && amount <= left) {
            order = kind === 'amount' ? ours(order, { amount: eur(amount) }) : elsewhere(order, amount, kind);
          }
        }
        if (refundableOf(order).amount > 0) order = ours(order, { full: true });
        expect(recorded(order)).toEqual(sold);
        expect(refundableOf(order).amount).toBe(0);
      }),
    );
  });

  it('leave nothing where all went back elsewhere while one of ours was on its way that failed', () => {
    const both = elsewhere(ours(paid, { amount: eur(2_000) }), pricing.total.amount);
    expect(refundableOf(failed(both, 0)).amount).toBe(0);
  });

  it('leave no less than nothing where one of ours goes through that had failed', () => {
    const mine = ours(paid, { full: true });
    const both = elsewhere(failed(mine, 0), 5_000);
    const revived = { ...both, refunds: both.refunds.map((refund) => ({ ...refund, status: 'succeeded' as const })) };
    expect(refundableOf(revived).amount).toBe(0);
  });
});
