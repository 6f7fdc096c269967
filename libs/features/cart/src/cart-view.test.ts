import { describe, expect, it } from 'vitest';
import type { Cart } from './cart.ts';
import type { CatalogVariant } from './cart.ports.ts';
import { cartView } from './cart-view.ts';

const now = new Date('2026-05-01T12:00:00Z');
const settings = { currency: 'USD', taxMode: 'exclusive', guestCartSeconds: 1, lowStockThreshold: 5 } as const;
const usd = (amount: number) => ({ amount, currency: 'USD' });

function variant(rest: Partial<CatalogVariant> = {}): CatalogVariant {
  return {
    variantId: 'a',
    productId: 'p',
    sku: 'SKU',
    title: 'Mug',
    slug: 'mug',
    image: null,
    options: { Size: 'L' },
    currency: 'USD',
    price: 1_000,
    taxClass: 'standard',
    categoryIds: [],
    brandId: null,
    available: 100,
    purchasable: true,
    ...rest,
  };
}

function view(variants: CatalogVariant[], rest: Partial<Cart> = {}, coupon?: Parameters<typeof cartView>[0]['coupon']) {
  const lines = [{ lineId: 'l', variantId: 'a', quantity: 2, seenUnitPrice: 1_000 }];
  const cart: Cart = { id: 'c', version: 1, owner: { userId: 'u' }, lines, ...rest };
  return cartView({ cart, variants, coupon, settings, now });
}

describe('cartView', () => {
  it('shows lines and explains the price of the goods', () => {
    expect(view([variant()])).toEqual({
      id: 'c',
      version: 1,
      itemCount: 2,
      lines: [
        {
          lineId: 'l',
          variantId: 'a',
          product: { id: 'p', slug: 'mug', title: 'Mug', image: null, sku: 'SKU', options: { Size: 'L' } },
          quantity: 2,
          unitPrice: usd(1_000),
          total: usd(2_000),
          notices: [],
        },
      ],
      pricing: {
        steps: [
          { kind: 'subtotal', label: 'Subtotal', amount: usd(2_000) },
          { kind: 'total', label: 'Total', amount: usd(2_000) },
        ],
        total: usd(2_000),
      },
    });
  });

  it('strikes the full price through while a sale is on', () => {
    const { lines } = view([variant({ salePrice: 800 })]);
    expect(lines[0]).toMatchObject({ unitPrice: usd(800), compareAt: usd(1_000), total: usd(1_600) });
  });

  it.each<[string, Partial<CatalogVariant>, unknown[]]>([
    ['changed its price', { price: 1_200 }, [{ kind: 'price_changed', previous: usd(1_000) }]],
    ['runs low', { available: 5 }, [{ kind: 'low_stock', available: 5 }]],
    ['is not there in this quantity', { available: 1 }, [{ kind: 'insufficient_stock', available: 1 }]],
    ['is not sold any more', { purchasable: false }, [{ kind: 'unavailable' }]],
    ['is priced in another currency', { currency: 'EUR' }, [{ kind: 'unavailable' }]],
  ])('tells of a line that %s', (_name, rest, notices) => {
    expect(view([variant(rest)]).lines[0]?.notices).toEqual(notices);
  });

  it('counts nothing for what cannot be bought, and keeps it removable when it is gone for good', () => {
    const gone = view([]);
    expect(gone.lines[0]).toMatchObject({ variantId: 'a', total: usd(0), notices: [{ kind: 'unavailable' }] });
    expect(gone.pricing.total).toEqual(usd(0));
  });

  it('says why a coupon gives nothing', () => {
    const refused = view(
      [variant()],
      { couponCode: 'X' },
      { ok: false, reason: 'COUPON_INACTIVE', details: undefined },
    );
    expect(refused.coupon).toEqual({ code: 'X', applied: false, reason: 'COUPON_INACTIVE' });
    expect(refused.pricing.total).toEqual(usd(2_000));
  });
});
