import { describe, expect, it } from 'vitest';
import { orderListInput } from './order-list-input.ts';

describe('orderListInput', () => {
  it('takes filters under the names of the call, and nothing for those that are not set', () => {
    expect(orderListInput({ q: 'CW-1', status: 'paid', payment: 'refunded', parcel: 'shipped' })).toEqual({
      query: 'CW-1',
      status: 'paid',
      paymentStatus: 'refunded',
      fulfillmentStatus: 'shipped',
    });
    expect(orderListInput({ returns: 'asked' })).toEqual({ returnRequested: true });
    expect(orderListInput({})).toEqual({});
  });

  it('includes the last day whole, where the reader is', () => {
    const { from, to } = orderListInput({ from: '2026-03-01', to: '2026-03-31' });
    expect(from).toEqual(new Date(2026, 2, 1));
    expect(to).toEqual(new Date(2026, 3, 1));
  });
});
