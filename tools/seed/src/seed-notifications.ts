import type { Composition } from '@cartwright/composition';
import { daysBefore } from './catalog-records.ts';
import type { DemoData } from './demo-data.ts';

/** What came in the last days is still unread. */
const UNREAD_DAYS = 15;

/** Makes the notifications that the past orders would have brought their buyers. Returns how many were new. */
export async function seedNotifications(
  shop: Pick<Composition, 'recallNotifications'> & { services: Pick<Composition['services'], 'accounts'> },
  data: DemoData,
  now: Date,
): Promise<number> {
  const customers = await shop.services.accounts.byEmails(data.customers.map(({ email }) => email));
  const readBefore = daysBefore(now, UNREAD_DAYS);
  let fresh = 0;
  for (const { id } of customers.values()) fresh += await shop.recallNotifications(id, { readBefore });
  return fresh;
}
