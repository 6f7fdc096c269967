import { calculatePricing } from '@cartwright/domain-pricing';
import { describe, expect, it } from 'vitest';
import { toSale, toSaleRefunds } from './sale.ts';

const product = { id: 'p1', title: 'Lamp', slug: 'lamp', image: null };

function saleOf(mode: 'exclusive' | 'inclusive', { coupon = 'TEN', cartId = 'c1' } = {}) {
  const pricing = calculatePricing({
    currency: 'EUR',
    lines: [{ lineId: 'l1', unitPrice: 5_950, quantity: 2, taxClass: 'standard', eligibleForCoupon: true }],
    discount: coupon === 'TEN' ? { kind: 'percentage', basisPoints: 1_000 } : { kind: 'free_shipping' },
    couponCode: coupon,
    shipping: { label: 'Standard', amount: 595, taxClass: 'standard' },
    tax: { mode, rates: { standard: 1_900 } },
  });
  const order = {
    id: 'o1',
    cartId,
    coupon: { couponId: 'coupon', code: coupon, discount: { kind: 'free_shipping' } },
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

  it.each([
    ['inclusive', 'TEN', 1_000],
    ['exclusive', 'TEN', 1_190],
    ['inclusive', 'FREE', 500],
    ['exclusive', 'FREE', 595],
  ] as const)('tells what its coupon took off without tax, of shipping too (%s, %s)', (mode, coupon, discount) => {
    expect(saleOf(mode, { coupon }).coupon).toEqual({ id: 'coupon', code: coupon, discount });
  });

  it('comes from a cart, unless it was brought here from elsewhere', () => {
    expect(saleOf('exclusive').fromCart).toBe(true);
    expect(saleOf('exclusive', { cartId: 'import-7' }).fromCart).toBe(false);
  });

  it('is none while nothing was captured', () => {
    expect(toSale(null)).toBeNull();
  });
});

describe('money that went back', () => {
  const usd = (amount: number) => ({ amount, currency: 'USD' });
  const order = (rest: object) =>
    ({
      id: 'o1',
      paidAt: new Date(0),
      paymentId: 'p1',
      pricing: { lines: [{ total: usd(1_100), tax: usd(100) }], total: usd(2_200) },
      ...rest,
    }) as unknown as Parameters<typeof toSaleRefunds>[0];
  const refund = { id: 'r1', paymentId: 'p1', status: 'succeeded', at: new Date(9), amount: usd(1_100) };

  it('is counted by what was for goods, when it went through', () => {
    const parts = { lines: [{ amount: usd(550), tax: usd(50) }], shipping: { amount: usd(550), tax: usd(50) } };
    expect(toSaleRefunds(order({ refunds: [{ ...refund, parts }] }))).toEqual([
      { _id: 'r1', orderId: 'o1', succeededAt: new Date(9), currency: 'USD', total: 1_100, net: 500 },
    ]);
    expect(toSaleRefunds(order({ refunds: [refund] }))).toMatchObject([{ net: 500 }]);
  });

  it('that came back counts on the day it went through, and against that on the day it bounced', () => {
    const bounced = { ...refund, status: 'failed', wentThroughAt: new Date(3) };
    const counted = toSaleRefunds(order({ refunds: [bounced] }));
    expect(counted).toMatchObject([
      { _id: 'r1', succeededAt: new Date(3), total: 1_100, net: 500 },
      { _id: 'r1/bounced', succeededAt: new Date(9), total: -1_100, net: -500 },
    ]);
  });

  it('is not while it is on its way, for payments the order had no need of, and of orders never captured', () => {
    const others = [
      { ...refund, status: 'pending' },
      { ...refund, status: 'failed' },
      { ...refund, paymentId: 'p2' },
    ];
    expect(toSaleRefunds(order({ refunds: others }))).toEqual([]);
    expect(toSaleRefunds(order({ paidAt: undefined, refunds: [refund] }))).toEqual([]);
    expect(toSaleRefunds(null)).toEqual([]);
  });
});
