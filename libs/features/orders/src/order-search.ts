import { normalizeOrderNumber } from '@cartwright/domain-orders';
import type { OrderFilter, OrderRepository } from './order-repository.ts';

/** What staff typed as a filter: an order's number, or else the start of an e-mail address, which may look like one. */
export async function orderSearch(
  orders: Pick<OrderRepository, 'byNumber'>,
  query: string | undefined,
): Promise<OrderFilter> {
  if (query === undefined) return {};
  const number = normalizeOrderNumber(query);
  if (number !== undefined && (await orders.byNumber(number))) return { number };
  return { emailPrefix: query.toLowerCase() };
}
