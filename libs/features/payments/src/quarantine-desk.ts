import { DomainError, notFound } from '@cartwright/domain-errors';
import type { Money } from '@cartwright/domain-money';
import { decodeCursor, encodeCursor, type Mongo } from '@cartwright/platform-mongo';
import { fromStripeAmount } from '@cartwright/platform-stripe';
import { z } from 'zod';
import type { PaymentAttemptRepository } from './payment-attempt-repository.ts';
import type { PaymentLedgerRepository } from './payment-ledger-repository.ts';
import type { Quarantined } from './payment.ts';
import type { OrderPaymentPort } from './payments.ports.ts';
import type { ListQuarantineInput, ResolveQuarantineInput } from './quarantine.contracts.ts';
import type { RefundService } from './refund-service.ts';

const markSchema = z.strictObject({ at: z.coerce.date(), id: z.string().max(255) });

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
  ledger: Pick<PaymentLedgerRepository, 'quarantined' | 'unresolved' | 'resolve' | 'insertPayment' | 'paymentById'>;
  attempts: Pick<PaymentAttemptRepository, 'endQuarantined' | 'completedOf'>;
  orders: Pick<OrderPaymentPort, 'recordPaymentFailure'>;
  refunds: Pick<RefundService, 'request' | 'applyNews'>;
  clock: () => Date;
  newId: () => string;
}) {
  return {
    /** What waits for a person, of all orders or of one, the newest first. Throws CURSOR_INVALID. */
    async list({ limit, cursor, orderId }: ListQuarantineInput) {
      const mark = cursor === undefined ? undefined : decodeCursor(cursor, markSchema);
      const found = await ledger.quarantined({ limit: limit + 1, after: mark, orderId });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = found.length > limit && last ? encodeCursor({ at: last.createdAt, id: last.id }) : null;
      return { items, nextCursor };
    },

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
          // What the provider gave back meanwhile, or a bank took, is booked and not given back again.
          for (const news of found.returns ?? []) await refunds.applyNews(news, tx);
          const left = (await ledger.paymentById(payment.id, tx))?.refundable ?? 0;
          const rest = { ...amount, amount: left };
          if (left > 0) await refunds.request({ payment, amount: rest, cause: 'mismatch' }, tx);
        }
        await ledger.resolve(id, { action, by, at, ...(note === undefined ? {} : { note }) }, tx);
        const { orderId, attemptId } = found;
        await attempts.endQuarantined({ orderId, attemptId }, at, tx);
        // Where it was a bank's, the order still takes the payment for one that is on its way; another one may be.
        if (await attempts.completedOf(orderId, tx)) return;
        const doer = { by: 'staff', actorId: by, ...(note === undefined ? {} : { detail: note }) } as const;
        await orders.recordPaymentFailure({ orderId, at, by: doer }, tx);
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
