import { equalMoney, formatMoney, type Money } from '@cartwright/domain-money';
import { derivePaymentStatus, isLegalPair, type LineProgress } from '@cartwright/domain-orders';
import type { CouponInspection } from '@cartwright/feature-coupons';
import { progressOf, type Order, type OrderInspection, type OrderRefund } from '@cartwright/feature-orders';
import type { AttemptStatus, Payment, PaymentInspection, Refund } from '@cartwright/feature-payments';
import type { Mongo } from '@cartwright/platform-mongo';
import { createWalk } from '../check.ts';
import type { Difference } from '../difference.ts';

/** An order, and what others say of it. */
export interface OrderFacts {
  readonly id: string;
  readonly order: Order;
  readonly payments: readonly Payment[];
  readonly refunds: readonly Refund[];
  readonly attempts: readonly AttemptStatus[];
  readonly hasCouponUse: boolean;
}

const LOCALE = 'en-US';
export const moneyText = (value: Money): string => formatMoney(value, LOCALE);

/** Orders that were imported had their money elsewhere. */
const IMPORTED_CART = 'import-';

/** What an order contradicts: itself, the ledger, or the records of coupons. */
export function judgeOrder(facts: OrderFacts): Difference[] {
  const { order } = facts;
  const subject = { orderId: order.id, orderNumber: order.number };
  return [...ofItself(order), ...ofPayments(facts), ...ofRefunds(facts), ...ofCoupon(facts)].map((difference) => ({
    ...difference,
    subject: { ...subject, ...difference.subject },
  }));
}

type Finding = Omit<Difference, 'subject'> & { readonly subject?: Difference['subject'] };

function ofItself(order: Order): Finding[] {
  const found: Finding[] = [];
  const { status, fulfillmentStatus, pricing, total, cartId } = order;
  if (!isLegalPair(order)) {
    found.push({
      kind: 'order_state',
      expected: 'a pair of states that can come about',
      found: `${status}, ${fulfillmentStatus}`,
      text: 'Status and fulfilment can not go together.',
    });
  }
  const steps = pricing.steps
    .filter(({ kind }) => kind !== 'total')
    .reduce((sum, { amount }) => sum + amount.amount, 0);
  if (!equalMoney(pricing.total, total) || steps !== total.amount) {
    found.push({
      kind: 'order_total',
      expected: moneyText(total),
      found: `${moneyText({ ...total, amount: steps })} by its steps, ${moneyText(pricing.total)} by its pricing`,
      text: 'The total is not what the price explanation comes to.',
    });
  }
  const isWrong = ({ open, shipped, returned, delivered }: LineProgress) =>
    open < 0 || returned > shipped || delivered > shipped;
  for (const { lineId, ordered, shipped, returned, withdrawn } of progressOf(order).filter(isWrong)) {
    found.push({
      kind: 'order_pieces',
      expected: `${ordered} pieces`,
      found: `${shipped} sent, ${returned} returned, ${withdrawn} not sent any more`,
      text: `The pieces of the line ${lineId} do not add up.`,
    });
  }
  if (status === 'canceled' && order.hold === 'held') {
    found.push({
      kind: 'order_canceled_holding',
      expected: 'nothing set aside',
      found: 'stock set aside',
      text: 'The order is canceled and still holds stock.',
    });
  }
  if (status === 'paid' && order.hold === 'released' && !cartId.startsWith(IMPORTED_CART)) {
    found.push({
      kind: 'order_paid_released',
      expected: 'stock set aside, or told to be missing',
      found: 'stock given back',
      text: 'The order is paid and its stock was given back.',
    });
  }
  if (status === 'canceled' && order.paymentId && total.amount > 0 && order.paymentStatus !== 'refunded') {
    found.push({
      kind: 'order_canceled_paid',
      expected: 'refunded',
      found: order.paymentStatus,
      text: 'The order is canceled and its money has not gone back.',
    });
  }
  return found;
}

function ofPayments({ order, payments, refunds, attempts }: OrderFacts): Finding[] {
  const found: Finding[] = [];
  const { paymentId, total, status, cartId } = order;
  const payment = payments.find(({ id }) => id === paymentId);
  const isImported = cartId.startsWith(IMPORTED_CART);
  if (paymentId === undefined ? status === 'paid' && !isImported : !payment) {
    found.push({
      kind: 'order_payment_missing',
      subject: { paymentId },
      expected: `a payment of ${moneyText(total)}`,
      found: 'none',
      text: 'The order is paid, and the ledger has no such payment.',
    });
  }
  if (payment && !equalMoney(payment.amount, total)) {
    found.push({
      kind: 'order_amount',
      subject: { paymentId },
      expected: moneyText(total),
      found: moneyText(payment.amount),
      text: 'The order was paid with another amount than its total.',
    });
  }
  const booked = payments.filter(({ provider }) => provider === 'stripe').length;
  const paid = attempts.filter((attempt) => attempt === 'paid').length;
  if (paid > booked) {
    found.push({
      kind: 'order_attempt_unbooked',
      expected: `${paid} payments`,
      found: String(booked),
      text: 'An attempt to pay succeeded, and the ledger has no payment of it.',
    });
  }
  const expected = statusOf({ order, payments, refunds, attempts });
  if (expected !== undefined && order.paymentStatus !== expected) {
    found.push({
      kind: 'order_payment_status',
      expected,
      found: order.paymentStatus,
      text: 'The payment status is not what the ledger comes to.',
    });
  }
  return found;
}

/** The payment status that the ledger comes to; undefined where it says nothing of it. */
function statusOf({
  order,
  refunds,
  attempts,
}: Omit<OrderFacts, 'id' | 'hasCouponUse'>): Order['paymentStatus'] | undefined {
  const { paymentId, status } = order;
  if (paymentId !== undefined) {
    return derivePaymentStatus([
      { kind: 'capture', status: 'succeeded', amount: order.total },
      ...refunds
        .filter((refund) => refund.paymentId === paymentId)
        .map(({ status: state, amount }) => ({
          kind: 'refund' as const,
          status: state === 'requested' ? ('pending' as const) : state,
          amount,
        })),
    ]);
  }
  // One that was canceled while its payment was under way stays as it was.
  if (status !== 'pending') return undefined;
  if (attempts.includes('processing')) return 'processing';
  // Money that is set aside may have been on its way before, and may have come at once.
  return order.paymentStatus === 'processing' && attempts.includes('quarantined') ? 'processing' : 'unpaid';
}

/** Those that follow from money the order had no need of are noted with it once their outcome is known. */
const isNotedLater = ({ status, cause }: Refund): boolean => status === 'requested' && cause !== 'order';

const refundWords = ({ amount, status }: Pick<OrderRefund, 'amount' | 'status'>): string =>
  `${moneyText(amount)}, ${status}`;

function ofRefunds({ order, refunds }: OrderFacts): Finding[] {
  const found: Finding[] = [];
  const noted = new Map(order.refunds.map((refund) => [refund.id, refund]));
  for (const refund of refunds) {
    const { id: refundId, paymentId } = refund;
    const note = noted.get(refundId);
    noted.delete(refundId);
    if (!note && isNotedLater(refund)) continue;
    if (!note) {
      found.push({
        kind: 'order_refund_missing',
        subject: { refundId, paymentId },
        expected: refundWords(refund),
        found: 'none',
        text: 'The ledger has a refund that the order knows nothing of.',
      });
    } else if (!equalMoney(note.amount, refund.amount) || note.status !== refund.status) {
      found.push({
        kind: 'order_refund_differs',
        subject: { refundId, paymentId },
        expected: refundWords(refund),
        found: refundWords(note),
        text: 'Order and ledger tell a refund differently.',
      });
    }
  }
  for (const note of noted.values()) {
    // Imported ones went back elsewhere; of pieces that were worth nothing there is nothing to book.
    if (note.paymentId === undefined || note.amount.amount === 0) continue;
    found.push({
      kind: 'order_refund_unknown',
      subject: { refundId: note.id, paymentId: note.paymentId },
      expected: 'none',
      found: refundWords(note),
      text: 'The order tells of a refund that the ledger does not have.',
    });
  }
  return found;
}

function ofCoupon({ order, hasCouponUse }: OrderFacts): Finding[] {
  if (!order.coupon || hasCouponUse) return [];
  const { couponId, code } = order.coupon;
  return [
    {
      kind: 'order_coupon_unrecorded',
      subject: { couponId, couponCode: code },
      expected: 'a record of the use',
      found: 'none',
      text: `The order was placed with the coupon ${code}, and no use of it was recorded.`,
    },
  ];
}

/** Orders, with the ledger and the records of coupons. */
export function createOrdersCheck({
  mongo,
  orders,
  payments,
  coupons,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderInspection, 'ids' | 'byIds'>;
  payments: Pick<PaymentInspection, 'paymentsOfOrders' | 'refundsOfPayments' | 'attemptsOfOrders'>;
  coupons: Pick<CouponInspection, 'uses'>;
}) {
  return createWalk<OrderFacts>({
    mongo,
    name: 'orders',
    ids: orders.ids,
    async load(ids, tx) {
      const found = await orders.byIds(ids, tx);
      const booked = Map.groupBy(await payments.paymentsOfOrders(ids, tx), ({ orderId }) => orderId);
      const paymentIds = [...booked.values()].flat().map(({ id }) => id);
      const refunds = Map.groupBy(await payments.refundsOfPayments(paymentIds, tx), ({ orderId }) => orderId);
      const attempts = Map.groupBy(await payments.attemptsOfOrders(ids, tx), ({ orderId }) => orderId);
      const withCoupon = found.filter(({ coupon }) => coupon !== undefined).map(({ id }) => id);
      const uses = new Set((await coupons.uses(withCoupon, tx)).map(({ orderId }) => orderId));
      return found.map((order) => ({
        id: order.id,
        order,
        payments: booked.get(order.id) ?? [],
        refunds: refunds.get(order.id) ?? [],
        attempts: (attempts.get(order.id) ?? []).map(({ status }) => status),
        hasCouponUse: uses.has(order.id),
      }));
    },
    judge: judgeOrder,
  });
}
