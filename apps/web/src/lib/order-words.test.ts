import { describe, expect, it } from 'vitest';
import { isCancelable, isOfMoney, isPayable, orderStateWords, refundSaid, refundWords } from './order-words.ts';
import type { OrderState } from './order-words.ts';

const order = (state: Partial<OrderState>): OrderState => ({
  status: 'pending',
  paymentStatus: 'unpaid',
  fulfillmentStatus: 'unfulfilled',
  paymentMethod: 'stripe_checkout',
  ...state,
});

describe('orderStateWords', () => {
  it.each([
    [order({}), 'Waiting for payment'],
    [order({ paymentStatus: 'processing' }), 'Payment in progress'],
    [order({ status: 'paid', paymentStatus: 'paid' }), 'Paid'],
    [order({ status: 'paid', paymentStatus: 'paid', fulfillmentStatus: 'shipped' }), 'On its way'],
    [order({ paymentMethod: 'cash_on_delivery' }), 'Confirmed'],
    [order({ paymentMethod: 'cash_on_delivery', fulfillmentStatus: 'delivered' }), 'Delivered'],
    [order({ status: 'canceled' }), 'Canceled'],
    [order({ status: 'canceled', paymentStatus: 'refunded' }), 'Refunded'],
  ])('case %#', (state, label) => expect(orderStateWords(state).label).toBe(label));
});

describe('a refund', () => {
  const refund = (amount: number) => ({ id: 'r', status: 'succeeded' as const, amount: { amount, currency: 'USD' } });
  const said = (amount: number) =>
    refundSaid({ refundId: 'r', order: { refunds: [{ ...refund(1), id: 'q' }, refund(amount)] } });

  it('gives money back', () => {
    expect(isOfMoney(refund(1))).toBe(true);
    expect(refundWords(refund(1))).toBe('Paid back');
    expect(said(1)).toBe('The money is on its way back.');
  });

  it('of pieces alone says nothing of money on its way', () => {
    expect(isOfMoney(refund(0))).toBe(false);
    expect(refundWords(refund(0))).toBe('Pieces taken off the order; no money of them was left to pay back');
    expect(said(0)).toBe('The pieces are taken off the order.');
  });
});

describe('what a buyer may do', () => {
  it('offers payment for unpaid card orders only', () => {
    expect(isPayable(order({}))).toBe(true);
    expect(isPayable(order({ paymentMethod: 'cash_on_delivery' }))).toBe(false);
    expect(isPayable(order({ paymentStatus: 'processing' }))).toBe(false);
    expect(isPayable(order({ status: 'canceled' }))).toBe(false);
  });

  it('offers canceling until money moves or parcels are packed', () => {
    expect(isCancelable(order({}))).toBe(true);
    expect(isCancelable(order({ paymentMethod: 'cash_on_delivery' }))).toBe(true);
    expect(isCancelable(order({ fulfillmentStatus: 'processing' }))).toBe(false);
    expect(isCancelable(order({ status: 'paid', paymentStatus: 'paid' }))).toBe(false);
  });
});
