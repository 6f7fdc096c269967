import type { Money } from '@cartwright/domain-money';
import type { RefundWaitsFor } from '@cartwright/feature-orders';
import type { Tx } from '@cartwright/platform-mongo';
import type { PaymentProvider, RefundStatus } from './payment.ts';

/** Money that came in for an order. */
export interface RecordPayment {
  readonly orderId: string;
  /** Our id of the payment, unique for each capture. */
  readonly paymentId: string;
  readonly provider: PaymentProvider;
  readonly amount: Money;
  /** The provider's own id of the payment. */
  readonly reference: string;
  /** The provider's event that told of it, where one did. */
  readonly eventId?: string | undefined;
  readonly at: Date;
}

/** Money that goes back, or went. */
export interface RecordRefund {
  readonly orderId: string;
  readonly paymentId: string;
  readonly refundId: string;
  readonly amount: Money;
  readonly status: RefundStatus;
  readonly waitsFor?: RefundWaitsFor | undefined;
  readonly at: Date;
  /** Where it was made when not by us. */
  readonly origin?: 'provider' | 'dispute' | undefined;
}

/**
 * recorded: the order is paid now. already_paid: it had been paid by another payment. canceled: it was canceled before
 * the money came. not_found: there is no such order. Nothing but `recorded` changes the order.
 */
export type PaymentRecording = 'recorded' | 'already_paid' | 'canceled' | 'not_found';

/**
 * What payments need of orders. Calls with a `tx` take part in it, touch MongoDB alone and never throw for an order in
 * another state than hoped for: news may come late, twice and in any order.
 */
export interface OrderPaymentPort {
  /** Books the payment: order paid, timeline, events. Repeated with the same `paymentId` it answers `recorded` again. */
  recordPayment(payment: RecordPayment, tx: Tx): Promise<PaymentRecording>;
  /** A delayed payment method was chosen; the order's clocks stop. Without effect unless it is pending and unpaid. */
  recordProcessing(news: { orderId: string; at: Date }, tx: Tx): Promise<void>;
  /**
   * The delayed payment fell through, or a member of staff set it aside; the order can be paid anew. Without effect unless it
   * was processing.
   */
  recordPaymentFailure(
    news: { orderId: string; at: Date; by?: { by: 'staff'; actorId: string; detail?: string } },
    tx: Tx,
  ): Promise<void>;
  /** A refund was made, or its status changed; kept with the order by `refundId`. `paymentId` is that of the capture. */
  recordRefund(refund: RecordRefund, tx: Tx): Promise<void>;
  /** Whether a payment page may be open: pending and unpaid, and its goods are set aside. */
  isPayable(orderId: string): Promise<boolean>;
}
