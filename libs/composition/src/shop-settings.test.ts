import { describe, expect, it } from 'vitest';
import { createShopSettings } from './shop-settings.ts';

function methodsFor(amount: number, currency: string): string[] {
  const shop = {
    ...{ name: 'Shop', currency, country: 'US', timezone: 'UTC', taxMode: 'exclusive' as const },
    ...{
      stockHoldSeconds: 3_600,
      orderExpirySeconds: 7_200,
      couponRetentionSeconds: 0,
      staffRefundLimit: 20_000,
      allowedReturnUrls: [],
    },
  };
  const settings = createShopSettings({ shop, web: { url: 'http://shop.test' }, limits: { networkFactor: 1 } });
  return settings.paymentOptions({ total: { amount, currency }, country: 'US' }).map(({ id }) => id);
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
