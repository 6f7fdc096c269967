import { redirect } from '@tanstack/react-router';
import type { Cartwright } from '@cartwright/sdk';

/** What routes know of the page they are in. */
export interface RouterContext {
  shop: Cartwright;
}

/** Lets only signed-in visitors on; the others come back here after signing in. */
export function requireSession({ context, location }: { context: RouterContext; location: { href: string } }): void {
  if (!context.shop.session.current()) throw redirect({ to: '/sign-in', search: { next: location.href } });
}

/**
 * The page of an order: for the signed-in, and for whoever holds its token. That of a mailed link stands behind the `#`; it
 * is kept and taken out of the address at once, so that it stays neither in the history nor on the screen.
 */
export async function requireOrderAccess({
  context: { shop },
  location,
  params: { orderId },
}: {
  context: RouterContext;
  location: { hash: string; search: { payment?: 'success' | 'canceled' } };
  params: { orderId: string };
}): Promise<void> {
  if (location.hash !== '') {
    await shop.orders.keepToken(orderId, location.hash);
    throw redirect({ to: '/orders/$orderId', params: { orderId }, search: location.search, replace: true });
  }
  if (!shop.session.current() && shop.orders.token(orderId) === undefined) throw redirect({ to: '/find-order' });
}

/** The other way round, for the sign-in pages. */
export function requireNoSession({ context, search }: { context: RouterContext; search: { next?: string } }): void {
  if (context.shop.session.current()) throw redirect({ href: search.next ?? '/' });
}

/** Pages of administrators: other staff are led to what is theirs. The API decides again on each call. */
export function requireAdmin({ context }: { context: RouterContext }): void {
  if (context.shop.session.current()?.user.role === 'staff') throw redirect({ to: '/admin/orders' });
}
