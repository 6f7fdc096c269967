import type { ShopDatabase } from './database.ts';

/** What the checks read of orders and of what was billed. */
export interface BilledOrder {
  _id: string;
  paymentId?: string;
  total: { amount: number };
  refunds: { id: string; paymentId?: string; status: string; amount: { amount: number } }[];
}
interface IssuedRow {
  kind: string;
  source: string;
  orderId: string;
  sequence: number;
  total: number;
}

/**
 * Each paid order has one invoice over its total, each refund of its payment that went through one credit note over its
 * amount, and nothing else was issued for these orders. Of no kind a number is missing or there twice, for whatever order.
 */
export async function findInvoiceFaults(database: ShopDatabase, orders: readonly BilledOrder[]): Promise<string[]> {
  const issued = await database.all<IssuedRow>('invoices');
  const ids = new Set(orders.map(({ _id }) => _id));
  const has = new Map<string, number[]>();
  for (const { kind, source, orderId, total } of issued) {
    if (!ids.has(orderId)) continue;
    const name = `${kind} of ${source}`;
    has.set(name, [...(has.get(name) ?? []), total]);
  }
  const due = new Map(orders.flatMap(dueOf));
  const faults = [...new Set([...has.keys(), ...due.keys()])].flatMap((name) => {
    const [is, should] = [(has.get(name) ?? []).join(' and '), due.get(name)];
    return is === String(should ?? '') ? [] : [`the ${name} is over ${is || 'nothing'}, should be ${should ?? 'none'}`];
  });
  return [...faults, ...gaps(issued)];
}

/** Orders paid on delivery are not sent here, so only payments bill them. */
function dueOf({ _id, paymentId, total, refunds }: BilledOrder): [string, number][] {
  if (paymentId === undefined) return [];
  const back = refunds.filter((refund) => refund.paymentId === paymentId && refund.status === 'succeeded');
  return [
    [`invoice of ${_id}`, total.amount],
    ...back.map(({ id, amount }): [string, number] => [`credit_note of ${id}`, amount.amount]),
  ];
}

function gaps(issued: readonly IssuedRow[]): string[] {
  return [...Map.groupBy(issued, ({ kind }) => kind)].flatMap(([kind, those]) => {
    const numbers = those.map(({ sequence }) => sequence).toSorted((a, b) => a - b);
    const first = numbers.findIndex((number, index) => number !== index + 1);
    return first === -1 ? [] : [`the ${kind} number ${first + 1} is missing, or another one is there twice`];
  });
}
