import {
  cancelOrder,
  derivePaymentStatus,
  failProcessing,
  isCancelable,
  isPayable,
  payOrder,
  startProcessing,
} from '@cartwright/domain-orders';
import type { Decision, LedgerEntry } from '@cartwright/domain-orders';
import { formatMoney, type Money } from '@cartwright/domain-money';
import { allocateRefund } from '@cartwright/domain-pricing';
import type { Logger } from '@cartwright/platform-logger';
import { afterCommit, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import {
  bouncedEvent,
  decided,
  outboxEvents,
  refundedEvent,
  touched,
  type Doer,
  updatedEvent,
} from './order-changes.ts';
import type { OrderHolds } from './order-holds.ts';
import { standingRefunds } from './order-progress.ts';
import type { OrderRepository } from './order-repository.ts';
import type { ShopSettingsSource } from './orders.ports.ts';
import type { Order, OrderRefund, RefundOrigin, RefundWaitsFor } from './order.ts';

/** Money that came in for an order. */
export interface CapturedPayment {
  readonly orderId: string;
  /** The payments feature's id of the capture: a repetition with it is the same capture. */
  readonly paymentId: string;
  readonly amount: Money;
  /** When it was captured, as the ledger says it: the order is paid since then. */
  readonly at: Date;
  /** Who entered it; the system when absent. */
  readonly by?: Doer | undefined;
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
  readonly waitsFor?: OrderRefund['waitsFor'];
  readonly at: Date;
  readonly origin?: RefundOrigin | undefined;
}

/** Texts of orders are written in one language for now. */
const LOCALE = 'en-US';

const REFUND_TEXTS: Readonly<Record<OrderRefund['status'], string>> = {
  requested: 'asked for',
  pending: 'on its way',
  succeeded: 'paid back',
  failed: 'failed',
};

const WAITING_TEXTS: Readonly<Record<RefundWaitsFor, string>> = {
  buyer: 'waits for the buyer, whom the payment provider asks by mail where to send it',
  bank: 'was sent back, and is on its way again',
};

/** What the timeline says of a refund. */
export const refundText = ({
  amount,
  status,
  waitsFor,
}: Pick<OrderRefund, 'amount' | 'status' | 'waitsFor'>): string =>
  amount.amount === 0
    ? 'Pieces taken off the order; no money of them was left to pay back'
    : `Refund of ${formatMoney(amount, LOCALE)} ${waitsFor ? WAITING_TEXTS[waitsFor] : REFUND_TEXTS[status]}`;

/** What payments tell orders, each within the transaction that writes the ledger. */
export function createOrderPayments({
  orders,
  holds,
  outbox,
  settings,
  logger,
  clock,
}: {
  orders: Pick<OrderRepository, 'byId' | 'save'>;
  holds: Pick<OrderHolds, 'renewForPayment' | 'release'>;
  outbox: Pick<Outbox, 'append'>;
  settings: ShopSettingsSource;
  logger: Pick<Logger, 'error'>;
  clock: () => Date;
}) {
  async function settle(
    order: Order,
    decide: (order: Order, now: Date) => Decision<Order>,
    tx: Tx,
    by: Doer = 'system',
  ): Promise<Order> {
    const now = clock();
    const decision = decide(order, now);
    const saved = decided(decision, by, now);
    await orders.save(saved, tx);
    await outbox.append(tx, outboxEvents(saved, decision.events));
    return saved;
  }

  return {
    /**
     * Books a capture: the order becomes paid, once. Throws ORDER_NOT_PAYABLE when the amount is not the order's total;
     * such money must be set aside before it gets here.
     */
    async recordPayment(
      { orderId, paymentId, amount, at, by = 'system' }: CapturedPayment,
      tx: Tx,
    ): Promise<PaymentRecording> {
      const order = await orders.byId(orderId, tx);
      if (!order) return 'not_found';
      if (order.paymentId === paymentId) return 'recorded';
      if (order.status === 'canceled') return 'canceled';
      if (order.status === 'paid') return 'already_paid';
      const now = clock();
      const held = await holds.renewForPayment(order, tx);
      const decision = payOrder(held.order, { id: paymentId, amount }, at);
      const booked = { ...decided(decision, by, now), paymentId };
      const isShort = booked.hold === 'missing';
      if (isShort) {
        afterCommit(tx, `stock_missing/${orderId}`, () =>
          logger.error({ alert: 'stock_missing', orderId }, 'an order was paid whose goods are gone'),
        );
      }
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

    /**
     * A delayed payment fell through: the order can be paid anew, within the time that was left of both clocks and at least that
     * of a hold. Without effect unless one was in processing. `by` is who set it aside, where it did not fail by itself.
     */
    async recordPaymentFailure({ orderId, by }: { orderId: string; by?: Doer | undefined }, tx: Tx): Promise<void> {
      const order = await orders.byId(orderId, tx);
      if (order?.status !== 'pending' || order.paymentStatus !== 'processing') return;
      const leastMs = (await settings.current()).stockHoldSeconds * 1_000;
      await settle(order, (seen, now) => failProcessing(seen, { leastMs }, now), tx, by);
    },

    /**
     * Keeps a refund with the order, by its id; the payment status follows from all of them. When all of the money of an
     * order that is to be canceled is back, it is canceled by that.
     */
    async recordRefund({ orderId, refundId: id, ...told }: RecordedRefund, tx: Tx): Promise<void> {
      const order = await orders.byId(orderId, tx);
      if (!order) return;
      const now = clock();
      const known = order.refunds.find((refund) => refund.id === id);
      // One that waits for somebody is as old as it was: it went through when it did.
      const at = known?.status === told.status ? known.at : told.at;
      const facts = { ...told, waitsFor: told.waitsFor, at };
      const hasBounced = facts.status === 'failed' && known?.status === 'succeeded';
      const refund: OrderRefund = known
        ? { ...known, ...facts, ...(hasBounced ? { wentThroughAt: known.at } : {}) }
        : { id, ...facts, ...partsOf(order, facts) };
      const isNews = facts.status === 'succeeded' && known?.status !== 'succeeded';
      const refunds = [...order.refunds.filter((one) => one !== known), refund].toSorted(
        (a, b) => a.at.getTime() - b.at.getTime(),
      );
      const changed = { ...order, refunds, paymentStatus: statusAfter(order, refunds) };
      const entry = { kind: 'order.refund', by: 'system', text: refundText(refund) } as const;
      const saved = touched(changed, entry, now);
      const news = (latest: Order) => [
        ...(isNews ? [refundedEvent(latest, refund)] : []),
        ...(hasBounced ? [bouncedEvent(latest, refund)] : []),
      ];
      if (saved.cancelRequestedAt && isCancelable(saved, 'admin')) {
        const decision = cancelOrder(saved, { reason: 'admin' }, now);
        const released = await holds.release({ ...decision.order, cancelRequestedAt: undefined }, tx);
        const canceled = { ...decided({ ...decision, order: released.order }, 'system', now), version: saved.version };
        await orders.save(canceled, tx);
        await outbox.append(tx, [...outboxEvents(canceled, decision.events), ...news(canceled), ...released.events]);
        return;
      }
      await orders.save(saved, tx);
      await outbox.append(tx, [updatedEvent(saved), ...news(saved)]);
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

/** A refund that was made elsewhere says nothing of lines: it is taken from all of them. */
function partsOf(order: Order, { paymentId, amount }: Pick<RecordedRefund, 'paymentId' | 'amount'>) {
  if (paymentId !== order.paymentId) return {};
  return { parts: allocateRefund(order.pricing, standingRefunds(order), amount) };
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
