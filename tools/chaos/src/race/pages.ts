import type Stripe from 'stripe';

/** A payment page as the provider has it. */
export interface Page {
  readonly orderId: string;
  readonly session: Stripe.Checkout.Session;
}

/** Clocks may differ by a little. */
const MARGIN_SECONDS = 2;

/** The payment pages that the provider has of orders, also those that the shop doesn't know of. */
export async function pagesOf(
  { stripe, since, until }: { stripe: Stripe; since: Date; until?: Date },
  orderIds: readonly string[],
): Promise<Page[]> {
  const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1_000);
  const created = { gte: seconds(since) - MARGIN_SECONDS, ...(until && { lte: seconds(until) + MARGIN_SECONDS }) };
  const pages: Page[] = [];
  for await (const session of stripe.checkout.sessions.list({ created, limit: 100 })) {
    const orderId = session.metadata?.['orderId'];
    if (orderId !== undefined && orderIds.includes(orderId)) pages.push({ orderId, session });
  }
  return pages;
}
