import type { Check, Facts } from './invariants.ts';

/** What buyers must have been told: by key, with the number that stands in the mail. */
async function due({ cluster, orders, captured }: Facts): Promise<Map<string, string>> {
  const numbers = new Map(orders.map(({ _id, number }) => [_id, number]));
  const refunds = await cluster.database.all<{ _id: string; orderId: string; status: string }>('payment_refunds', {
    status: 'succeeded',
  });
  return new Map([
    ...orders
      .filter(({ paymentMethod }) => paymentMethod === 'cash_on_delivery')
      .map(({ _id, number }) => [`order.placed:${_id}`, number] as const),
    ...captured.map(({ _id, number }) => [`order.paid:${_id}`, number] as const),
    ...orders
      .filter(({ status }) => status === 'canceled')
      .map(({ _id, number }) => [`order.canceled:${_id}`, number] as const),
    ...refunds.map(({ _id, orderId }) => [`order.refunded:${_id}`, numbers.get(orderId) ?? ''] as const),
  ]);
}

/** Buyers are told once of what happened to their orders, and of nothing else. */
export const checkNotifications: Check = async (facts) => {
  const wanted = await due(facts);
  const stored = await facts.cluster.database.all<{ key: string }>('notifications');
  const counts = new Map<string, number>();
  for (const { key } of stored) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...new Set([...wanted.keys(), ...counts.keys()])].flatMap((key) => {
    const [is, should] = [counts.get(key) ?? 0, wanted.has(key) ? 1 : 0];
    return is === should ? [] : [`${key} was told ${is} times, should be ${should}`];
  });
};

/**
 * Each of these has one mail by its lasting id. Handed over twice it is the same mail: mail servers take at least once,
 * and only a death between the server's yes and its note may cause that.
 */
export const checkMails: Check = async (facts) => {
  const { cluster, repeatedMails = 0 } = facts;
  const wanted = await due(facts);
  const rows = await cluster.database.all<{ _id: string; status: string }>('mails');
  const unsent = rows.filter(({ status }) => status !== 'sent').map(({ _id, status }) => `${_id} is ${status}`);
  const written = new Set(rows.map(({ _id }) => _id));
  const missing = [...wanted.keys()].filter((key) => !written.has(key)).map((key) => `${key} was never written`);
  const messages = await cluster.shop.mailbox.messages();
  const distinct = new Set(messages.map(({ messageId }) => messageId));
  const repeated = messages.length - distinct.size;
  return [
    ...unsent,
    ...missing,
    ...(distinct.size === rows.length ? [] : [`${distinct.size} different mails arrived of ${rows.length}`]),
    ...(repeated <= repeatedMails ? [] : [`${repeated} mails arrived again, ${repeatedMails} may`]),
  ];
};
