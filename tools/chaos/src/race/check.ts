import type Stripe from 'stripe';
import type { ShopDatabase, OrderRow } from '../database.ts';
import { findInvoiceFaults } from '../invoice-checks.ts';
import type { Intention } from './player.ts';
import type { Schedule } from './schedule.ts';

interface RacedOrder extends OrderRow {
  paymentId?: string;
  createdAt: Date;
  refunds: {
    id: string;
    paymentId?: string;
    status: string;
    amount: { amount: number };
    goods?: { lineId: string; withdrawn: number; released: number }[];
  }[];
  pricing: { total: { amount: number }; steps: { kind: string; amount: { amount: number } }[] };
}
interface AttemptRow {
  _id: string;
  orderId: string;
  sessionId?: string;
  status: string;
}
interface PaymentRow {
  _id: string;
  orderId: string;
  reference: string;
  amount: { amount: number };
  refundable: number;
}
interface RefundRow {
  paymentId: string;
  status: string;
  amount: { amount: number };
}

/** A round that is over, and what to look at. */
export interface Raced {
  readonly database: ShopDatabase;
  readonly stripe: Stripe;
  readonly schedule: Schedule;
  readonly userIds: readonly string[];
  readonly since: Date;
  readonly variants: readonly string[];
  readonly couponId: string;
  readonly intentions: readonly Intention[];
}

const sumOf = <T>(list: readonly T[], amount: (item: T) => number): number =>
  list.reduce((sum, item) => sum + amount(item), 0);
const linesOf = (orders: readonly RacedOrder[], variantId: string) =>
  orders.flatMap(({ lines, refunds }) =>
    lines
      .filter((line) => line.variantId === variantId)
      .map(({ lineId, quantity }) => {
        const goods = refunds.flatMap((refund) => (refund.goods ?? []).filter((piece) => piece.lineId === lineId));
        const withdrawn = sumOf(goods, (piece) => piece.withdrawn);
        // Refunded unsent: off the reservation, and off the shelf unless it was put back there.
        return { open: quantity - withdrawn, writtenOff: withdrawn - sumOf(goods, (piece) => piece.released) };
      }),
  );

/** Each intent made one order at most, and everybody was told of theirs. */
function intents(orders: readonly RacedOrder[], intentions: readonly Intention[]): string[] {
  const known = new Set(orders.map(({ _id }) => _id));
  const told = new Set(intentions.flatMap(({ orderIds }) => [...orderIds]));
  return [
    ...intentions.flatMap(({ key, orderIds }) =>
      orderIds.size > 1 ? [`the key ${key} made ${orderIds.size} orders`] : [],
    ),
    ...intentions.flatMap(({ key, acknowledgedAt, refusals }) =>
      refusals
        .filter(({ askedAt }) => askedAt > acknowledgedAt)
        .map(({ reason }) => `the key ${key} had made an order, and was refused then: ${reason}`),
    ),
    ...[...told].filter((id) => !known.has(id)).map((id) => `the order ${id} was acknowledged and is not there`),
    ...[...known].filter((id) => !told.has(id)).map((id) => `the order ${id} is there and nobody was told`),
  ];
}

/** What is reserved is what orders hold, never more than there is, and the movements say the same. */
async function stock({ database, schedule, variants }: Raced, orders: readonly RacedOrder[]): Promise<string[]> {
  const held = orders.filter(({ hold }) => hold === 'held');
  const problems = await Promise.all(
    variants.map(async (variantId, index) => {
      const initial = schedule.products[index]?.stock ?? 0;
      const [level] = await database.all<{ onHand: number; reserved: number }>('stock_levels', { _id: variantId });
      const movements = await database.all<{ deltaOnHand: number; deltaReserved: number }>('stock_movements', {
        variantId,
      });
      const wanted = sumOf(linesOf(held, variantId), ({ open }) => open);
      const writtenOff = sumOf(linesOf(orders, variantId), (line) => line.writtenOff);
      const { onHand = Number.NaN, reserved = Number.NaN } = level ?? {};
      return [
        ...(reserved > onHand || reserved < 0 ? [`${variantId}: ${reserved} of ${onHand} are reserved`] : []),
        ...(wanted > initial ? [`${variantId}: ${wanted} sold of ${initial}`] : []),
        ...(reserved === wanted ? [] : [`${variantId}: ${reserved} reserved, orders hold ${wanted}`]),
        ...(onHand === initial - writtenOff
          ? []
          : [`${variantId}: ${onHand} on hand of ${initial}, ${writtenOff} written off`]),
        ...(sumOf(movements, ({ deltaReserved }) => deltaReserved) === reserved
          ? []
          : [`${variantId}: the movements do not sum to what is reserved`]),
        ...(sumOf(movements, ({ deltaOnHand }) => deltaOnHand) === onHand
          ? []
          : [`${variantId}: the movements do not sum to what is on hand`]),
      ];
    }),
  );
  return problems.flat();
}

/** Uses are counted, within both limits, and each is that of an order that holds it. */
async function coupons({ database, schedule, couponId }: Raced, orders: readonly RacedOrder[]): Promise<string[]> {
  const [coupon] = await database.all<{ redeemed: number }>('coupons', { _id: couponId });
  const uses = await database.all<{ _id: string; customer: string; status: string }>('coupon_redemptions', {
    couponId,
  });
  const redeemed = uses.filter(({ status }) => status === 'redeemed');
  const { totalLimit, perCustomerLimit } = schedule.coupon;
  const perCustomer = Map.groupBy(redeemed, ({ customer }) => customer);
  const byId = new Map(orders.map((order) => [order._id, order]));
  const using = orders.filter((order) => order.coupon?.couponId === couponId);
  return [
    ...(redeemed.length > totalLimit ? [`the coupon was used ${redeemed.length} times of ${totalLimit}`] : []),
    ...(coupon?.redeemed === redeemed.length ? [] : [`the coupon counts ${coupon?.redeemed}, used ${redeemed.length}`]),
    ...[...perCustomer].flatMap(([customer, { length }]) =>
      length > perCustomerLimit ? [`${customer} used the coupon ${length} times of ${perCustomerLimit}`] : [],
    ),
    // A paid order has used its coupon for good, even when it is canceled later.
    ...redeemed.flatMap(({ _id }) => {
      const order = byId.get(_id);
      return order && (order.hold === 'held' || order.paymentId !== undefined)
        ? []
        : [`the order ${_id} keeps its coupon and holds nothing`];
    }),
    ...using.flatMap(({ _id }) =>
      uses.some((use) => use._id === _id) ? [] : [`the order ${_id} has a coupon it never redeemed`],
    ),
  ];
}

/** Steps sum to the total, which is what the order is about. */
function prices(orders: readonly RacedOrder[]): string[] {
  return orders.flatMap(({ _id, total, pricing }) => {
    const steps = sumOf(
      pricing.steps.filter(({ kind }) => kind !== 'total'),
      ({ amount }) => amount.amount,
    );
    return steps === total.amount && pricing.total.amount === total.amount
      ? []
      : [`the order ${_id}: its steps sum to ${steps}, its total is ${total.amount}`];
  });
}

/** What the provider took was booked once, and belongs to a paid order, went back whole, or waits for a person. */
async function money({ database, stripe }: Raced, orders: readonly RacedOrder[]): Promise<string[]> {
  const orderIds = orders.map(({ _id }) => _id);
  const among = { orderId: { $in: orderIds } };
  const [attempts, payments, refunds, quarantined] = await Promise.all([
    database.all<AttemptRow>('payment_attempts', among),
    database.all<PaymentRow>('payments', among),
    database.all<RefundRow>('payment_refunds', among),
    database.all<{ _id: string }>('payment_quarantine', among),
  ]);
  const byId = new Map(orders.map((order) => [order._id, order]));
  const problems: string[] = [];
  const references = new Set<string>();
  for (const { sessionId, orderId } of attempts) {
    if (sessionId === undefined) continue;
    const session = await stripe.checkout.sessions.retrieve(sessionId);
    if (session.payment_status !== 'paid' || typeof session.payment_intent !== 'string') continue;
    const reference = session.payment_intent;
    // What was taken, whatever the session has come to say since.
    const { amount_received: taken } = await stripe.paymentIntents.retrieve(reference);
    references.add(reference);
    const order = byId.get(orderId);
    const booked = payments.filter((payment) => payment.reference === reference);
    const givenBack = await stripe.refunds.list({ payment_intent: reference, limit: 100 });
    const back = sumOf(
      givenBack.data.filter(({ status }) => status === 'succeeded'),
      ({ amount }) => amount,
    );
    const named = givenBack.data.flatMap(({ metadata, status }) =>
      status === 'succeeded' ? (metadata?.['refundId'] ?? []) : [],
    );
    if (new Set(named).size < named.length) problems.push(`${reference} of ${orderId}: a refund was made twice`);
    const waits = quarantined.some(({ _id }) => _id === reference);
    // A page that was changed while a bank was at work says another sum than its payment: that is for a person, too.
    const isContradicted = session.amount_total !== order?.total.amount && waits;
    if (taken !== order?.total.amount || isContradicted) {
      if (booked.length > 0) problems.push(`${reference} is about another sum than ${orderId} and was booked`);
      if (!waits) problems.push(`${reference} fits nothing, and waits nowhere`);
      continue;
    }
    if (booked.length !== 1) problems.push(`${reference} of ${orderId} was booked ${booked.length} times`);
    const keeps = order.status === 'paid' && order.paymentId === booked[0]?._id;
    const ours = refunds.filter(({ paymentId, status }) => paymentId === booked[0]?._id && status === 'succeeded');
    const due = keeps ? sumOf(ours, ({ amount }) => amount.amount) : taken;
    if (back > taken) problems.push(`${reference} of ${orderId}: ${back} went back of ${taken}`);
    if (back !== due)
      problems.push(`${reference} of ${orderId} (${order.status}): ${back} went back instead of ${due}`);
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

/** A canceled order holds nothing; nothing stays overdue, nothing is under way. */
async function rest({ database }: Raced, orders: readonly RacedOrder[]): Promise<string[]> {
  const ids = orders.map(({ _id }) => _id);
  const unfinished = await database.all<{ _id: string }>('payment_refunds', {
    ...{ orderId: { $in: ids }, status: { $in: ['requested', 'pending'] } },
  });
  const waiting = await database.all<{ orderId: string }>('payment_quarantine', { orderId: { $in: ids } });
  const withPeople = new Set(waiting.map(({ orderId }) => orderId));
  const now = new Date();
  return [
    ...orders.flatMap(({ _id, status, hold }) =>
      status === 'canceled' && hold === 'held' ? [`the order ${_id} is canceled and holds stock`] : [],
    ),
    ...orders.flatMap(({ _id, status, expiresAt, paymentStatus }) =>
      status === 'pending' && paymentStatus === 'unpaid' && expiresAt && expiresAt < now && !withPeople.has(_id)
        ? [`the order ${_id} is overdue`]
        : [],
    ),
    ...unfinished.map(({ _id }) => `the refund ${_id} is not finished`),
  ];
}

/** Everything that is wrong with what a round left behind, as of now; some of it may only be late. */
export async function findFault(raced: Raced): Promise<string[]> {
  const { database, userIds, since, intentions } = raced;
  const orders = await database.all<RacedOrder>('orders', {
    ...{ userId: { $in: [...userIds] }, createdAt: { $gte: since } },
  });
  const found = await Promise.all([
    intents(orders, intentions),
    stock(raced, orders),
    coupons(raced, orders),
    prices(orders),
    money(raced, orders),
    rest(raced, orders),
    findInvoiceFaults(database, orders),
  ]);
  return found.flat();
}
