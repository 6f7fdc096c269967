import type { DocumentContent, Invoice } from '@cartwright/feature-invoices';
import { describe, expect, it } from 'vitest';
import { createInvoicesChecks, judgeInvoices, judgeSeries, type InvoiceFacts } from './invoices-check.ts';

const content = (change: Partial<DocumentContent> = {}): DocumentContent => {
  const total = change.total ?? 1_000;
  const line = { title: 'Lamp', quantity: 1, discount: 0, taxBasisPoints: 0, tax: 0, total };
  return { kind: 'invoice', source: 'o', lines: [line], total, currency: 'USD', ...change };
};
const note = (change: Partial<DocumentContent> = {}) =>
  content({ kind: 'credit_note', source: 'r', total: 400, ...change });
/** What is looked at of a document that was issued. */
const issued = (of: DocumentContent, number = 'INV-000001') => ({ ...of, number }) as Invoice;
const facts = (change: Partial<InvoiceFacts>): InvoiceFacts => ({
  ...{ id: 'o', order: { id: 'o', number: 'CW-1' }, due: [], issued: [], isSettled: true },
  ...change,
});
const kinds = (found: readonly { kind: string }[]) => found.map(({ kind }) => kind);

describe('the documents of an order', () => {
  it.each<[string, InvoiceFacts]>([
    ['there are none', facts({})],
    [
      'there are those that it calls for',
      facts({ due: [content(), note()], issued: [issued(note()), issued(content())] }),
    ],
    ['one may be on its way', facts({ due: [content(), note()], issued: [issued(content())], isSettled: false })],
  ])('are right when %s', (_what, those) => {
    expect(judgeInvoices(those)).toEqual([]);
  });

  it.each<[string, InvoiceFacts]>([
    ['invoice_missing', facts({ due: [content()] })],
    ['invoice_missing', facts({ due: [content(), note()], issued: [issued(content())] })],
    ['invoice_unknown', facts({ due: [content()], issued: [issued(content()), issued(note())] })],
    ['invoice_unknown', facts({ issued: [issued(content())], isSettled: false })],
    ['invoice_differs', facts({ due: [content()], issued: [issued(content({ total: 999 }))], isSettled: false })],
    ['invoice_differs', facts({ due: [content()], issued: [issued(content({ currency: 'EUR' }))] })],
    ['invoice_differs', facts({ due: [content()], issued: [issued(content({ lines: [] }))] })],
  ])('have %s', (kind, those) => {
    expect(kinds(judgeInvoices(those))).toEqual([kind]);
  });

  it('are told of by their order and number', () => {
    const [difference] = judgeInvoices(facts({ due: [content()], issued: [issued(content({ total: 900 }))] }));
    expect(difference).toMatchObject({
      subject: { orderId: 'o', orderNumber: 'CW-1', documentNumber: 'INV-000001' },
      expected: '$10.00',
      found: '$9.00, $9.00 by its lines',
    });
  });
});

describe('numbers', () => {
  it('are right when each that was taken is on one document', () => {
    expect(judgeSeries({ kind: 'invoice', taken: 0, issued: 0, last: 0 })).toEqual([]);
    expect(judgeSeries({ kind: 'invoice', taken: 7, issued: 7, last: 7 })).toEqual([]);
  });

  it('are wrong when one is missing, or was never taken', () => {
    const gap = judgeSeries({ kind: 'credit_note', taken: 7, issued: 6, last: 7, missing: 'CN-000003' });
    expect(gap).toMatchObject([{ kind: 'invoice_numbers', subject: { documentNumber: 'CN-000003' } }]);
    expect(gap[0]?.text).toBe('There is no credit note with the number CN-000003.');
    expect(kinds(judgeSeries({ kind: 'invoice', taken: 6, issued: 7, last: 7 }))).toEqual(['invoice_numbers']);
  });
});

describe('a document that is not there yet', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  const MINUTE = 60_000;
  const ago = (minutes: number) => new Date(now.getTime() - minutes * MINUTE);

  it.each<[string, number, number | undefined, number]>([
    ['its order changed just now', 4, undefined, 0],
    ['its order has been left alone for longer than it takes', 6, undefined, 1],
    ['its order waits to be billed', 50, 50, 0],
    ['its order has waited for an hour', 61, 61, 1],
  ])('when %s', async (_what, changed, asked, suspects) => {
    const order = { id: 'o', number: 'CW-1', updatedAt: ago(changed) };
    const [check] = createInvoicesChecks({
      mongo: { transaction: () => Promise.reject(new Error('not asked for')) },
      orders: { ids: async () => ['o'], byIds: async () => [order as never] },
      invoices: {
        dueDocuments: () => [content()],
        ofOrders: async () => [],
        waiting: async () => new Map(asked === undefined ? [] : [['o', ago(asked)]]),
        series: (kind) => Promise.reject(new Error(kind)),
      },
      settleMs: 5 * MINUTE,
      clock: () => now,
    });
    const page = await check?.next(undefined, { from: now, to: now }, new AbortController().signal);
    expect(page?.suspects).toHaveLength(suspects);
  });
});
