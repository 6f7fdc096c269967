import type { Money } from '@cartwright/domain-money';
import type { Tx } from '@cartwright/platform-mongo';
import type { PaymentLedgerRepository } from '../payment-ledger-repository.ts';

/** Banknotes in the ledger: entered by people, since no provider tells of them. */
export function createCashEntries({
  ledger,
  newId,
}: {
  ledger: Pick<PaymentLedgerRepository, 'paymentByReference' | 'insertPayment'>;
  newId: () => string;
}) {
  return {
    /** Enters what an order was paid with, once per order, within the caller's transaction. Answers the payment's id. */
    async enterCash({ orderId, amount, at }: { orderId: string; amount: Money; at: Date }, tx: Tx): Promise<string> {
      const reference = `cash-${orderId}`;
      const known = await ledger.paymentByReference(reference, tx);
      if (known) return known.id;
      const id = newId();
      const payment = { id, orderId, provider: 'cash', reference, amount, refundable: amount.amount } as const;
      await ledger.insertPayment({ ...payment, capturedAt: at }, tx);
      return id;
    },
  };
}
