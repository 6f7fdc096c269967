import type { ResolvedLine } from '@cartwright/feature-cart';
import { describe, expect, it } from 'vitest';
import { checkout, type CheckoutInput } from './checkout.ts';
import { address, buildVariant } from './order-builders.fixture.ts';
import { testSettings } from './order-ports.fixture.ts';

function line(variantId: string, quantity = 1, unitPrice = 1_000): ResolvedLine {
  return {
    line: { lineId: `l-${variantId}`, variantId, quantity, seenUnitPrice: unitPrice },
    variant: buildVariant(variantId),
    unitPrice,
    onSale: false,
  };
}

function input(rest: Partial<CheckoutInput> = {}): CheckoutInput {
  return {
    cartId: 'cart',
    cartVersion: 4,
    resolved: { lines: [line('a', 2)], unavailable: [] },
    choice: { shippingAddress: address },
    emailVerified: true,
    settings: testSettings(),
    ...rest,
  };
}

describe('checkout', () => {
  it('prices goods, shipping and tax and offers the methods', () => {
    const { quote } = checkout(input());
    expect(quote).toMatchObject({
      cartVersion: 4,
      shippingMethod: 'standard',
      paymentMethod: 'stripe_checkout',
      shippingMethods: [
        { id: 'standard', price: { amount: 599 } },
        { id: 'express', price: { amount: 1_499 } },
      ],
      pricing: { total: { amount: 2_000 + 599 + 260, currency: 'USD' } },
    });
  });

  it('ships for nothing from the threshold on', () => {
    const { quote } = checkout(input({ resolved: { lines: [line('a', 10)], unavailable: [] } }));
    expect(quote.shippingMethods[0]).toEqual({
      id: 'standard',
      label: 'Standard',
      price: { amount: 0, currency: 'USD' },
    });
  });

  it('gives one hash for one agreement', () => {
    expect(checkout(structuredCloneOf(input())).quote.quoteHash).toBe(checkout(input()).quote.quoteHash);
    const billing = { shippingAddress: address, billingAddress: { ...address } };
    expect(checkout(input({ choice: billing })).quote.quoteHash).toBe(checkout(input()).quote.quoteHash);
  });

  it.each<[string, Partial<CheckoutInput>]>([
    ['quantity', { resolved: { lines: [line('a', 3)], unavailable: [] } }],
    ['price', { resolved: { lines: [line('a', 2, 999)], unavailable: [] } }],
    ['variant', { resolved: { lines: [line('b', 2)], unavailable: [] } }],
    ['cart', { cartId: 'other' }],
    ['shipping method', { choice: { shippingAddress: address, shippingMethod: 'express' } }],
    ['payment method', { choice: { shippingAddress: address, paymentMethod: 'cash_on_delivery' } }],
    ['shipping address', { choice: { shippingAddress: { ...address, city: 'Elsewhere' } } }],
    ['billing address', { choice: { shippingAddress: address, billingAddress: { ...address, name: 'Bob' } } }],
    ['tax rate', { settings: { ...testSettings(), taxRates: () => ({ standard: 1_100 }) } }],
  ])('gives another hash for another %s', (_name, rest) => {
    expect(checkout(input(rest)).quote.quoteHash).not.toBe(checkout(input()).quote.quoteHash);
  });

  it('goes on without a coupon that is refused, and says so', () => {
    const coupon = { code: 'X', answer: { ok: false, reason: 'COUPON_INACTIVE', details: undefined } } as const;
    const { quote } = checkout(input({ coupon }));
    expect(quote.coupon).toEqual({ code: 'X', applied: false, reason: 'COUPON_INACTIVE' });
    expect(quote.pricing.total).toEqual(checkout(input()).quote.pricing.total);
  });

  const gone = { lineId: 'l', variantId: 'gone', quantity: 1, seenUnitPrice: 1 };
  it.each<[string, Partial<CheckoutInput>]>([
    ['CART_EMPTY', { resolved: { lines: [], unavailable: [] } }],
    ['VARIANT_UNAVAILABLE', { resolved: { lines: [line('a')], unavailable: [gone] } }],
    ['SHIPPING_METHOD_UNAVAILABLE', { choice: { shippingAddress: address, shippingMethod: 'pigeon' } }],
    ['SHIPPING_METHOD_UNAVAILABLE', { settings: { ...testSettings(), shippingOptions: () => [] } }],
    ['PAYMENT_METHOD_UNAVAILABLE', { choice: { shippingAddress: address, paymentMethod: 'barter' } }],
  ])('refuses with %s', (reason, rest) => {
    expect(() => checkout(input(rest))).toThrowError(reason);
  });

  it('offers what needs a confirmed address to those who have one', () => {
    const settings = {
      ...testSettings(),
      paymentOptions: () => [
        { id: 'cash_on_delivery', label: 'Cash', settlement: 'on_delivery', needsVerifiedEmail: true } as const,
      ],
    };
    expect(checkout(input({ settings })).payment.id).toBe('cash_on_delivery');
    expect(() => checkout(input({ settings, emailVerified: false }))).toThrowError('PAYMENT_METHOD_UNAVAILABLE');
  });
});

/** Settings hold functions, which can't be cloned; they stay. */
function structuredCloneOf({ settings, ...rest }: CheckoutInput): CheckoutInput {
  return { ...structuredClone(rest), settings };
}
