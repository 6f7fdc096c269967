import type { Order } from '@cartwright/feature-orders';
import { describe, expect, it } from 'vitest';
import { dueDocuments } from './due-documents.ts';
import type { Invoice } from './invoice.ts';
import { toPrinted } from './invoice-print.ts';
import { buildOrder, cash, LAMPS, paid, sent, usd, withRefund } from './invoices.fixture.ts';

/** The n-th document of an order, as if it had been issued. */
function documentOf(order: Order, index = 0, rest: Partial<Invoice> = {}): Invoice {
  const due = dueDocuments(order)[index];
  if (!due) throw new Error('Nothing is due');
  const { corrects: _source, ...content } = due;
  return {
    ...{ ...content, id: 'id', sequence: 1, number: 'INV-000001', issuedAt: new Date('2026-01-16T02:00:00Z') },
    ...{ orderId: order.id, orderNumber: 'CW-00000001', orderedAt: order.createdAt },
    seller: { name: 'Lamps Ltd', address: ['2 High St'], taxId: 'X1' },
    buyer: { email: order.email, address: order.billingAddress },
    ...{ taxMode: order.pricing.taxMode, isCash: order.settlement === 'on_delivery' },
    ...rest,
  };
}

describe('an invoice on paper', () => {
  it('says who sold what to whom, with tax by rate, in the days of the shop', () => {
    const reduced = { lineId: 'line-2', unitPrice: 333, quantity: 3, taxClass: 'reduced', eligibleForCoupon: true };
    const order = buildOrder(paid, {
      ...{ ...LAMPS, lines: [...LAMPS.lines, reduced] },
      discount: { kind: 'percentage', basisPoints: 1_000 },
      tax: { mode: 'exclusive', rates: { standard: 1_900, reduced: 725 } },
    });
    const printed = toPrinted(documentOf(order), { timezone: 'America/New_York' });
    expect(printed).toMatchObject({
      title: 'Invoice INV-000001',
      letterhead: ['Lamps Ltd', '2 High St', 'Tax id X1'],
      blocks: [
        { lines: ['Ada Buyer', '1 Main St', 'Springfield, 12345', 'United States', 'ada@cartwright.test'] },
        { lines: ['Issued on January 15, 2026', 'Order CW-00000001 of January 15, 2026', 'Paid on January 15, 2026'] },
      ],
      rows: [
        { cells: ['Lamp line-1', '2', '$10.00', '-$2.00', '19%', '$18.00', '$21.42'], detail: 'LAMP' },
        { cells: ['Lamp line-2', '3', '$3.33', '-$1.00', '7.25%', '$8.99', '$9.64'] },
        { cells: ['Standard', '1', '$5.99', '', '19%', '$5.99', '$7.13'] },
      ],
      sums: [
        { label: 'Net', value: '$32.98' },
        { label: 'Tax 19% on $23.99', value: '$4.56' },
        { label: 'Tax 7.25% on $8.99', value: '$0.65' },
        { label: 'Total', value: '$38.19' },
      ],
    });
    expect(printed.notes[0]).toBe('Prices and discounts are without tax.');
    expect(printed.columns.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('says that prices contain tax where they do, and that cash is still to come', () => {
    const inclusive = { ...LAMPS, tax: { mode: 'inclusive', rates: { standard: 1_000 } } } as const;
    const { notes, sums, blocks } = toPrinted(documentOf(buildOrder({ ...cash, ...sent }, inclusive)), {
      timezone: 'UTC',
    });
    expect(notes[0]).toBe('Prices and discounts contain tax.');
    expect(sums.map(({ value }) => value)).toEqual(['$23.63', '$2.36', '$25.99']);
    expect(blocks[1]?.lines).toContain('To be paid on delivery');
  });

  it('that takes another back names it, and why', () => {
    const order = withRefund(buildOrder(paid), { amount: usd(500) });
    const note = documentOf(order, 1, { number: 'CN-000001', corrects: 'INV-000001' });
    const { title, blocks, rows, sums } = toPrinted(note, { timezone: 'UTC' });
    expect(title).toBe('Credit note CN-000001');
    expect(blocks[1]?.lines).toEqual(
      expect.arrayContaining(['Corrects INV-000001', 'Refund', 'Given back on January 15, 2026']),
    );
    expect(rows[0]?.cells.slice(0, 4)).toEqual(['Reduction: Lamp line-1', '', '', '']);
    expect(sums.at(-1)).toEqual({ label: 'Total given back', value: '$5.00' });
  });
});
