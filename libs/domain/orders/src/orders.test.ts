import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CANCEL_REASONS,
  FULFILLMENT_STATUSES,
  LEGAL_PAIRS,
  ORDER_STATUSES,
  PAYMENT_STATUSES,
  TRANSITIONS,
  canTransition,
  cancelOrder,
  derivePaymentStatus,
  failProcessing,
  hasStatus,
  isCancelable,
  isExpired,
  isLegalPair,
  isPayable,
  nextFulfillments,
  nextStatuses,
  payOrder,
  startProcessing,
  transitionOrder,
} from './index.ts';
import type { LedgerEntry, OrderState, TargetOf } from './index.ts';

const now = new Date('2026-05-01T12:00:00Z');
const usd = (amount: number) => ({ amount, currency: 'USD' });

function order(rest: Partial<OrderState> = {}): OrderState {
  return {
    status: 'pending',
    fulfillmentStatus: 'unfulfilled',
    paymentStatus: 'unpaid',
    settlement: 'prepaid',
    total: usd(1000),
    ...rest,
  };
}
const cash = (rest: Partial<OrderState> = {}) => order({ settlement: 'on_delivery', confirmedAt: now, ...rest });

type Target = TargetOf<OrderState>;
/** Also those that no order can make: a stored order or a caller without types may ask for them. */
const targets = [
  ...ORDER_STATUSES.map((to) => ({ machine: 'status', to })),
  ...FULFILLMENT_STATUSES.map((to) => ({ machine: 'fulfillment', to })),
] as Target[];

const everyOrder: OrderState[] = ORDER_STATUSES.flatMap((status) =>
  FULFILLMENT_STATUSES.flatMap((fulfillmentStatus) =>
    PAYMENT_STATUSES.flatMap((paymentStatus) =>
      (['prepaid', 'on_delivery'] as const).flatMap((settlement) => [
        order({ status, fulfillmentStatus, paymentStatus, settlement }),
        order({ status, fulfillmentStatus, paymentStatus, settlement, confirmedAt: now }),
        order({ status, fulfillmentStatus, paymentStatus, settlement, confirmedAt: now, cancelRequestedAt: now }),
      ]),
    ),
  ),
);

describe('the table of transitions', () => {
  it('allows exactly these pairs', () => {
    expect(TRANSITIONS.map(({ machine, from, to }) => `${machine}: ${from} -> ${to}`)).toEqual([
      'status: pending -> paid',
      'status: pending -> canceled',
      'status: paid -> canceled',
      'fulfillment: unfulfilled -> processing',
      'fulfillment: processing -> shipped',
      'fulfillment: shipped -> delivered',
      'fulfillment: shipped -> returned',
      'fulfillment: delivered -> returned',
    ]);
  });

  it('refuses every other pair of every order with a typed error, and changes nothing', () => {
    for (const state of everyOrder) {
      for (const target of targets) {
        const from = target.machine === 'status' ? state.status : state.fulfillmentStatus;
        const listed = TRANSITIONS.some((t) => t.machine === target.machine && t.from === from && t.to === target.to);
        if (!listed) expect(canTransition(state, target)).toBe(false);
        if (canTransition(state, target)) {
          const after = transitionOrder(state, target);
          expect(target.machine === 'status' ? after.status : after.fulfillmentStatus).toBe(target.to);
        } else {
          const attempt = () => transitionOrder(state, target);
          expect(attempt).toThrowError(
            expect.objectContaining({ reason: 'ILLEGAL_TRANSITION', details: { from, to: target.to } }),
          );
        }
      }
    }
  });

  it('reaches exactly the legal pairs from a new order', () => {
    const reached = new Map<string, OrderState>();
    const open: OrderState[] = [order(), cash()];
    for (let state = open.pop(); state; state = open.pop()) {
      const key = JSON.stringify(state);
      if (reached.has(key)) continue;
      reached.set(key, state);
      for (const target of targets) if (canTransition(state, target)) open.push(transitionOrder(state, target));
      if (state.status === 'paid') open.push({ ...state, paymentStatus: 'refunded' });
    }
    const pairs = (settlement: string, status: string) =>
      FULFILLMENT_STATUSES.filter((fulfillment) =>
        [...reached.values()].some(
          (state) =>
            state.settlement === settlement && state.status === status && state.fulfillmentStatus === fulfillment,
        ),
      );
    for (const status of ORDER_STATUSES) expect(pairs('on_delivery', status)).toEqual(LEGAL_PAIRS[status]);
    expect(pairs('prepaid', 'pending')).toEqual(['unfulfilled']);
    expect(pairs('prepaid', 'paid')).toEqual(LEGAL_PAIRS.paid);
    expect(pairs('prepaid', 'canceled')).toEqual(['unfulfilled', 'processing']);
    for (const state of reached.values()) expect(isLegalPair(state)).toBe(true);
  });

  it('never leaves canceled', () => {
    for (const target of targets) expect(canTransition(order({ status: 'canceled' }), target)).toBe(false);
  });

  it('is what the types say: a transition that is not in it does not compile', () => {
    const any: OrderState = order();
    // @ts-expect-error: no order becomes pending again
    expect(canTransition(any, { machine: 'status', to: 'pending' })).toBe(false);
    // @ts-expect-error: no goods become unfulfilled again
    expect(canTransition(any, { machine: 'fulfillment', to: 'unfulfilled' })).toBe(false);
    const canceled: OrderState = order({ status: 'canceled' });
    expect(hasStatus(canceled, 'pending')).toBe(false);
    if (!hasStatus(canceled, 'canceled')) throw new Error('It is');
    // @ts-expect-error: a canceled order stays canceled
    expect(canTransition(canceled, { machine: 'status', to: 'paid' })).toBe(false);
    // @ts-expect-error: nothing of a canceled order is on its way
    expect(canceled.fulfillmentStatus === 'shipped').toBe(false);
    const delivered = { ...any, fulfillmentStatus: 'delivered' as const };
    // @ts-expect-error: what was delivered is not sent again
    expect(canTransition(delivered, { machine: 'fulfillment', to: 'shipped' })).toBe(false);
  });

  it('lists what can come next', () => {
    expect(ORDER_STATUSES.map((status) => [status, nextStatuses(status)])).toEqual([
      ['pending', ['paid', 'canceled']],
      ['paid', ['canceled']],
      ['canceled', []],
    ]);
    expect(FULFILLMENT_STATUSES.map((status) => [status, nextFulfillments(status)])).toEqual([
      ['unfulfilled', ['processing']],
      ['processing', ['shipped']],
      ['shipped', ['delivered', 'returned']],
      ['delivered', ['returned']],
      ['returned', []],
    ]);
  });

  it('ships nothing unpaid, unconfirmed or about to be canceled', () => {
    const process: Target = { machine: 'fulfillment', to: 'processing' };
    expect(canTransition(order(), process)).toBe(false);
    expect(canTransition(cash({ confirmedAt: undefined }), process)).toBe(false);
    expect(canTransition(order({ status: 'paid', cancelRequestedAt: now }), process)).toBe(false);
    expect(canTransition(order({ status: 'paid' }), process)).toBe(true);
    expect(canTransition(cash(), process)).toBe(true);
  });
});

describe('payOrder', () => {
  it('pays a pending order once', () => {
    const { order: paid, events } = payOrder(order(), { id: 'pay1', amount: usd(1000) }, now);
    expect(paid).toMatchObject({ status: 'paid', paymentStatus: 'paid', paidAt: now });
    expect(events).toEqual([{ type: 'order.paid', at: now, paymentId: 'pay1' }]);
    expect(() => payOrder(paid, { id: 'pay2', amount: usd(1000) }, now)).toThrowError('ORDER_NOT_PAYABLE');
  });

  it('pays what is in processing, and a cash order on its way', () => {
    expect(payOrder(order({ paymentStatus: 'processing' }), { id: 'p', amount: usd(1000) }, now).order.status).toBe(
      'paid',
    );
    expect(payOrder(cash({ fulfillmentStatus: 'shipped' }), { id: 'p', amount: usd(1000) }, now).order.status).toBe(
      'paid',
    );
  });

  it.each([usd(999), usd(1001), { amount: 1000, currency: 'EUR' }])('never takes %j for the total', (amount) => {
    expect(() => payOrder(order(), { id: 'p', amount }, now)).toThrowError('ORDER_NOT_PAYABLE');
  });

  it('refuses a canceled order', () => {
    expect(() => payOrder(order({ status: 'canceled' }), { id: 'p', amount: usd(1000) }, now)).toThrowError(
      'ORDER_NOT_PAYABLE',
    );
  });
});

describe('a payment in processing', () => {
  it('stops the clock until it falls through', () => {
    const waiting = order({ expiresAt: now });
    const { order: processing } = startProcessing(waiting, now);
    expect(isPayable(processing)).toBe(false);
    expect(isExpired(processing, now)).toBe(false);
    expect(isCancelable(processing, 'customer')).toBe(false);
    expect(() => startProcessing(processing, now)).toThrowError('ORDER_NOT_PAYABLE');
    const { order: failed } = failProcessing(processing, { leastMs: 0 }, now);
    expect(isExpired(failed, now)).toBe(true);
    expect(() => failProcessing(failed, { leastMs: 0 }, now)).toThrowError('ORDER_NOT_PAYABLE');
  });

  const after = (ms: number) => new Date(now.getTime() + ms);

  it('takes no time off the clocks', () => {
    const { order: processing } = startProcessing(order({ expiresAt: after(5_000), holdExpiresAt: after(2_000) }), now);
    const { order: failed } = failProcessing(processing, { leastMs: 1_000 }, after(60_000));
    expect(failed).toMatchObject({ expiresAt: after(65_000), holdExpiresAt: after(62_000), paymentStatus: 'unpaid' });
    expect(failed.processingSince).toBeUndefined();
  });

  it('leaves time to pay anew, also where the clocks had all but run out', () => {
    const { order: processing } = startProcessing(order({ expiresAt: after(500) }), now);
    const { order: failed } = failProcessing(processing, { leastMs: 1_000 }, after(60_000));
    expect(failed.expiresAt).toEqual(after(61_000));
    // Nothing was held: nothing is to be given back.
    expect(failed.holdExpiresAt).toBeUndefined();
  });
});

describe('cancelOrder', () => {
  it('cancels a pending order and says why', () => {
    const { order: canceled, events } = cancelOrder(order(), { reason: 'customer' }, now);
    expect(canceled).toMatchObject({ status: 'canceled', cancelReason: 'customer', canceledAt: now });
    expect(events).toEqual([{ type: 'order.canceled', at: now, reason: 'customer' }]);
    expect(() => cancelOrder(canceled, { reason: 'customer' }, now)).toThrowError('ORDER_NOT_CANCELABLE');
  });

  const processing = { fulfillmentStatus: 'processing' } as const;
  const refunded = { status: 'paid', paymentStatus: 'refunded' } as const;
  it.each([
    ['a new prepaid order', order(), ['customer', 'admin', 'expired', 'payment_failed', 'banned']],
    ['a new cash order', cash(), ['customer', 'admin', 'banned']],
    ['a cash order in the warehouse', cash(processing), ['admin']],
    ['a shipped cash order', cash({ fulfillmentStatus: 'shipped' }), []],
    ['a refused parcel', cash({ fulfillmentStatus: 'returned' }), ['admin', 'undeliverable']],
    ['a payment in processing', order({ paymentStatus: 'processing' }), ['admin']],
    ['a paid order', order({ status: 'paid', paymentStatus: 'paid' }), []],
    ['a partly refunded order', order({ status: 'paid', paymentStatus: 'partially_refunded' }), []],
    ['a refunded order', order(refunded), ['admin']],
    ['a paid order that cost nothing', order({ status: 'paid', paymentStatus: 'paid', total: usd(0) }), ['admin']],
    ['a refunded order that was shipped', order({ ...refunded, fulfillmentStatus: 'shipped' }), []],
  ])('of %s is for %s only', (_name, state, reasons) => {
    expect(CANCEL_REASONS.filter((reason) => isCancelable(state, reason))).toEqual(reasons);
  });

  it('expires at the moment, not before, and never a cash order', () => {
    expect(isExpired(order({ expiresAt: now }), now)).toBe(true);
    expect(isExpired(order({ expiresAt: now }), new Date(now.getTime() - 1))).toBe(false);
    expect(isExpired(order(), now)).toBe(false);
    expect(isExpired(cash({ expiresAt: now }), now)).toBe(false);
    expect(isExpired(order({ status: 'paid', paymentStatus: 'paid', expiresAt: now }), now)).toBe(false);
  });
});

describe('derivePaymentStatus', () => {
  const entry = (kind: LedgerEntry['kind'], status: LedgerEntry['status'], amount: number): LedgerEntry => ({
    kind,
    status,
    amount: usd(amount),
  });
  it.each([
    ['nothing', [], 'unpaid'],
    ['a failed capture', [entry('capture', 'failed', 10)], 'unpaid'],
    ['a pending capture', [entry('capture', 'failed', 10), entry('capture', 'pending', 10)], 'processing'],
    ['a capture', [entry('capture', 'pending', 10), entry('capture', 'succeeded', 10)], 'paid'],
    ['a free order', [entry('capture', 'succeeded', 0)], 'paid'],
    ['a refund on its way', [entry('capture', 'succeeded', 10), entry('refund', 'pending', 10)], 'paid'],
    ['a failed refund', [entry('capture', 'succeeded', 10), entry('refund', 'failed', 10)], 'paid'],
    ['a partial refund', [entry('capture', 'succeeded', 10), entry('refund', 'succeeded', 9)], 'partially_refunded'],
    [
      'refunds of all',
      [entry('capture', 'succeeded', 10), entry('refund', 'succeeded', 9), entry('refund', 'succeeded', 1)],
      'refunded',
    ],
  ] as const)('of %s', (_name, ledger, expected) => {
    expect(derivePaymentStatus(ledger)).toBe(expected);
  });

  it('does not depend on the order of entries', () => {
    const entries = fc.array(
      fc.record({
        kind: fc.constantFrom('capture' as const, 'refund' as const),
        status: fc.constantFrom('pending' as const, 'succeeded' as const, 'failed' as const),
        amount: fc.integer({ min: 0, max: 100 }).map(usd),
      }),
    );
    fc.assert(
      fc.property(entries, (ledger) => {
        expect(derivePaymentStatus(ledger.toReversed())).toBe(derivePaymentStatus(ledger));
      }),
    );
  });
});
