import type { ShopDatabase } from './database.ts';

/** What the checks read of orders and of what was billed. */
export interface BilledOrder {
  _id: string;
  paymentId?: string | undefined;
  status: string;
  paymentMethod: string;
  shipments?: readonly unknown[];
  total: { amount: number };
  refunds: { id: string; paymentId?: string; status: string; amount: { amount: number }; wentThroughAt?: Date }[];
}
interface IssuedRow {
  kind: string;
  source: string;
  total: number;
}

/**
 * Each paid order, and each that was sent to be paid on delivery, has one invoice over its total, each refund of its payment that went through one credit note over its
 * amount, and nothing else was issued for these orders. Of no kind a number is missing, for whatever order.
 */
export async function findInvoiceFaults(database: ShopDatabase, orders: readonly BilledOrder[]): Promise<string[]> {
  const issued = await database.all<IssuedRow>('invoices', { orderId: { $in: orders.map(({ _id }) => _id) } });
  const has = new Map<string, number[]>();
  for (const { kind, source, total } of issued) {
    const name = `${kind} of ${source}`;
    has.set(name, [...(has.get(name) ?? []), total]);
  }
  const due = new Map(orders.flatMap(dueOf));
  const faults = [...new Set([...has.keys(), ...due.keys()])].flatMap((name) => {
    const [is, should] = [(has.get(name) ?? []).join(' and '), due.get(name)];
    return is === String(should ?? '') ? [] : [`the ${name} is over ${is || 'nothing'}, should be ${should ?? 'none'}`];
  });
  return [...faults, ...(await gaps(database))];
}

/** What is to be paid on delivery is billed as it is sent, and that is undone where all of it comes back. */
function dueOf({ _id, paymentId, total, refunds, ...order }: BilledOrder): [string, number][] {
  if (paymentId === undefined) {
    const { status, paymentMethod, shipments = [] } = order;
    if (paymentMethod !== 'cash_on_delivery' || shipments.length === 0) return [];
    const undone: [string, number][] = [[`credit_note of ${_id}/undelivered`, total.amount]];
    return [[`invoice of ${_id}`, total.amount], ...(status === 'canceled' ? undone : [])];
  }
  const ours = refunds.filter((refund) => refund.paymentId === paymentId && refund.amount.amount > 0);
  const bounced = ours.filter(({ status, wentThroughAt }) => status === 'failed' && wentThroughAt !== undefined);
  const back = [...ours.filter(({ status }) => status === 'succeeded'), ...bounced];
  return [
    [`invoice of ${_id}`, total.amount],
    ...back.map(({ id, amount }): [string, number] => [`credit_note of ${id}`, amount.amount]),
    ...bounced.map(({ id, amount }): [string, number] => [`invoice of ${id}/bounced`, amount.amount]),
  ];
}

/** An index sees to it that no number is there twice: so many documents as the last one's number, and none is missing. */
async function gaps({ db }: ShopDatabase): Promise<string[]> {
  const series = await db
    .collection('invoices')
    .aggregate<{ _id: string; count: number; last: number }>([
      { $group: { _id: '$kind', count: { $sum: 1 }, last: { $max: '$sequence' } } },
    ])
    .toArray();
  return series.flatMap(({ _id: kind, count, last }) =>
    count === last ? [] : [`of the ${kind} numbers up to ${last}, ${count} were issued`],
  );
}
