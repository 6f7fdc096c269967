import { describe, expect, it } from 'vitest';
import type { ShopDatabase } from './database.ts';
import { findInvoiceFaults, type BilledOrder } from './invoice-checks.ts';

const order: BilledOrder = {
  ...{ _id: 'o', paymentId: 'p', total: { amount: 100 } },
  ...{ status: 'paid', paymentMethod: 'stripe_checkout' },
  refunds: [
    { id: 'r', paymentId: 'p', status: 'succeeded', amount: { amount: 30 } },
    { id: 'failed', paymentId: 'p', status: 'failed', amount: { amount: 30 } },
    { id: 'late', paymentId: 'other', status: 'succeeded', amount: { amount: 100 } },
  ],
};
const invoice = { kind: 'invoice', source: 'o', total: 100 };
const note = { kind: 'credit_note', source: 'r', total: 30 };

const series = [
  { _id: 'invoice', count: 1, last: 1 },
  { _id: 'credit_note', count: 1, last: 1 },
];
function faults(issued: object[], { orders = [order], numbers = series } = {}): Promise<string[]> {
  const db = { collection: () => ({ aggregate: () => ({ toArray: async () => numbers }) }) };
  return findInvoiceFaults({ all: async () => issued, db } as unknown as ShopDatabase, orders);
}

describe('the check of what was billed', () => {
  it('finds nothing where each payment and refund has its document', async () => {
    expect(await faults([invoice, note])).toEqual([]);
    const bounced = { ...order, refunds: [{ ...order.refunds[0]!, status: 'failed', wentThroughAt: new Date() }] };
    expect(
      await faults([invoice, note, { ...invoice, source: 'r/bounced', total: 30 }], { orders: [bounced] }),
    ).toEqual([]);
    const { paymentId: _none, ...unpaid } = order;
    expect(await faults([], { orders: [unpaid] })).toEqual([]);
  });

  it('has what is paid at the door billed as it is sent, and that undone where it came back', async () => {
    const sent = { ...order, ...{ paymentId: undefined, status: 'pending', shipments: [{}], refunds: [] } };
    const cash = { ...sent, paymentMethod: 'cash_on_delivery' };
    expect(await faults([invoice], { orders: [cash] })).toEqual([]);
    expect(await faults([], { orders: [cash] })).not.toEqual([]);
    expect(await faults([], { orders: [{ ...cash, shipments: [] }] })).toEqual([]);
    const canceled = { ...cash, status: 'canceled' };
    expect(await faults([invoice], { orders: [canceled] })).not.toEqual([]);
    const undone = { kind: 'credit_note', source: 'o/undelivered', total: 100 };
    expect(await faults([invoice, undone], { orders: [canceled] })).toEqual([]);
  });

  it.each([
    ['a missing invoice', [note]],
    ['a missing credit note', [invoice]],
    ['an invoice over another sum', [{ ...invoice, total: 99 }, note]],
    ['two invoices', [invoice, invoice, note]],
    ['a credit note for what was not given back', [invoice, note, { ...note, source: 'late' }]],
  ])('finds %s', async (_what, issued) => {
    expect(await faults(issued)).not.toEqual([]);
  });

  it('finds a gap', async () => {
    const numbers = [{ _id: 'invoice', count: 1, last: 2 }];
    expect(await faults([invoice, note], { numbers })).toEqual(['of the invoice numbers up to 2, 1 were issued']);
  });
});
