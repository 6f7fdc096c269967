import { calculatePricing } from '@cartwright/domain-pricing';
import { readCsv, type CsvRow } from '@cartwright/platform-documents';
import { expect, it } from 'vitest';
import { address, buildOrder, standardTax } from '../order-builders.fixture.ts';
import type { Order } from '../order.ts';
import { orderCsvHead, orderCsvLines } from './order-csv.ts';

/** The lines as a spreadsheet has them, by the names of their columns. */
async function table(...orders: Order[]): Promise<Record<string, string>[]> {
  const rows: CsvRow[] = [];
  const limits = { rows: 100, rowLength: 10_000 };
  for await (const row of readCsv(Buffer.from(orderCsvHead() + orders.map(orderCsvLines).join('')), limits))
    rows.push(row);
  const [head, ...lines] = rows.map(({ cells }) => cells);
  return lines.map((cells) => Object.fromEntries((head ?? []).map((name, place) => [name, cells[place] ?? ''])));
}

const twoLines = (): Order => {
  const order = buildOrder();
  const [line] = order.lines;
  const [priced] = order.pricing.lines;
  if (!line || !priced) throw new Error('A line is missing');
  const second = {
    ...line,
    lineId: 'line-b',
    product: { ...line.product, sku: 'SKU-b', options: { Size: 'L', Colour: 'red' } },
  };
  return {
    ...order,
    lines: [line, second],
    pricing: {
      ...order.pricing,
      lines: [priced, { ...priced, lineId: 'line-b', unitPrice: { amount: 5, currency: 'USD' } }],
    },
  };
};

it('has a line for each of what was sold, with its own money', async () => {
  const [first, second] = await table(twoLines());
  const order = {
    order_number: 'CW-00000001',
    placed_at: '2026-01-15T12:00:00.000Z',
    currency: 'USD',
    status: 'pending',
  };
  expect(first).toMatchObject({
    ...order,
    sku: 'SKU-a',
    quantity: '2',
    unit_price: '1000',
    line_tax: '200',
    line_total: '2200',
  });
  expect(second).toMatchObject({ ...order, sku: 'SKU-b', unit_price: '5', options: 'Size: L | Colour: red' });
});

it('tells of the money of the order once, so that a column can be summed', async () => {
  const amount = { amount: 100, currency: 'USD' };
  const refund = { id: 'r', amount, at: new Date(0) } as const;
  const refunds = [
    { ...refund, status: 'succeeded' },
    { ...refund, status: 'failed' },
    { ...refund, status: 'requested' },
  ] as const;
  const [first, second] = await table({ ...twoLines(), refunds });
  expect(first).toMatchObject({ total: '2859', shipping: '599', refunded: '100', ship_to_city: 'Springfield' });
  expect(second).toMatchObject({ total: '', shipping: '', refunded: '', ship_to_city: '' });
});

it('counts as refunded what went back of the payment that the order was paid with', async () => {
  const refund = { status: 'succeeded', at: new Date(0) } as const;
  const refunds = [
    { ...refund, id: 'own', paymentId: 'payment-a', amount: { amount: 300, currency: 'USD' } },
    { ...refund, id: 'twice', paymentId: 'payment-b', amount: { amount: 2_859, currency: 'USD' } },
  ];
  const refundedOf = async (order: Partial<Order>) => (await table(buildOrder({ ...order, refunds })))[0]?.['refunded'];
  expect(await refundedOf({ paymentId: 'payment-a' })).toBe('300');
  // It was never paid: all of it came late, or in another amount.
  expect(await refundedOf({})).toBe('0');
});

it.each(['exclusive', 'inclusive'] as const)('has money that comes to the total where tax is %s', async (mode) => {
  const pricing = calculatePricing({
    currency: 'USD',
    lines: [
      { lineId: 'line-a', unitPrice: 1_000, quantity: 2, taxClass: 'standard', eligibleForCoupon: true },
      { lineId: 'line-b', unitPrice: 333, quantity: 1, taxClass: 'standard', eligibleForCoupon: true },
    ],
    shipping: { label: 'Standard', amount: 599, taxClass: 'standard' },
    tax: { mode, rates: { standard: standardTax } },
  });
  const rows = await table({ ...twoLines(), pricing, total: pricing.total });
  const sumOf = (column: string) => rows.reduce((sum, row) => sum + Number(row[column]), 0);
  expect(sumOf('shipping_tax')).toBeGreaterThan(0);
  expect(sumOf('line_total') + sumOf('shipping_total')).toBe(sumOf('total'));
  const net = sumOf('shipping') - sumOf('shipping_discount');
  expect(sumOf('shipping_total')).toBe(net + (mode === 'exclusive' ? sumOf('shipping_tax') : 0));
  expect(rows.map((row) => row['tax_mode'])).toEqual([mode, mode]);
});

it('runs nothing in a spreadsheet, whatever a buyer wrote', () => {
  const evil = buildOrder({
    note: '=HYPERLINK("https://evil.test")',
    shippingAddress: { ...address, name: '@SUM(A1)', phone: '+1 555' },
  });
  const lines = orderCsvLines(evil);
  expect(lines).toContain(`"'=HYPERLINK(""https://evil.test"")"`);
  expect(lines).toContain(`,'@SUM(A1),`);
  expect(lines).toContain(`'+1 555`);
});
