import { calculatePricing } from '@cartwright/domain-pricing';
import { describe, expect, it } from 'vitest';
import { toSale } from './sale.ts';

const product = { id: 'p1', title: 'Lamp', slug: 'lamp', image: null };

function saleOf(mode: 'exclusive' | 'inclusive') {
  const pricing = calculatePricing({
    currency: 'EUR',
    lines: [{ lineId: 'l1', unitPrice: 5_950, quantity: 2, taxClass: 'standard', eligibleForCoupon: true }],
    discount: { kind: 'percentage', basisPoints: 1_000 },
    couponCode: 'TEN',
    shipping: { label: 'Standard', amount: 595, taxClass: 'standard' },
    tax: { mode, rates: { standard: 1_900 } },
  });
  const order = {
    id: 'o1',
    paidAt: new Date(0),
    pricing,
    lines: [{ lineId: 'l1', quantity: 2, product }],
    total: pricing.total,
  } as unknown as Parameters<typeof toSale>[0];
  const sale = toSale(order);
  if (!sale) throw new Error('It was paid');
  return sale;
}

describe('an order as a sale', () => {
  it('is counted without the tax that its prices contain, discounts included', () => {
    expect(saleOf('inclusive')).toMatchObject({ gross: 10_000, discount: 1_000, shipping: 500, tax: 1_710 + 95 });
  });

  it('is counted as it stands when tax comes on top', () => {
    expect(saleOf('exclusive')).toMatchObject({ gross: 11_900, discount: 1_190, shipping: 595 });
  });

  it.each(['inclusive', 'exclusive'] as const)('adds up to what was captured (%s)', (mode) => {
    const { gross, discount, shipping, tax, total, lines } = saleOf(mode);
    expect(gross - discount + shipping + tax).toBe(total);
    expect(lines).toMatchObject([{ productId: 'p1', units: 2, sales: gross - discount }]);
  });

  it('is none while nothing was captured', () => {
    expect(toSale(null)).toBeNull();
  });
});
