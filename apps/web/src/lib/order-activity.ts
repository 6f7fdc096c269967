import type { RouterOutputs } from '@cartwright/sdk';

type Page = RouterOutputs['admin']['orders']['list'];
type Summary = Page['items'][number];

/** What happened to an order, as the live feed of all orders tells it. */
export type OrderActivity = Pick<Summary, 'status' | 'paymentStatus' | 'fulfillmentStatus' | 'returnRequested'> & {
  orderId: string;
  change: 'placed' | 'paid' | 'canceled' | 'updated';
};

export interface OrderFilters {
  status?: Summary['status'];
  payment?: Summary['paymentStatus'];
  parcel?: Summary['fulfillmentStatus'];
  /** Those of which a return waits for an answer. */
  returns?: 'asked';
  /** The last day that is meant: what happens now is none of it, or known to be anyway. */
  to?: string;
  /** A search by words: whether an order is meant can't be told from its activity. */
  q?: string;
}

/** The page with the order's states as they are now. It stays in its place, even if the filters no longer mean it. */
export function withActivity(page: Page, activity: OrderActivity): Page {
  const { orderId, status, paymentStatus, fulfillmentStatus, returnRequested } = activity;
  if (!page.items.some(({ id }) => id === orderId)) return page;
  const items = page.items.map((order) =>
    order.id === orderId ? { ...order, status, paymentStatus, fulfillmentStatus, returnRequested } : order,
  );
  return { ...page, items };
}

/** Whether an order that isn't on the first page has come to belong there, or may have: worth offering to look again. */
export function belongsOnTop(activity: OrderActivity, filters: OrderFilters): boolean {
  const { status, payment, parcel, returns, q, to } = filters;
  if (q !== undefined || to !== undefined) return false;
  if (parcel !== undefined && activity.fulfillmentStatus !== parcel) return false;
  if (status === undefined && payment === undefined && returns === undefined) return activity.change === 'placed';
  const isMeant =
    (status === undefined || activity.status === status) &&
    (payment === undefined || activity.paymentStatus === payment);
  // A return is asked for, and nothing else of the order changes.
  return isMeant && (returns === undefined ? activity.change !== 'updated' : activity.returnRequested);
}
