import type { PaymentPort } from '@cartwright/feature-orders';
import type { Mongo } from '@cartwright/platform-mongo';
import type { PaymentLedgerRepository } from './payment-ledger-repository.ts';
import type { StrategyRegistry } from './payment-strategy.ts';
import type { Payment } from './payment.ts';
import type { OrderPaymentPort } from './payments.ports.ts';

/** What orders call: starts payments by the order's method and makes sure that canceled orders can't be paid. */
export function createPaymentService(dependencies: {
  strategies: StrategyRegistry;
  ledger: Pick<PaymentLedgerRepository, 'paymentByReference' | 'insertPayment'>;
  orders: Pick<OrderPaymentPort, 'recordPayment'>;
  mongo: Pick<Mongo, 'transaction'>;
  clock: () => Date;
  newId: () => string;
}) {
  const { strategies, ledger, orders, mongo, clock, newId } = dependencies;

  /** Nothing is due, so the order is paid by that. */
  async function bookZero(orderId: string, currency: string): Promise<void> {
    const reference = `zero-${orderId}`;
    const amount = { amount: 0, currency };
    await mongo.transaction(async (tx) => {
      if (await ledger.paymentByReference(reference, tx)) return;
      const at = clock();
      const payment: Payment = {
        id: newId(),
        ...{ orderId, provider: 'none', reference, amount, refundable: 0, capturedAt: at },
      };
      const recording = await orders.recordPayment(
        { orderId, paymentId: payment.id, provider: 'none', amount, reference, at },
        tx,
      );
      if (recording === 'recorded') await ledger.insertPayment(payment, tx);
    });
  }

  const port: PaymentPort = {
    async start(request) {
      const { order } = request;
      const strategy = strategies.of(order.paymentMethod);
      if (order.pricing.total.amount === 0 && strategy.method !== 'cash_on_delivery') {
        await bookZero(order.id, order.pricing.currency);
        return {};
      }
      return strategy.start(request);
    },

    async expireOpenSession(orderId) {
      // An order may have been tried to be paid in several ways.
      for (const strategy of strategies.all()) {
        if ((await strategy.cancel(orderId)) === 'completed') return 'completed';
      }
      return 'closed';
    },
  };
  return port;
}

export type PaymentService = ReturnType<typeof createPaymentService>;
