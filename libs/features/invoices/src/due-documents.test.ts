import type { RefundRequest } from '@cartwright/domain-pricing';
import type { Order, OrderRefund } from '@cartwright/feature-orders';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueDocuments } from './due-documents.ts';
import type { DocumentContent } from './invoice.ts';
import { taxShares } from './invoice-print.ts';
import { buildOrder, cash, LAMPS, paid, sent, usd, withRefund } from './invoices.fixture.ts';

const kinds = (order: Order) => dueDocuments(order).map(({ kind, source, total }) => [kind, source, total]);
const sumOf = (lines: DocumentContent['lines'], pick: 'total' | 'tax') =>
  lines.reduce((sum, line) => sum + line[pick], 0);

describe('the documents of an order', () => {
  it('are none while nobody paid, and an invoice over the whole then', () => {
    expect(dueDocuments(buildOrder())).toEqual([]);
    expect(dueDocuments(buildOrder({ status: 'canceled' }))).toEqual([]);
    expect(dueDocuments(buildOrder(paid))).toMatchObject([
      {
        kind: 'invoice',
        total: 2_859,
        paidAt: paid.paidAt,
        lines: [
          { title: 'Lamp line-1', detail: 'LAMP', quantity: 2, unitPrice: 1_000, tax: 200, total: 2_200 },
          { title: 'Standard', quantity: 1, unitPrice: 599, tax: 60, total: 659 },
        ],
      },
    ]);
  });

  it('are an invoice over nothing where nothing was due', () => {
    const free = { ...LAMPS, discount: { kind: 'percentage', basisPoints: 10_000 }, shipping: undefined } as const;
    const order = buildOrder({ ...paid, paymentId: 'none' }, free);
    expect(kinds(order)).toEqual([['invoice', order.id, 0]]);
  });

  it('come with the first parcel where cash is paid on delivery, and only then', () => {
    expect(dueDocuments(buildOrder(cash))).toEqual([]);
    const [invoice] = dueDocuments(buildOrder({ ...cash, ...sent }));
    expect(invoice).toMatchObject({ kind: 'invoice', total: 2_859 });
    expect(invoice).not.toHaveProperty('paidAt');
    expect(dueDocuments(buildOrder({ ...cash, ...sent, ...paid }))).toHaveLength(1);
    expect(dueDocuments(buildOrder(sent))).toEqual([]);
  });

  it('take back what was sent, came back and was canceled unpaid', () => {
    const order = buildOrder({ ...cash, ...sent, status: 'canceled', fulfillmentStatus: 'returned' });
    expect(kinds(order)).toEqual([
      ['invoice', order.id, 2_859],
      ['credit_note', `${order.id}/undelivered`, 2_859],
    ]);
  });

  it('are none for an order that was paid in another system', () => {
    const elsewhere = { status: 'paid', paymentStatus: 'refunded', paidAt: paid.paidAt } as const;
    const back = { id: 'r', amount: usd(2_859), status: 'succeeded', at: paid.paidAt } as const;
    expect(dueDocuments(buildOrder({ ...elsewhere, refunds: [back] }))).toEqual([]);
    expect(dueDocuments(buildOrder({ ...elsewhere, ...cash, ...sent }))).toEqual([]);
  });

  it('have a credit note for each refund that went through, and for none that did not or was of other money', () => {
    const pieces = { lines: [{ lineId: 'line-1', quantity: 1 }] };
    const half = withRefund(buildOrder(paid), pieces, { id: 'r1' });
    const others: OrderRefund[] = [
      { id: 'r2', paymentId: 'payment', amount: usd(10), status: 'pending', at: paid.paidAt },
      { id: 'r3', paymentId: 'payment', amount: usd(10), status: 'failed', at: paid.paidAt },
      { id: 'r4', paymentId: 'paid-twice', amount: usd(2_859), status: 'succeeded', at: paid.paidAt },
      // Pieces that were given up for nothing.
      { id: 'r5', paymentId: 'payment', amount: usd(0), status: 'succeeded', at: paid.paidAt },
    ];
    const order = { ...half, refunds: [...half.refunds, ...others] };
    expect(dueDocuments(order).slice(1)).toMatchObject([
      {
        ...{ kind: 'credit_note', source: 'r1', corrects: order.id, total: 1_100, reason: 'Refund' },
        lines: [{ title: 'Lamp line-1', quantity: 1, tax: 100, total: 1_100 }],
      },
    ]);
  });

  it('are none for a canceled order whose late payment went back', () => {
    const back: OrderRefund = { id: 'r', paymentId: 'late', amount: usd(2_859), status: 'succeeded', at: paid.paidAt };
    expect(dueDocuments(buildOrder({ status: 'canceled', refunds: [back] }))).toEqual([]);
  });

  it('claim money again that a bank sent back after its credit note', () => {
    const bounced = { id: 'r', status: 'failed', wentThroughAt: paid.paidAt } as const;
    const order = withRefund(buildOrder(paid), { amount: usd(500) }, bounced);
    expect(kinds(order)).toEqual([
      ['invoice', order.id, 2_859],
      ['credit_note', 'r', 500],
      ['invoice', 'r/bounced', 500],
    ]);
    expect(dueDocuments(order)[2]).toMatchObject({ corrects: 'r', reason: 'The refund did not arrive' });
  });

  it('name what a refund gave back beyond the order’s parts', () => {
    const back = { id: 'r', paymentId: 'payment', amount: usd(3_000), status: 'succeeded', at: paid.paidAt } as const;
    const order = buildOrder({ ...paid, refunds: [back] });
    expect(dueDocuments(order)[1]).toMatchObject({ lines: [{ title: 'Other amount', tax: 0, total: 3_000 }] });
  });
});

describe('the sums of documents', () => {
  const shops = fc.record({
    mode: fc.constantFrom('exclusive' as const, 'inclusive' as const),
    currency: fc.constantFrom('USD', 'JPY', 'KWD'),
    lines: fc.array(
      fc.record({
        price: fc.integer({ min: 0, max: 500_000 }),
        quantity: fc.integer({ min: 1, max: 9 }),
        taxClass: fc.constantFrom('standard', 'reduced', 'zero'),
        eligible: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    shipping: fc.option(fc.integer({ min: 0, max: 5_000 })),
    coupon: fc.option(
      fc.oneof(
        fc.record({ kind: fc.constant('fixed' as const), amount: fc.integer({ min: 1, max: 100_000 }) }),
        fc.record({
          kind: fc.constant('percentage' as const),
          basisPoints: fc.integer({ min: 1, max: 10_000 }),
        }),
        fc.record({ kind: fc.constant('free_shipping' as const) }),
      ),
    ),
    refunds: fc.array(fc.record({ line: fc.nat(5), amount: fc.nat(9_000), kind: fc.nat(3) }), { maxLength: 5 }),
  });

  it('are those of the order and of its refunds, to the smallest coin', () => {
    let notes = 0;
    fc.assert(
      fc.property(shops, ({ mode, currency, lines, shipping, coupon, refunds }) => {
        const quantum = currency === 'KWD' ? 10 : 1;
        let order = buildOrder(paid, {
          currency,
          lines: lines.map(({ price, quantity, taxClass, eligible }, index) => ({
            ...{ lineId: `line-${index}`, unitPrice: price * quantum, quantity, taxClass, eligibleForCoupon: eligible },
          })),
          ...(shipping === null ? {} : { shipping: { label: 'S', amount: shipping * quantum, taxClass: 'standard' } }),
          ...(coupon === null ? {} : { discount: coupon }),
          tax: { mode, rates: { standard: 1_900, reduced: 725, zero: 0 } },
        });
        for (const { line, amount, kind } of refunds) {
          const wishes: RefundRequest[] = [
            { lines: [{ lineId: `line-${line % lines.length}`, quantity: 1 }] },
            { amount: { amount: (amount + 1) * quantum, currency } },
            { shipping: true },
            { full: true },
          ];
          try {
            order = withRefund(order, wishes[kind] ?? {});
          } catch {
            // There is not so much left.
          }
        }
        const [invoice, ...credits] = dueDocuments(order);
        const shippingTax = order.pricing.shipping?.tax.amount ?? 0;
        const tax = order.pricing.lines.reduce((sum, priced) => sum + priced.tax.amount, shippingTax);
        expect(invoice).toMatchObject({ total: order.total.amount, currency });
        expect(sumOf(invoice?.lines ?? [], 'total')).toBe(order.total.amount);
        expect(sumOf(invoice?.lines ?? [], 'tax')).toBe(tax);
        const paidBack = order.refunds.filter((refund) => refund.amount.amount > 0);
        expect(credits).toHaveLength(paidBack.length);
        for (const [index, { lines: back, total }] of credits.entries()) {
          notes += 1;
          expect(total).toBe(paidBack[index]?.amount.amount);
          expect(sumOf(back, 'total')).toBe(total);
          const { parts } = paidBack[index] ?? {};
          const shares = [...(parts?.lines ?? []), ...(parts?.shipping ? [parts.shipping] : [])];
          expect(sumOf(back, 'tax')).toBe(shares.reduce((sum, share) => sum + share.tax.amount, 0));
        }
        for (const document of dueDocuments(order)) {
          const shares = taxShares(document.lines);
          expect(shares.reduce((sum, share) => sum + share.net + share.tax, 0)).toBe(document.total);
        }
        expect(credits.reduce((sum, { total }) => sum + total, 0)).toBeLessThanOrEqual(order.total.amount);
      }),
      { numRuns: 300 },
    );
    expect(notes).toBeGreaterThan(100);
  });
});
