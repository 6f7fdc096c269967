import { calculatePricing, type PriceDiscount } from '@cartwright/domain-pricing';
import type { Order } from '@cartwright/feature-orders';

const address = { name: 'Ada', line1: '1 Main St', city: 'Springfield', postalCode: '12345', country: 'US' };

export interface OrderOptions {
  id?: string;
  currency?: string;
  taxMode?: 'exclusive' | 'inclusive';
  taxBasisPoints?: number;
  lines?: { unitPrice: number; quantity: number }[];
  discount?: PriceDiscount;
  shipping?: number | null;
  paymentMethod?: Order['paymentMethod'];
  holdExpiresAt?: Date;
}

let count = 0;

/** A pending order, priced as checkout prices it. */
export function buildOrder(options: OrderOptions = {}): Order {
  count += 1;
  const { currency = 'USD', taxMode = 'exclusive', taxBasisPoints = 800, shipping = 599 } = options;
  const { lines = [{ unitPrice: 1999, quantity: 2 }], discount, paymentMethod = 'stripe_checkout' } = options;
  const now = new Date();
  const pricing = calculatePricing({
    currency,
    lines: lines.map((line, index) => ({
      lineId: `line-${index}`,
      ...line,
      taxClass: 'standard',
      eligibleForCoupon: true,
    })),
    ...(discount ? { discount, couponCode: 'SPRING' } : {}),
    ...(shipping === null ? {} : { shipping: { label: 'Standard shipping', amount: shipping, taxClass: 'standard' } }),
    tax: { mode: taxMode, rates: { standard: taxBasisPoints } },
  });
  return {
    id: options.id ?? `order-${count}-${now.getTime().toString(36)}`,
    number: `CW-TEST${String(count).padStart(4, '0')}`,
    version: 1,
    userId: 'user-1',
    email: 'ada@example.com',
    cartId: 'cart-1',
    lines: lines.map((line, index) => ({
      lineId: `line-${index}`,
      variantId: `variant-${index}`,
      quantity: line.quantity,
      taxClass: 'standard',
      product: {
        id: `product-${index}`,
        slug: `product-${index}`,
        title: `Product ${index}`,
        image: null,
        sku: `SKU-${index}`,
        options: { Color: 'Sage', Size: 'M' },
      },
    })),
    pricing,
    total: pricing.total,
    ...(discount ? { coupon: { couponId: 'coupon-1', code: 'SPRING', discount } } : {}),
    shippingAddress: address,
    billingAddress: address,
    shippingMethod: { id: 'standard', label: 'Standard shipping' },
    paymentMethod,
    settlement: paymentMethod === 'cash_on_delivery' ? 'on_delivery' : 'prepaid',
    status: 'pending',
    paymentStatus: 'unpaid',
    fulfillmentStatus: 'unfulfilled',
    hold: 'held',
    holdCount: 1,
    holdExpiresAt: options.holdExpiresAt ?? new Date(now.getTime() + 60 * 60_000),
    expiresAt: new Date(now.getTime() + 96 * 60 * 60_000),
    timeline: [],
    refunds: [],
    createdAt: now,
    updatedAt: now,
  };
}
