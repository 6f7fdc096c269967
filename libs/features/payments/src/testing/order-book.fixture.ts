import type { Order, RefundWaitsFor } from '@cartwright/feature-orders';
import type { OrderPaymentPort, RecordPayment } from '../payments.ports.ts';
import type { RefundStatus } from '../payment.ts';

/** Orders as payments see them, kept in memory; with what they were told. */
export function createOrderBook() {
  const orders = new Map<
    string,
    { status: 'pending' | 'paid' | 'canceled'; processing: boolean; paymentId?: string }
  >();
  const payments: RecordPayment[] = [];
  const refunds = new Map<string, RefundStatus>();
  const waiting = new Map<string, RefundWaitsFor>();
  const setAsideBy = new Map<string, object>();

  const port: OrderPaymentPort = {
    async recordPayment(payment) {
      const order = orders.get(payment.orderId);
      if (!order) return 'not_found';
      if (order.paymentId === payment.paymentId) return 'recorded';
      if (order.status === 'canceled') return 'canceled';
      if (order.status === 'paid') return 'already_paid';
      order.status = 'paid';
      order.processing = false;
      order.paymentId = payment.paymentId;
      payments.push(payment);
      return 'recorded';
    },
    async recordProcessing({ orderId }) {
      const order = orders.get(orderId);
      if (order?.status === 'pending') order.processing = true;
    },
    async recordPaymentFailure({ orderId, by }) {
      if (by) setAsideBy.set(orderId, by);
      const order = orders.get(orderId);
      if (order) order.processing = false;
    },
    async recordRefund({ refundId, status, waitsFor }) {
      refunds.set(refundId, status);
      if (waitsFor) waiting.set(refundId, waitsFor);
      else waiting.delete(refundId);
    },
    async isPayable(orderId) {
      const order = orders.get(orderId);
      return order?.status === 'pending' && !order.processing;
    },
  };

  return {
    port,
    payments,
    refunds,
    /** Whom a refund waits for. */
    waiting,
    /** Who set an order's payment aside, and what they noted. */
    setAsideBy,
    add(order: Order): Order {
      orders.set(order.id, { status: 'pending', processing: false });
      return order;
    },
    stateOf(orderId: string): string | undefined {
      const order = orders.get(orderId);
      return order?.processing ? 'processing' : order?.status;
    },
    cancel(orderId: string): void {
      const order = orders.get(orderId);
      if (order) order.status = 'canceled';
    },
  };
}

export type OrderBook = ReturnType<typeof createOrderBook>;
