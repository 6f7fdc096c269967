import { money } from '@cartwright/domain-money';
import type { BookEntry, Payment, Refund } from '@cartwright/feature-payments';
import { describe, expect, it } from 'vitest';
import { judgeCouponUse, type UseFacts } from './coupons-check.ts';
import type { LedgerRow } from './ledger-lookup.ts';
import { judgeOrder, type OrderFacts } from './orders-check.ts';
import { judgePayment } from './payments-check.ts';
import { compareEntry } from './provider-check.ts';

const at = new Date('2026-03-01T12:00:00Z');
const usd = (amount: number) => money(amount, 'USD');

const payment: Payment = {
  ...{ id: 'p', orderId: 'o', provider: 'stripe', reference: 'pi_1', amount: usd(1_000), refundable: 1_000 },
  capturedAt: at,
};
const refund = (facts: Partial<Refund> = {}): Refund => ({
  ...{ id: 'r', orderId: 'o', paymentId: 'p', provider: 'stripe', cause: 'order', amount: usd(400) },
  ...{ status: 'succeeded', paymentReference: 'pi_1', providerRefundId: 're_1', createdAt: at, updatedAt: at },
  ...facts,
});

/** What is looked at of an order; the rest is beside the point. */
function facts(change: Partial<OrderFacts['order']> = {}, others: Partial<OrderFacts> = {}): OrderFacts {
  const order = {
    ...{
      id: 'o',
      number: 'CW-1',
      cartId: 'c',
      status: 'paid',
      paymentStatus: 'paid',
      fulfillmentStatus: 'unfulfilled',
    },
    ...{ total: usd(1_000), paymentId: 'p', hold: 'held', refunds: [], lines: [{ lineId: 'l', quantity: 2 }] },
    pricing: { total: usd(1_000), steps: [{ kind: 'subtotal', amount: usd(1_000) }] },
    ...change,
  };
  return {
    ...{ id: 'o', payments: [payment], refunds: [], attempts: ['paid'], hasCouponUse: false },
    // A whole order has much that nothing here looks at.
    order: order as unknown as OrderFacts['order'],
    ...others,
  };
}
const kinds = (found: readonly { kind: string }[]) => found.map(({ kind }) => kind);
const note = (status: 'requested' | 'succeeded') => ({ id: 'r', paymentId: 'p', amount: usd(400), status, at });

describe('an order', () => {
  it.each<[string, OrderFacts]>([
    ['paid', facts()],
    [
      'partly given back',
      facts({ paymentStatus: 'partially_refunded', refunds: [note('succeeded')] }, { refunds: [refund()] }),
    ],
    ['about to be given back', facts({ refunds: [note('requested')] }, { refunds: [refund({ status: 'requested' })] })],
    [
      'paid twice, the second not sent back yet',
      facts(
        {},
        {
          payments: [payment, { ...payment, id: 'p2', reference: 'pi_2' }],
          refunds: [refund({ paymentId: 'p2', cause: 'double', status: 'requested' })],
          attempts: ['paid', 'paid'],
        },
      ),
    ],
    [
      'whose money is set aside for a person',
      facts(
        { status: 'pending', paymentStatus: 'processing', paymentId: undefined },
        { payments: [], attempts: ['quarantined'] },
      ),
    ],
    [
      'canceled while its payment was under way',
      facts(
        { status: 'canceled', paymentStatus: 'processing', paymentId: undefined, hold: 'released' },
        { payments: [], attempts: ['processing'] },
      ),
    ],
    ['imported', facts({ cartId: 'import-7', paymentId: undefined }, { payments: [], attempts: [] })],
  ])('%s is right', (_name, order) => {
    expect(kinds(judgeOrder(order))).toEqual([]);
  });

  it('that says it is being paid needs an attempt that is', () => {
    const waiting = { status: 'pending', paymentStatus: 'processing', paymentId: undefined } as const;
    expect(kinds(judgeOrder(facts(waiting, { payments: [], attempts: ['failed'] })))).toEqual(['order_payment_status']);
  });

  it('that can be paid anew has no attempt that is at a bank', () => {
    const unpaid = { status: 'pending', paymentStatus: 'unpaid', paymentId: undefined } as const;
    const judged = (...attempts: OrderFacts['attempts'][number][]) =>
      judgeOrder(facts(unpaid, { payments: [], attempts }));
    expect(judged('failed', 'open')).toEqual([]);
    // Money that came at once, and didn't fit.
    expect(judged('quarantined')).toEqual([]);
    expect(judged('processing')).toMatchObject([
      { kind: 'order_payment_status', expected: 'processing', found: 'unpaid' },
    ]);
  });

  it('that is paid has its stock, or is told to miss it, unless it came from elsewhere', () => {
    expect(kinds(judgeOrder(facts({ hold: 'released' })))).toEqual(['order_paid_released']);
    expect(judgeOrder(facts({ hold: 'missing' }))).toEqual([]);
    const imported = { cartId: 'import-7', paymentId: undefined, hold: 'released' } as const;
    expect(judgeOrder(facts(imported, { payments: [], attempts: [] }))).toEqual([]);
  });

  it('must know of a refund that went through, whatever it was for', () => {
    const late = refund({ cause: 'late', paymentId: 'p2' });
    expect(kinds(judgeOrder(facts({}, { refunds: [late] })))).toEqual(['order_refund_missing']);
  });

  it('may tell of pieces that were taken off for nothing, and of no money that the ledger lacks', () => {
    const noted = (amount: number) =>
      ({ id: 'r', paymentId: 'p', amount: usd(amount), status: 'succeeded', at }) as const;
    expect(judgeOrder(facts({ refunds: [noted(0)] }))).toEqual([]);
    expect(kinds(judgeOrder(facts({ refunds: [noted(1)] })))).toEqual(['order_refund_unknown']);
  });
});

describe('a payment', () => {
  it('that its order was not paid with is right once it is on its way back', () => {
    const order = { number: 'CW-1', paymentId: 'other' };
    const whole = refund({ amount: usd(1_000), status: 'requested' });
    const spent = { ...payment, refundable: 0 };
    expect(judgePayment({ id: 'p', payment: spent, refunds: [whole], order })).toEqual([]);
    const failed = { ...whole, status: 'failed' as const };
    expect(kinds(judgePayment({ id: 'p', payment, refunds: [failed], order }))).toEqual(['payment_not_returned']);
  });
});

describe('the use of a coupon', () => {
  const use = { orderId: 'o', couponId: 'c', code: 'SPRING', status: 'redeemed', isCounted: true } as const;
  const coupon = { couponId: 'c', code: 'SPRING', discount: { kind: 'free_shipping' } } as const;
  const order = { number: 'CW-1', coupon, hold: 'held', settlement: 'prepaid', paidAt: undefined } as const;
  const judged = (status: 'redeemed' | 'given_back', change: Partial<UseFacts['order']>) =>
    kinds(judgeCouponUse({ id: 'o', use: { ...use, status }, order: { ...order, ...change } }));

  it('stays with an order that was paid, whatever it holds', () => {
    expect(judged('redeemed', { hold: 'missing', paidAt: at })).toEqual([]);
    expect(judged('redeemed', { hold: 'released' })).toEqual(['coupon_use_kept']);
  });
  it('may be given back by one that is paid late, or on delivery', () => {
    expect(judged('given_back', { paidAt: at })).toEqual([]);
    expect(judged('given_back', { settlement: 'on_delivery' })).toEqual([]);
    expect(judged('given_back', {})).toEqual(['coupon_use_missing']);
  });
});

describe('the books of the provider', () => {
  const entry: BookEntry = {
    ...{ kind: 'payment', reference: 'pi_1', paymentReference: 'pi_1', amount: usd(1_000), status: 'succeeded' },
    orderId: 'o',
  };
  const row: LedgerRow = {
    ...{ kind: 'payment', reference: 'pi_1', amount: usd(1_000), status: 'succeeded', orderId: 'o', paymentId: 'p' },
  };
  it.each<[string | undefined, BookEntry | null, LedgerRow | null]>([
    [undefined, entry, row],
    [undefined, null, null],
    // Begun and not paid: nothing came in.
    [undefined, { ...entry, status: 'pending' }, null],
    [undefined, { ...entry, status: 'failed' }, null],
    ['provider_unknown', entry, null],
    ['provider_unknown', { ...entry, kind: 'refund', status: 'pending' }, null],
    [undefined, { ...entry, kind: 'refund', status: 'failed' }, null],
    ['provider_missing', null, row],
    [undefined, null, { ...row, kind: 'refund', status: 'failed' }],
    ['provider_differs', { ...entry, amount: usd(999) }, row],
    ['provider_differs', { ...entry, amount: money(1_000, 'EUR') }, row],
    ['provider_differs', { ...entry, amount: null }, row],
    ['provider_differs', { ...entry, status: 'failed' }, row],
    ['provider_differs', { ...entry, kind: 'refund' }, { ...row, kind: 'refund', status: 'requested' }],
  ])('say %s', (kind, theirs, ours) => {
    expect(compareEntry(theirs, ours)?.kind).toBe(kind);
  });
});
