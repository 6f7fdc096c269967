import { describe, expect, it } from 'vitest';
import type { ShopDatabase } from './database.ts';
import { findInvoiceFaults, type BilledOrder } from './invoice-checks.ts';

const order: BilledOrder = {
  ...{ _id: 'o', paymentId: 'p', total: { amount: 100 } },
  refunds: [
    { id: 'r', paymentId: 'p', status: 'succeeded', amount: { amount: 30 } },
    { id: 'failed', paymentId: 'p', status: 'failed', amount: { amount: 30 } },
    { id: 'late', paymentId: 'other', status: 'succeeded', amount: { amount: 100 } },
  ],
};
const invoice = { kind: 'invoice', source: 'o', orderId: 'o', sequence: 1, total: 100 };
const note = { kind: 'credit_note', source: 'r', orderId: 'o', sequence: 1, total: 30 };

const faults = (issued: object[], orders = [order]) =>
  findInvoiceFaults({ all: async () => issued } as unknown as ShopDatabase, orders);

describe('the check of what was billed', () => {
  it('finds nothing where each payment and refund has its document', async () => {
    expect(await faults([invoice, note])).toEqual([]);
    expect(await faults([], [{ ...order, paymentId: undefined as never, refunds: [] }])).toEqual([]);
  });

  it.each([
    ['a missing invoice', [note]],
    ['a missing credit note', [invoice]],
    ['an invoice over another sum', [{ ...invoice, total: 99 }, note]],
    ['two invoices', [invoice, { ...invoice, sequence: 2 }, note]],
    ['a credit note for what was not given back', [invoice, note, { ...note, source: 'late', sequence: 2 }]],
    ['a gap', [{ ...invoice, sequence: 2 }, note]],
    ['a number that is there twice', [invoice, note, { ...invoice, source: 'x', orderId: 'x' }]],
  ])('finds %s', async (_what, issued) => {
    expect(await faults(issued)).not.toEqual([]);
  });
});
