import type { Order, OrderInspection } from '@cartwright/feature-orders';
import type { Payment, PaymentInspection, Refund } from '@cartwright/feature-payments';
import type { Mongo } from '@cartwright/platform-mongo';
import { createWalk } from '../check.ts';
import type { Difference } from '../difference.ts';
import { moneyText } from './orders-check.ts';

export interface PaymentFacts {
  readonly id: string;
  readonly payment: Payment;
  readonly refunds: readonly Refund[];
  readonly order: Pick<Order, 'number' | 'paymentId'> | undefined;
}

export interface RefundFacts {
  readonly id: string;
  readonly refund: Refund;
  readonly hasPayment: boolean;
}

/** A payment belongs to the order it paid, or goes back; and what is left of it is what its refunds leave. */
export function judgePayment({ payment, refunds, order }: PaymentFacts): Difference[] {
  const found: Difference[] = [];
  const { id: paymentId, orderId, reference, amount } = payment;
  const subject = { orderId, paymentId, reference, ...(order ? { orderNumber: order.number } : {}) };
  const gone = refunds
    .filter(({ status }) => status !== 'failed')
    .reduce((sum, refund) => sum + refund.amount.amount, 0);
  const goneText = moneyText({ ...amount, amount: gone });
  if (order?.paymentId !== paymentId && gone < amount.amount) {
    found.push({
      kind: order ? 'payment_not_returned' : 'payment_without_order',
      subject,
      expected: `${moneyText(amount)} given back`,
      found: `${goneText} given back`,
      text: order
        ? 'The order was not paid with this payment, and it has not gone back.'
        : 'There is no order of this payment, and it has not gone back.',
    });
  }
  if (gone > amount.amount) {
    found.push({
      kind: 'payment_overrefunded',
      subject,
      expected: `${moneyText(amount)} at most`,
      found: goneText,
      text: 'More went back than came in.',
    });
  }
  const left = Math.max(0, amount.amount - gone);
  if (payment.refundable !== left) {
    found.push({
      kind: 'payment_remainder',
      subject,
      expected: moneyText({ ...amount, amount: left }),
      found: moneyText({ ...amount, amount: payment.refundable }),
      text: 'What can still be given back is not what the refunds leave.',
    });
  }
  return found;
}

/** A refund belongs to a payment, and one that was made at a provider has the provider's id. */
export function judgeRefund({ refund, hasPayment }: RefundFacts): Difference[] {
  const { id: refundId, orderId, paymentId, providerRefundId: reference, amount, status } = refund;
  const subject = { orderId, paymentId, refundId, ...(reference === undefined ? {} : { reference }) };
  const found: Difference[] = [];
  if (!hasPayment) {
    found.push({
      kind: 'refund_without_payment',
      subject,
      expected: 'the payment that is given back',
      found: 'none',
      text: `The ledger has a refund of ${moneyText(amount)} and not its payment.`,
    });
  }
  const isMade = status === 'pending' || status === 'succeeded';
  if (refund.provider === 'stripe' && isMade && reference === undefined) {
    found.push({
      kind: 'refund_without_reference',
      subject,
      expected: "the provider's id",
      found: 'none',
      text: `A refund of ${moneyText(amount)} is said to be ${status}, and nothing says which one it is at the provider.`,
    });
  }
  return found;
}

/** The ledger, with itself and with orders. */
export function createPaymentsChecks({
  mongo,
  orders,
  payments,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderInspection, 'byIds'>;
  payments: Pick<
    PaymentInspection,
    'paymentIds' | 'refundIds' | 'paymentsByIds' | 'refundsByIds' | 'refundsOfPayments'
  >;
}) {
  return [
    createWalk<PaymentFacts>({
      mongo,
      name: 'payments',
      ids: payments.paymentIds,
      async load(ids, tx) {
        const found = await payments.paymentsByIds(ids, tx);
        const refunds = Map.groupBy(await payments.refundsOfPayments(ids, tx), ({ paymentId }) => paymentId);
        const known = await orders.byIds([...new Set(found.map(({ orderId }) => orderId))], tx);
        const byId = new Map(known.map((order) => [order.id, order]));
        return found.map((payment) => ({
          id: payment.id,
          payment,
          refunds: refunds.get(payment.id) ?? [],
          order: byId.get(payment.orderId),
        }));
      },
      judge: judgePayment,
    }),
    createWalk<RefundFacts>({
      mongo,
      name: 'refunds',
      ids: payments.refundIds,
      async load(ids, tx) {
        const found = await payments.refundsByIds(ids, tx);
        const known = await payments.paymentsByIds([...new Set(found.map(({ paymentId }) => paymentId))], tx);
        const paymentIds = new Set(known.map(({ id }) => id));
        return found.map((refund) => ({ id: refund.id, refund, hasPayment: paymentIds.has(refund.paymentId) }));
      },
      judge: judgeRefund,
    }),
  ];
}
