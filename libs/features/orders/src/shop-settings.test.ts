import { describe, expect, it } from 'vitest';
import { createStaticShopSettings } from './shop-settings.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const settings = createStaticShopSettings({
  countries: ['US', 'DE'],
  currency: 'USD',
  taxMode: 'exclusive',
  stockHoldSeconds: 1,
  orderExpirySeconds: 1,
  returnWindowSeconds: 1,
  maximumPendingPerNetwork: 20,
  maximumPendingOrders: 1,
  allowedReturnUrls: [],
  defaultSuccessUrl: '',
  defaultCancelUrl: '',
  shipping: [
    { id: 'express', label: 'Express', amount: 1_499, taxClass: 'standard', countries: ['US', 'DE'] },
    { id: 'standard', label: 'Standard', amount: 599, freeFrom: 10_000, taxClass: 'standard', countries: ['US'] },
  ],
  payment: [
    { id: 'stripe_checkout', label: 'Card', settlement: 'prepaid', minimum: 50 },
    { id: 'cash_on_delivery', label: 'Cash', settlement: 'on_delivery' },
  ],
  tax: { DE: { standard: 1_900 }, default: { standard: 800 } },
});

describe('static shop settings', () => {
  const shipping = (country: string, amount: number) =>
    settings.shippingOptions({ country, subtotal: usd(amount) }).map(({ id, price }) => [id, price.amount]);

  it('ship cheapest first, free from a sum on, and only where they say', () => {
    expect(shipping('US', 9_999)).toEqual([
      ['standard', 599],
      ['express', 1_499],
    ]);
    expect(shipping('US', 10_000)).toEqual([
      ['standard', 0],
      ['express', 1_499],
    ]);
    expect(shipping('DE', 10_000)).toEqual([['express', 1_499]]);
    expect(shipping('FR', 10_000)).toEqual([]);
  });

  it('offer a way to pay from its minimum on, and any for nothing', () => {
    const methods = (amount: number) =>
      settings.paymentOptions({ country: 'US', total: usd(amount) }).map(({ id }) => id);
    expect(methods(50)).toEqual(['stripe_checkout', 'cash_on_delivery']);
    expect(methods(49)).toEqual(['cash_on_delivery']);
    expect(methods(0)).toEqual(['stripe_checkout', 'cash_on_delivery']);
  });

  it('tax by destination, else by the default', () => {
    expect(settings.taxRates('DE')).toEqual({ standard: 1_900 });
    expect(settings.taxRates('FR')).toEqual({ standard: 800 });
    expect(settings.taxRates('constructor')).toEqual({ standard: 800 });
  });
});
