import { calculatePricing } from '@cartwright/domain-pricing';
import type { CatalogVariant } from '@cartwright/feature-cart';
import { newId } from '@cartwright/platform-mongo';
import type { Order } from './order.ts';

export const address = {
  name: 'Ada Buyer',
  line1: '1 Main St',
  city: 'Springfield',
  postalCode: '12345',
  country: 'US',
};
export const standardTax = 1_000;

/** Test data: a variant on sale for 10.00 dollars. */
export function buildVariant(variantId: string, rest: Partial<CatalogVariant> = {}): CatalogVariant {
  return {
    variantId,
    productId: `product-${variantId}`,
    sku: `SKU-${variantId}`,
    title: `Product ${variantId}`,
    slug: `product-${variantId}`,
    image: null,
    options: {},
    currency: 'USD',
    price: 1_000,
    taxClass: 'standard',
    categoryIds: [],
    brandId: null,
    available: 1_000,
    purchasable: true,
    ...rest,
  };
}

/** An order of two pieces: 20.00 and 5.99 shipping, 10 % tax, waiting for money. */
export function buildOrder(rest: Partial<Order> = {}): Order {
  const now = new Date('2026-01-15T12:00:00.000Z');
  const pricing = calculatePricing({
    currency: 'USD',
    lines: [{ lineId: 'line-a', unitPrice: 1_000, quantity: 2, taxClass: 'standard', eligibleForCoupon: false }],
    shipping: { label: 'Standard', amount: 599, taxClass: 'standard' },
    tax: { mode: 'exclusive', rates: { standard: standardTax } },
  });
  const { productId: id, slug, title, image, sku, options } = buildVariant('a');
  return {
    id: newId(),
    number: 'CW-00000001',
    version: 1,
    userId: newId(),
    email: 'buyer@cartwright.test',
    cartId: newId(),
    status: 'pending',
    paymentStatus: 'unpaid',
    fulfillmentStatus: 'unfulfilled',
    settlement: 'prepaid',
    total: pricing.total,
    lines: [
      {
        lineId: 'line-a',
        variantId: 'a',
        quantity: 2,
        taxClass: 'standard',
        product: { id, slug, title, image, sku, options },
      },
    ],
    pricing,
    shippingAddress: address,
    billingAddress: address,
    shippingMethod: { id: 'standard', label: 'Standard' },
    paymentMethod: 'stripe_checkout',
    hold: 'held',
    holdCount: 1,
    timeline: [],
    refunds: [],
    createdAt: now,
    updatedAt: now,
    ...rest,
  };
}
