import { DomainError } from '@cartwright/domain-errors';
import type { ShopSettingsPort } from './orders.ports.ts';

type UrlSettings = Pick<ShopSettingsPort, 'allowedReturnUrls' | 'defaultSuccessUrl' | 'defaultCancelUrl'>;

/** Where a payment page may return to. */
export interface ReturnUrls {
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** The client's return URLs, or the shop's. Throws RETURN_URL_NOT_ALLOWED for an origin that is not on the list. */
export function returnUrlsOf(
  input: { successUrl?: string | undefined; cancelUrl?: string | undefined },
  settings: UrlSettings,
): ReturnUrls {
  const allowed = new Set(settings.allowedReturnUrls.map((url) => new URL(url).origin));
  for (const url of [input.successUrl, input.cancelUrl]) {
    if (url !== undefined && !isAllowed(url, allowed)) throw new DomainError('RETURN_URL_NOT_ALLOWED');
  }
  return {
    successUrl: input.successUrl ?? settings.defaultSuccessUrl,
    cancelUrl: input.cancelUrl ?? settings.defaultCancelUrl,
  };
}

/** Fills `{orderId}` and `{number}` in. */
export function forOrder(urls: ReturnUrls, order: { id: string; number: string }): ReturnUrls {
  const fill = (url: string) => url.replaceAll('{orderId}', order.id).replaceAll('{number}', order.number);
  return { successUrl: fill(urls.successUrl), cancelUrl: fill(urls.cancelUrl) };
}

function isAllowed(url: string, allowed: ReadonlySet<string>): boolean {
  const { protocol, origin, username, password } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && !username && !password && allowed.has(origin);
}
