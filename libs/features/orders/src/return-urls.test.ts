import { describe, expect, it } from 'vitest';
import { forOrder, returnUrlsOf } from './return-urls.ts';

const settings = {
  allowedReturnUrls: ['https://shop.test', 'http://localhost:4200/some/page'],
  defaultSuccessUrl: 'https://shop.test/orders/{orderId}?n={number}',
  defaultCancelUrl: 'https://shop.test/cart',
};

describe('return URLs', () => {
  it('are the shop’s own when the client names none', () => {
    const urls = forOrder(returnUrlsOf({}, settings), { id: 'o1', number: 'CW-1' });
    expect(urls).toEqual({ successUrl: 'https://shop.test/orders/o1?n=CW-1', cancelUrl: 'https://shop.test/cart' });
  });

  it.each(['https://shop.test/x', 'https://shop.test:443/x?y#z', 'http://localhost:4200/'])(
    'may be %s',
    (successUrl) => {
      expect(returnUrlsOf({ successUrl }, settings).successUrl).toBe(successUrl);
    },
  );

  it.each([
    'https://evil.test/',
    'https://shop.test.evil.test/',
    'https://shop.test@evil.test/',
    'https://me:secret@shop.test/',
    'http://shop.test/',
    'https://shop.test:8443/',
    'http://localhost:4201/',
    'javascript:alert(1)',
    'data:text/html,x',
  ])('may not be %s', (cancelUrl) => {
    expect(() => returnUrlsOf({ cancelUrl }, settings)).toThrowError('RETURN_URL_NOT_ALLOWED');
  });
});
