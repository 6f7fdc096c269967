import { DomainError } from '@cartwright/domain-errors';
import { equalMoney } from '@cartwright/domain-money';
import type { Money } from '@cartwright/domain-money';
import type { Decision, OrderState, PaymentStatus } from './order-state.ts';
import { moveOrder } from './transitions.ts';

/** Money that came in or went back, as the payments ledger records it. Amounts are positive or zero. */
export interface LedgerEntry {
  readonly kind: 'capture' | 'refund';
  /** Pending captures are payments in processing; pending refunds have not reached the buyer yet. */
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly amount: Money;
}

/** The payment status that the ledger of an order amounts to. */
export function derivePaymentStatus(ledger: readonly LedgerEntry[]): PaymentStatus {
  const captures = ledger.filter((entry) => entry.kind === 'capture');
  const captured = captures.filter((entry) => entry.status === 'succeeded');
  if (captured.length === 0) return captures.some((entry) => entry.status === 'pending') ? 'processing' : 'unpaid';
  const refunded = sum(ledger.filter((entry) => entry.kind === 'refund' && entry.status === 'succeeded'));
  if (refunded === 0) return 'paid';
  return refunded < sum(captured) ? 'partially_refunded' : 'refunded';
}

function sum(entries: readonly LedgerEntry[]): number {
  return entries.reduce((running, entry) => running + entry.amount.amount, 0);
}

/** Whether the buyer may start a payment now: pending, and none captured or in processing. */
export function isPayable(order: OrderState): boolean {
  return order.status === 'pending' && order.paymentStatus === 'unpaid';
}

/**
 * The order once its money has been captured. Throws ORDER_NOT_PAYABLE unless the order is pending and the amount is
 * its total; money that doesn't fit is for the payments feature to set aside, never to be booked as paid.
 */
export function payOrder<O extends OrderState>(
  order: O,
  payment: { readonly id: string; readonly amount: Money },
  now: Date,
): Decision<O> {
  if (order.status !== 'pending' || !equalMoney(order.total, payment.amount))
    throw new DomainError('ORDER_NOT_PAYABLE');
  const paid = moveOrder(order, { machine: 'status', to: 'paid' });
  return {
    order: { ...paid, paymentStatus: 'paid', paidAt: now },
    events: [{ type: 'order.paid', at: now, paymentId: payment.id }],
  };
}

/** The order while a delayed payment method is being settled: its clocks stand still. Throws ORDER_NOT_PAYABLE. */
export function startProcessing<O extends OrderState>(order: O, now: Date): Decision<O> {
  if (!isPayable(order)) throw new DomainError('ORDER_NOT_PAYABLE');
  return {
    order: { ...order, paymentStatus: 'processing', processingSince: now },
    events: [{ type: 'order.payment_processing', at: now }],
  };
}

/**
 * The order after a payment in processing fell through; it can be paid anew. Its clocks go on where they stood when it began, and
 * no sooner than in `leastMs`, so that there is time to do so. Throws ORDER_NOT_PAYABLE.
 */
export function failProcessing<O extends OrderState>(
  order: O,
  { leastMs }: { readonly leastMs: number },
  now: Date,
): Decision<O> {
  if (order.status !== 'pending' || order.paymentStatus !== 'processing') throw new DomainError('ORDER_NOT_PAYABLE');
  const stoodMs = now.getTime() - (order.processingSince ?? now).getTime();
  const later = (end: Date | undefined) => end && new Date(Math.max(end.getTime() + stoodMs, now.getTime() + leastMs));
  const ends = { expiresAt: later(order.expiresAt), holdExpiresAt: later(order.holdExpiresAt) };
  return {
    order: { ...order, ...ends, paymentStatus: 'unpaid', processingSince: undefined },
    events: [{ type: 'order.payment_failed', at: now }],
  };
}
