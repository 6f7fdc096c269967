import type Stripe from 'stripe';
import { sumOf, type Raced, type RacedOrder } from './facts.ts';
import { pagesOf } from './pages.ts';

interface PaymentRow {
  _id: string;
  orderId: string;
  reference: string;
  amount: { amount: number };
  refundable: number;
}
interface SetAside {
  _id: string;
  resolution?: { action: 'refund' | 'settled' };
}
interface RefundRow {
  _id: string;
  paymentId: string;
  status: string;
  cause: string;
  providerRefundId?: string;
  amount: { amount: number };
}

/** What the provider took was booked once, and belongs to a paid order, went back whole, or waits for a person. */
export async function findMoneyFaults(raced: Raced, orders: readonly RacedOrder[]): Promise<string[]> {
  const { database, stripe } = raced;
  const orderIds = orders.map(({ _id }) => _id);
  const among = { orderId: { $in: orderIds } };
  const [payments, refunds, quarantined] = await Promise.all([
    database.all<PaymentRow>('payments', among),
    database.all<RefundRow>('payment_refunds', among),
    database.all<SetAside>('payment_quarantine', among),
  ]);
  const byId = new Map(orders.map((order) => [order._id, order]));
  const problems: string[] = [];
  const references = new Set<string>();
  for (const { orderId, session } of await pagesOf(raced, orderIds)) {
    const order = byId.get(orderId);
    if (!order || session.payment_status !== 'paid' || typeof session.payment_intent !== 'string') continue;
    const reference = session.payment_intent;
    references.add(reference);
    // What was taken, whatever the page has come to say since.
    const { amount_received: taken, currency } = await stripe.paymentIntents.retrieve(reference);
    const isOurs = isOver(order, taken, currency);
    const booked = payments.filter((payment) => payment.reference === reference);
    const setAside = quarantined.find(({ _id }) => _id === reference);
    const waits = setAside !== undefined;
    if (!isOurs && !waits) problems.push(`${reference} fits nothing, and waits nowhere`);
    // A page that was changed once it was paid is for a person too, where the shop saw that before it booked.
    const isContradicted = !isOver(order, session.amount_total, session.currency);
    if (waits && isOurs && !isContradicted) problems.push(`${reference} of ${orderId} fits, and was set aside`);
    const { back, isDoubled, disputes } = await givenBack(raced, reference);
    if (isDoubled) problems.push(`${reference} of ${orderId}: a refund was made twice`);
    // Booked is of this what staff give back, and nothing of it goes before they say so.
    if (setAside) problems.push(...wrongAside(setAside, { booked: booked.length, back, taken }));
    if (waits || !isOurs) continue;
    if (booked.length !== 1) problems.push(`${reference} of ${orderId} was booked ${booked.length} times`);
    const keeps = order.status === 'paid' && order.paymentId === booked[0]?._id;
    const ofPayment = refunds.filter(({ paymentId }) => paymentId === booked[0]?._id);
    const told = sumOf(ofPayment, ({ status, amount }) => (status === 'succeeded' ? amount.amount : 0));
    if (back > taken) problems.push(`${reference} of ${orderId}: ${back} went back of ${taken}`);
    if (back !== told) problems.push(`${reference} of ${orderId}: ${back} went back, and the ledger says ${told}`);
    const least = keeps ? 0 : taken - sumOf(leftFailed(order, ofPayment), ({ amount }) => amount.amount);
    if (back < least)
      problems.push(`${reference} of ${orderId} (${order.status}): ${back} went back instead of ${least}`);
    problems.push(...disputes.flatMap((dispute) => wrongDispute(dispute, ofPayment)));
  }
  for (const { _id, amount, refundable } of payments) {
    const set = refunds.filter(({ paymentId, status }) => paymentId === _id && status !== 'failed');
    const left = amount.amount - sumOf(set, (refund) => refund.amount.amount);
    if (left !== refundable || left < 0) problems.push(`the payment ${_id} says ${refundable} is left, and ${left} is`);
  }
  for (const { _id, status, paymentId, paymentMethod, total } of orders) {
    const paidBy = payments.find((payment) => payment._id === paymentId);
    const paysNothing = total.amount === 0 || paymentMethod === 'cash_on_delivery';
    if (status === 'paid' && !paysNothing && !(paidBy && references.has(paidBy.reference))) {
      problems.push(`the order ${_id} is paid, and nothing came in for it`);
    }
  }
  return problems;
}

const isOver = ({ total }: RacedOrder, amount: number | null, currency: string | null): boolean =>
  amount === total.amount && currency?.toUpperCase() === total.currency;

/**
 * Came back from the bank, and nobody asked for it again: it stays, unless a later wish for all that is left took it in. What
 * a bank took for a dispute that was won is back with the shop, and is due.
 */
function leftFailed({ refunds }: RacedOrder, ofPayment: readonly RefundRow[]): RefundRow[] {
  const again = new Set(refunds.flatMap(({ id, retriedAs }) => (retriedAs === undefined ? [] : [id])));
  return ofPayment.filter(({ _id, status, cause }) => status === 'failed' && cause !== 'dispute' && !again.has(_id));
}

/** A dispute that was won leaves the money where it is, one that was lost took it, and an open one holds it. */
function wrongDispute({ id, status }: Stripe.Dispute, ofPayment: readonly RefundRow[]): string[] {
  const due = status === 'won' ? 'failed' : status === 'lost' ? 'succeeded' : 'pending';
  const is = ofPayment.find(({ providerRefundId }) => providerRefundId === id)?.status ?? 'missing';
  return is === due ? [] : [`the dispute ${id} is ${status}, and ${is} in the ledger`];
}

function wrongAside(
  { _id, resolution }: SetAside,
  { booked, back, taken }: { booked: number; back: number; taken: number },
): string[] {
  const isGivenBack = resolution?.action === 'refund';
  const due = isGivenBack ? taken : 0;
  return [
    ...(booked === (isGivenBack ? 1 : 0) ? [] : [`${_id} was set aside and booked ${booked} times`]),
    ...(back === due ? [] : [`${_id} was set aside: ${back} went back instead of ${due}`]),
  ];
}

/** What of a payment went back at the provider, or was lost to a bank, and whether one of our refunds did so twice. */
async function givenBack(
  { stripe }: Raced,
  reference: string,
): Promise<{ back: number; isDoubled: boolean; disputes: Stripe.Dispute[] }> {
  const { data } = await stripe.refunds.list({ payment_intent: reference, limit: 100 });
  const succeeded = data.filter(({ status }) => status === 'succeeded');
  const named = succeeded.flatMap(({ metadata }) => metadata?.['refundId'] ?? []);
  const { data: disputes } = await stripe.disputes.list({ payment_intent: reference, limit: 100 });
  const lost = disputes.filter(({ status }) => status === 'lost');
  return {
    back: sumOf([...succeeded, ...lost], ({ amount }) => amount),
    isDoubled: new Set(named).size < named.length,
    disputes,
  };
}
