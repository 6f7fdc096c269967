import type { Money } from '@cartwright/domain-money';
import type { BookEntry, Payment, PaymentInspection, PaymentProvider, Refund } from '@cartwright/feature-payments';
import type { Tx } from '@cartwright/platform-mongo';

/** Money as the ledger has it, by the provider's id. */
export interface LedgerRow {
  readonly kind: BookEntry['kind'];
  readonly reference: string;
  readonly amount: Money;
  readonly status: 'requested' | BookEntry['status'];
  /** It went through, and was sent back: it is on its way anew. */
  readonly isSentBack?: boolean | undefined;
  readonly orderId: string;
  readonly paymentId: string;
  readonly refundId?: string | undefined;
}

type Wanted = Pick<BookEntry, 'kind' | 'reference' | 'paymentReference' | 'refundId' | 'orderId'>;

const BATCH = 200;

export const keyOf = ({ kind, reference }: Pick<BookEntry, 'kind' | 'reference'>): string => `${kind}/${reference}`;

/** Finds in the ledger what stands in a provider's books. */
export function createLedgerLookup({ payments }: { payments: PaymentInspection }) {
  return {
    /**
     * The rows of entries, by their keys. `not_ours` is what the shop has nothing to do with (an account may serve others)
     * or what a person deals with already; an entry that should have a row and has none is left out.
     */
    async rowsOf(wanted: readonly Wanted[], tx?: Tx): Promise<Map<string, LedgerRow | 'not_ours'>> {
      const references = wanted.map(({ paymentReference, reference }) => paymentReference ?? reference);
      const booked = new Map(
        (await payments.paymentsByReferences(references, tx)).map((payment) => [payment.reference, payment]),
      );
      const setAside = new Set(await payments.setAside(references, tx));
      const others = wanted.filter(({ kind }) => kind !== 'payment');
      const refunds = [
        ...(await payments.refundsByProviderIds(
          others.map(({ reference }) => reference),
          tx,
        )),
        ...(await payments.refundsByIds(
          others.flatMap(({ refundId }) => refundId ?? []),
          tx,
        )),
      ];
      const byReference = new Map(refunds.map((refund) => [refund.providerRefundId, refund]));
      // Those whose answer was lost. One that has another name there was made again: this is money the ledger doesn't have.
      const unnamed = new Map(
        refunds.flatMap((refund) => (refund.providerRefundId === undefined ? [[refund.id, refund]] : [])),
      );

      const rowOf = ({ kind, reference, paymentReference, refundId, orderId }: Wanted) => {
        if (kind === 'payment') {
          const payment = booked.get(reference);
          if (payment) return rowOfPayment(payment);
          return setAside.has(reference) || orderId === undefined ? 'not_ours' : undefined;
        }
        const refund = byReference.get(reference) ?? unnamed.get(refundId ?? '');
        if (refund) return rowOfRefund(refund, reference);
        // Of a payment that the ledger does not have, the payment itself is told.
        return paymentReference !== null && booked.has(paymentReference) ? undefined : 'not_ours';
      };
      return new Map(
        wanted.flatMap((one) => {
          const row = rowOf(one);
          return row === undefined ? [] : [[keyOf(one), row] as const];
        }),
      );
    },

    /** What was booked of a provider in a period, the oldest first; read page by page. */
    async *rows(provider: PaymentProvider, period: { from: Date; to: Date }): AsyncGenerator<LedgerRow> {
      for (let after: string | undefined; ;) {
        const page = await payments.paymentRows({ provider, ...period, after, limit: BATCH });
        for (const payment of page) yield rowOfPayment(payment);
        after = page.at(-1)?.id;
        if (page.length < BATCH) break;
      }
      for (let after: string | undefined; ;) {
        const page = await payments.refundRows({ provider, ...period, after, limit: BATCH });
        for (const refund of page) yield rowOfRefund(refund, refund.providerRefundId ?? '');
        after = page.at(-1)?.id;
        if (page.length < BATCH) break;
      }
    },
  };
}

const rowOfPayment = ({ id: paymentId, reference, amount, orderId }: Payment): LedgerRow => ({
  ...{ kind: 'payment', status: 'succeeded' },
  ...{ reference, amount, orderId, paymentId },
});

function rowOfRefund(refund: Refund, reference: string): LedgerRow {
  const { id: refundId, cause, amount, status, waitsFor, orderId, paymentId } = refund;
  const kind = cause === 'dispute' ? 'dispute' : 'refund';
  const isSentBack = status === 'succeeded' && waitsFor !== undefined;
  return { kind, reference, amount, status, isSentBack, orderId, paymentId, refundId };
}
