import { currencyInfo } from '@cartwright/domain-money';
import { createStaticShopSettings } from '@cartwright/feature-orders';
import { describe, expect, it } from 'vitest';
import { defaultRules, paymentRules } from './shop-settings.ts';

const shop = {
  ...{ name: 'Shop', currency: 'USD', country: 'US', timezone: 'UTC', taxMode: 'exclusive' as const },
  seller: { name: 'Shop', address: [] },
  ...{
    stockHoldSeconds: 3_600,
    orderExpirySeconds: 7_200,
    couponRetentionSeconds: 0,
    returnWindowSeconds: 2_592_000,
    staffRefundLimit: 20_000,
    allowedReturnUrls: [],
  },
};

function methodsFor(amount: number, currency: string): string[] {
  const { limits, shipping } = defaultRules({ shop: { ...shop, currency }, limits: { networkFactor: 1 } });
  const { paymentOptions } = createStaticShopSettings({
    ...{
      ...limits,
      currency,
      taxMode: 'exclusive',
      shipping,
      tax: {},
      payment: paymentRules(currency),
      countries: ['US'],
    },
    ...{ allowedReturnUrls: [], defaultSuccessUrl: '', defaultCancelUrl: '', returnWindowSeconds: 1 },
  });
  return paymentOptions({ total: { amount, currency }, country: 'US' }).map(({ id }) => id);
}

describe('paying by card', () => {
  it('is offered from what Stripe charges at least in the currency', () => {
    expect(methodsFor(50, 'USD')).toEqual(['stripe_checkout', 'cash_on_delivery']);
    expect(methodsFor(49, 'USD')).toEqual(['cash_on_delivery']);
    expect(methodsFor(17_499, 'HUF')).toEqual(['cash_on_delivery']);
    expect(methodsFor(17_500, 'HUF')).toEqual(['stripe_checkout', 'cash_on_delivery']);
    expect(methodsFor(30, 'GBP')).toEqual(['stripe_checkout', 'cash_on_delivery']);
  });
});

describe('a new shop', () => {
  it.each(['USD', 'JPY', 'KWD', 'TND'])('ships for sums that can be paid in %s', (currency) => {
    const { shipping } = defaultRules({ shop: { ...shop, currency }, limits: { networkFactor: 1 } });
    const sums = shipping.flatMap(({ amount, freeFrom = 0 }) => [amount, freeFrom]);
    expect(sums.filter((sum) => sum % currencyInfo(currency).quantum !== 0)).toEqual([]);
    expect(Math.min(...shipping.map(({ amount }) => amount))).toBeGreaterThan(0);
  });
});
