import { failProcessing, payOrder, startProcessing } from '@cartwright/domain-orders';
import type { Decision } from '@cartwright/domain-orders';
import { equalMoney } from '@cartwright/domain-money';
import type { Money } from '@cartwright/domain-money';
import type { Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { decided, outboxEvents, touched } from './order-changes.ts';
import type { OrderHolds } from './order-holds.ts';
import type { OrderRepository } from './order-repository.ts';
import type { Order } from './order.ts';

/** A capture as the payments feature knows it. */
export interface CapturedPayment {
  readonly orderId: string;
  readonly payment: { readonly id: string; readonly amount: Money };
}

/**
 * What became of a capture: booked (`paid`); `already_paid` and `canceled` mean that the money has to go back;
 * `mismatch` that it isn't the order's total and has to be set aside; `unknown` that there is no such order.
 */
export type PaymentOutcome =
  | { readonly outcome: 'paid'; readonly order: Order }
  | { readonly outcome: 'already_paid' | 'canceled' | 'mismatch'; readonly order: Order }
  | { readonly outcome: 'unknown' };

/** What payments tell orders, each within the transaction that writes the ledger. */
export function createOrderPayments({
  orders,
  holds,
  outbox,
  clock,
}: {
  orders: Pick<OrderRepository, 'byId' | 'save'>;
  holds: Pick<OrderHolds, 'renewForPayment'>;
  outbox: Pick<Outbox, 'append'>;
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
    /** Books a capture: the order becomes paid, once. Never throws for money that doesn't fit; see `PaymentOutcome`. */
    async recordPayment({ orderId, payment }: CapturedPayment, tx: Tx): Promise<PaymentOutcome> {
      const order = await orders.byId(orderId, tx);
      if (!order) return { outcome: 'unknown' };
      if (order.status === 'canceled') return { outcome: 'canceled', order };
      if (order.status === 'paid') return { outcome: 'already_paid', order };
      if (!equalMoney(order.total, payment.amount)) return { outcome: 'mismatch', order };
      const now = clock();
      const held = await holds.renewForPayment(order, tx);
      const decision = payOrder(held.order, payment, now);
      const booked = decided(decision, 'system', now);
      const saved = booked.hold === 'missing' ? warned(booked, now) : booked;
      await orders.save(saved, tx);
      await outbox.append(tx, [...outboxEvents(saved, decision.events), ...held.events]);
      return { outcome: 'paid', order: saved };
    },

    /** A delayed payment began: both clocks stand still. False when the order does not wait for one. */
    async markProcessing(orderId: string, tx: Tx): Promise<boolean> {
      const order = await orders.byId(orderId, tx);
      if (order?.status !== 'pending' || order.paymentStatus !== 'unpaid') return false;
      await settle(order, startProcessing, tx);
      return true;
    },

    /** A delayed payment fell through: the order can be paid anew. False when none was in processing. */
    async markPaymentFailed(orderId: string, tx: Tx): Promise<boolean> {
      const order = await orders.byId(orderId, tx);
      if (order?.status !== 'pending' || order.paymentStatus !== 'processing') return false;
      await settle(order, failProcessing, tx);
      return true;
    },
  };
}

export type OrderPayments = ReturnType<typeof createOrderPayments>;

function warned(order: Order, now: Date): Order {
  const text = 'Paid after its hold had ended: stock is missing';
  return { ...touched(order, { kind: 'order.stock_missing', by: 'system', text }, now), version: order.version };
}
