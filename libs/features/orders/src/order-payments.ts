import { derivePaymentStatus, failProcessing, isPayable, payOrder, startProcessing } from '@cartwright/domain-orders';
import type { Decision, LedgerEntry } from '@cartwright/domain-orders';
import type { Money } from '@cartwright/domain-money';
import type { Logger } from '@cartwright/platform-logger';
import type { Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { decided, outboxEvents, refundedEvent, touched, updatedEvent } from './order-changes.ts';
import type { OrderHolds } from './order-holds.ts';
import type { OrderRepository } from './order-repository.ts';
import type { Order, OrderRefund } from './order.ts';

/** Money that came in for an order. */
export interface CapturedPayment {
  readonly orderId: string;
  /** The payments feature's id of the capture: a repetition with it is the same capture. */
  readonly paymentId: string;
  readonly amount: Money;
  readonly at: Date;
}

/**
 * What became of a capture. `recorded`: the order is paid with it. `already_paid` and `canceled`: it changed nothing, and
 * the money has to go back.
 */
export type PaymentRecording = 'recorded' | 'already_paid' | 'canceled' | 'not_found';

export interface RecordedRefund {
  readonly orderId: string;
  readonly refundId: string;
  /** The capture it gives back: that of the order, or one it had no need of. */
  readonly paymentId: string;
  readonly amount: Money;
  readonly status: OrderRefund['status'];
  readonly at: Date;
}

/** What payments tell orders, each within the transaction that writes the ledger. */
export function createOrderPayments({
  orders,
  holds,
  outbox,
  logger,
  clock,
}: {
  orders: Pick<OrderRepository, 'byId' | 'save'>;
  holds: Pick<OrderHolds, 'renewForPayment'>;
  outbox: Pick<Outbox, 'append'>;
  logger: Pick<Logger, 'error'>;
  clock: () => Date;
}) {
  async function settle(order: Order, decide: (order: Order, now: Date) => Decision<Order>, tx: Tx): Promise<Order> {
    const now = clock();
    const decision = decide(order, now);
    const saved = decided(decision, 'system', now);
    await orders.save(saved, tx);
    await outbox.append(tx, outboxEvents(saved, decision.events));
    return saved;
  }

  return {
    /**
     * Books a capture: the order becomes paid, once. Throws ORDER_NOT_PAYABLE when the amount is not the order's total;
     * such money must be set aside before it gets here.
     */
    async recordPayment({ orderId, paymentId, amount }: CapturedPayment, tx: Tx): Promise<PaymentRecording> {
      const order = await orders.byId(orderId, tx);
      if (!order) return 'not_found';
      if (order.paymentId === paymentId) return 'recorded';
      if (order.status === 'canceled') return 'canceled';
      if (order.status === 'paid') return 'already_paid';
      const now = clock();
      const held = await holds.renewForPayment(order, tx);
      const decision = payOrder(held.order, { id: paymentId, amount }, now);
      const booked = { ...decided(decision, 'system', now), paymentId };
      const isShort = booked.hold === 'missing';
      if (isShort) logger.error({ alert: 'stock_missing', orderId }, 'an order was paid whose goods are gone');
      const saved = isShort ? withWarning(booked, now) : booked;
      await orders.save(saved, tx);
      await outbox.append(tx, [...outboxEvents(saved, decision.events), ...held.events]);
      return 'recorded';
    },

    /** A delayed payment began: both clocks stand still. Without effect unless the order is pending and unpaid. */
    async recordProcessing({ orderId }: { orderId: string }, tx: Tx): Promise<void> {
      const order = await orders.byId(orderId, tx);
      if (order && isPayable(order)) await settle(order, startProcessing, tx);
    },

    /** A delayed payment fell through: the order can be paid anew. Without effect unless one was in processing. */
    async recordPaymentFailure({ orderId }: { orderId: string }, tx: Tx): Promise<void> {
      const order = await orders.byId(orderId, tx);
      if (order?.status === 'pending' && order.paymentStatus === 'processing') await settle(order, failProcessing, tx);
    },

    /** Keeps a refund with the order, by its id; the payment status follows from all of them. */
    async recordRefund({ orderId, refundId: id, ...facts }: RecordedRefund, tx: Tx): Promise<void> {
      const order = await orders.byId(orderId, tx);
      if (!order) return;
      const others = order.refunds.filter((refund) => refund.id !== id);
      const refund = { id, ...facts };
      const isNews =
        facts.status === 'succeeded' && !order.refunds.some((one) => one.id === id && one.status === 'succeeded');
      const refunds = [...others, refund].toSorted((a, b) => a.at.getTime() - b.at.getTime());
      const paymentStatus = statusAfter(order, refunds);
      const text = `Refund ${facts.status}`;
      const saved = touched(
        { ...order, refunds, paymentStatus },
        { kind: 'order.refund', by: 'system', text },
        clock(),
      );
      await orders.save(saved, tx);
      await outbox.append(tx, [updatedEvent(saved), ...(isNews ? [refundedEvent(saved, refund)] : [])]);
    },

    /** Whether a payment page may be open: pending and unpaid, and its goods are set aside. */
    async isPayable(orderId: string): Promise<boolean> {
      const order = await orders.byId(orderId);
      return order !== null && isPayable(order) && order.hold === 'held';
    },
  };
}

export type OrderPayments = ReturnType<typeof createOrderPayments>;

function withWarning(order: Order, now: Date): Order {
  const entry = {
    kind: 'order.stock_missing',
    by: 'system',
    text: 'Paid after its hold had ended: stock is missing',
  } as const;
  return { ...order, timeline: [...order.timeline, { at: now, ...entry }] };
}

/** Only refunds of the payment that the order was paid with touch its status; those of a second one do not. */
function statusAfter(order: Order, refunds: readonly OrderRefund[]): Order['paymentStatus'] {
  if (order.paymentId === undefined) return order.paymentStatus;
  return derivePaymentStatus([
    { kind: 'capture', status: 'succeeded', amount: order.total },
    ...refunds
      .filter(({ paymentId }) => paymentId === order.paymentId)
      .map(({ status, amount }): LedgerEntry => ({
        kind: 'refund',
        status: status === 'requested' ? 'pending' : status,
        amount,
      })),
  ]);
}
