import { idAt, sessionOf, type Tx } from '@cartwright/platform-mongo';
import type { QueryFilter } from 'mongoose';
import type { PaymentAttemptDoc, PaymentAttemptModel } from './payment-attempt.model.ts';
import type { LedgerModels, PaymentDoc, QuarantinedDoc, RefundDoc } from './payment-ledger.model.ts';
import type { AttemptStatus, Payment, PaymentProvider, Refund } from './payment.ts';

/** Rows that were written in a period, following one; ids are made in the order of time. */
interface RowsOf {
  readonly provider: PaymentProvider;
  readonly from: Date;
  readonly to: Date;
  readonly after: string | undefined;
  readonly limit: number;
}

/** Reads the whole ledger for whoever checks the books; changes nothing. */
export function createPaymentInspection({
  attempts,
  ledger: { payments, refunds, quarantine },
}: {
  attempts: PaymentAttemptModel;
  ledger: LedgerModels;
}) {
  const following = (after: string | undefined) => (after === undefined ? {} : { _id: { $gt: after } });
  const writtenIn = ({ from, to, after }: RowsOf) => ({
    _id: { ...(after === undefined ? { $gte: idAt(from) } : { $gt: after }), $lt: idAt(to) },
  });

  async function paymentsWhere(filter: QueryFilter<PaymentDoc>, tx?: Tx): Promise<Payment[]> {
    const docs = await payments
      .find(filter)
      .session(sessionOf(tx) ?? null)
      .lean<PaymentDoc[]>();
    return docs.map(withId);
  }
  async function refundsWhere(filter: QueryFilter<RefundDoc>, tx?: Tx): Promise<Refund[]> {
    const docs = await refunds
      .find(filter)
      .session(sessionOf(tx) ?? null)
      .lean<RefundDoc[]>();
    return docs.map(withId);
  }
  const among = (values: readonly string[]) => ({ $in: [...values] });

  return {
    async paymentIds(after: string | undefined, limit: number): Promise<string[]> {
      const docs = await payments.find(following(after), { _id: 1 }).sort({ _id: 1 }).limit(limit).lean<PaymentDoc[]>();
      return docs.map(({ _id }) => _id);
    },
    async refundIds(after: string | undefined, limit: number): Promise<string[]> {
      const docs = await refunds.find(following(after), { _id: 1 }).sort({ _id: 1 }).limit(limit).lean<RefundDoc[]>();
      return docs.map(({ _id }) => _id);
    },

    paymentsByIds: (ids: readonly string[], tx?: Tx) => paymentsWhere({ _id: among(ids) }, tx),
    paymentsOfOrders: (orderIds: readonly string[], tx?: Tx) => paymentsWhere({ orderId: among(orderIds) }, tx),
    paymentsByReferences: (references: readonly string[], tx?: Tx) =>
      paymentsWhere({ reference: among(references) }, tx),
    refundsByIds: (ids: readonly string[], tx?: Tx) => refundsWhere({ _id: among(ids) }, tx),
    refundsOfPayments: (paymentIds: readonly string[], tx?: Tx) => refundsWhere({ paymentId: among(paymentIds) }, tx),
    refundsByProviderIds: (ids: readonly string[], tx?: Tx) => refundsWhere({ providerRefundId: among(ids) }, tx),

    /** Of money that was set aside, dealt with or not, the provider's ids. */
    async setAside(references: readonly string[], tx?: Tx): Promise<string[]> {
      const docs = await quarantine
        .find({ _id: among(references) }, { _id: 1 })
        .session(sessionOf(tx) ?? null)
        .lean<QuarantinedDoc[]>();
      return docs.map(({ _id }) => _id);
    },

    /** Where the attempts to pay orders stand. */
    async attemptsOfOrders(
      orderIds: readonly string[],
      tx?: Tx,
    ): Promise<{ orderId: string; status: AttemptStatus }[]> {
      const docs = await attempts
        .find({ orderId: among(orderIds) }, { orderId: 1, status: 1 })
        .session(sessionOf(tx) ?? null)
        .lean<PaymentAttemptDoc[]>();
      return docs.map(({ orderId, status }) => ({ orderId, status }));
    },

    /** Payments through a provider that were booked in a period, the oldest first. */
    async paymentRows(rows: RowsOf): Promise<Payment[]> {
      const docs = await payments
        .find({ ...writtenIn(rows), provider: rows.provider })
        .sort({ _id: 1 })
        .limit(rows.limit)
        .lean<PaymentDoc[]>();
      return docs.map(withId);
    },
    /** Refunds and disputes that the provider has an id for, in the same way. */
    async refundRows(rows: RowsOf): Promise<Refund[]> {
      const docs = await refunds
        .find({ ...writtenIn(rows), provider: rows.provider, providerRefundId: { $exists: true } })
        .sort({ _id: 1 })
        .limit(rows.limit)
        .lean<RefundDoc[]>();
      return docs.map(withId);
    },
  };
}

export type PaymentInspection = ReturnType<typeof createPaymentInspection>;

function withId<T extends { _id: string }>({ _id, ...rest }: T): Omit<T, '_id'> & { id: string } {
  return { id: _id, ...rest };
}
