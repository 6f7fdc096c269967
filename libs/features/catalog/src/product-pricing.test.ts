import { describe, expect, it } from 'vitest';
import { deriveFromVariants, lowestPrice, nextPriceChange } from './product-pricing.ts';

const now = new Date('2026-06-15T12:00:00Z');
const yesterday = new Date('2026-06-14T12:00:00Z');
const tomorrow = new Date('2026-06-16T12:00:00Z');
const nextWeek = new Date('2026-06-22T12:00:00Z');

describe('the lowest price of a product', () => {
  it('is that of its cheapest variant now', () => {
    expect(lowestPrice([{ price: 900 }, { price: 500 }, { price: 700 }], now)).toEqual({ price: 500 });
  });

  it('counts a sale only while it is on, and names the full price then', () => {
    const variants = [{ price: 900, salePrice: 400, saleFrom: tomorrow, saleUntil: nextWeek }, { price: 500 }];
    expect(lowestPrice(variants, now)).toEqual({ price: 500 });
    expect(lowestPrice(variants, new Date(tomorrow.getTime() + 1))).toEqual({ price: 400, compareAt: 900 });
  });

  it('changes next when the first sale begins or ends', () => {
    const variants = [
      { price: 900, salePrice: 400, saleFrom: yesterday, saleUntil: nextWeek },
      { price: 900, salePrice: 400, saleFrom: tomorrow },
      { price: 900, saleFrom: new Date('2026-06-15T13:00:00Z') },
    ];
    expect(nextPriceChange(variants, now)).toEqual(tomorrow);
    expect(nextPriceChange([{ price: 1 }], now)).toBeUndefined();
  });

  it('comes with availability over all variants', () => {
    const variant = { id: 'v', sku: 's', options: [], price: 100, stockVersion: 0 };
    expect(deriveFromVariants([{ ...variant, available: 0 }], now)).toEqual({ priceFrom: 100, available: false });
    expect(
      deriveFromVariants(
        [
          { ...variant, available: 0 },
          { ...variant, available: 2 },
        ],
        now,
      ),
    ).toMatchObject({ available: true });
  });
});
