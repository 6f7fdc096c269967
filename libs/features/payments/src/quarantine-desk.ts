import { DomainError, notFound } from '@cartwright/domain-errors';
import type { Money } from '@cartwright/domain-money';
import type { Mongo } from '@cartwright/platform-mongo';
import { fromStripeAmount } from '@cartwright/platform-stripe';
import type { PaymentAttemptRepository } from './payment-attempt-repository.ts';
import type { PaymentLedgerRepository } from './payment-ledger-repository.ts';
import type { Quarantined } from './payment.ts';
import type { OrderPaymentPort } from './payments.ports.ts';
import type { ResolveQuarantineInput } from './quarantine.contracts.ts';
import type { RefundService } from './refund-service.ts';

/** Dealing with money that came in and didn't fit. */
export function createQuarantineDesk({
  mongo,
  ledger,
  attempts,
  orders,
  refunds,
  clock,
  newId,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  ledger: Pick<PaymentLedgerRepository, 'quarantined' | 'unresolved' | 'resolve' | 'insertPayment'>;
  attempts: Pick<PaymentAttemptRepository, 'endQuarantined'>;
  orders: Pick<OrderPaymentPort, 'recordPaymentFailure'>;
  refunds: Pick<RefundService, 'request'>;
  clock: () => Date;
  newId: () => string;
}) {
  return {
    /** What waits for a person, the newest first. */
    list: async ({ limit }: { limit: number }) => ({ items: await ledger.quarantined(limit) }),

    /**
     * Ends the matter, once: the money goes back, or was dealt with elsewhere; its order can be paid anew. Throws NOT_FOUND
     * for what nobody waits for, REFUND_NOT_POSSIBLE for money that the shop can't name.
     */
    async resolve({ id, action, note }: ResolveQuarantineInput, by: string): Promise<{ id: string }> {
      await mongo.transaction(async (tx) => {
        const found = await ledger.unresolved(id, tx);
        if (!found) throw notFound('payment');
        const at = clock();
        if (action === 'refund') {
          const amount = receivedOf(found);
          const { orderId, reference } = found;
          const facts = { id: newId(), orderId, provider: 'stripe', reference, amount, capturedAt: at } as const;
          const payment = { ...facts, refundable: amount.amount };
          await ledger.insertPayment(payment, tx);
          await refunds.request({ payment, amount, cause: 'mismatch' }, tx);
        }
        await ledger.resolve(id, { action, by, at, ...(note === undefined ? {} : { note }) }, tx);
        await attempts.endQuarantined(found.orderId, at, tx);
        // Where it was a bank's, the order still takes the payment for one that is on its way.
        await orders.recordPaymentFailure({ orderId: found.orderId, at }, tx);
      });
      return { id };
    },
  };
}

export type QuarantineDesk = ReturnType<typeof createQuarantineDesk>;

function receivedOf({ received }: Quarantined): Money {
  if (received.amount === null || received.currency === null) throw new DomainError('REFUND_NOT_POSSIBLE');
  try {
    return fromStripeAmount(received.amount, received.currency);
  } catch (cause) {
    throw new DomainError('REFUND_NOT_POSSIBLE', undefined, { cause });
  }
}
