import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { LedgerModels, PaymentDoc, QuarantinedDoc, RefundDoc } from './payment-ledger.model.ts';
import type { RefundNews } from './payment-strategy.ts';
import type { Payment, Quarantined, Refund, Resolution } from './payment.ts';
import type { RefundMove } from './refund-moves.ts';

/** The problem of a refund that its provider knows nothing of. */
const UNKNOWN = 'unknown_to_provider';

/** Money that waits for a person, with what of it went back meanwhile. */
type SetAside = Quarantined & Pick<QuarantinedDoc, 'returns'>;

/** Reads and writes captured payments, refunds and quarantined money. */
export function createPaymentLedgerRepository({ payments, refunds, quarantine }: LedgerModels) {
  /** Money that waits for a person; null when there is none of that id, or somebody has dealt with it. */
  async function unresolved(id: string, tx: Tx): Promise<SetAside | null> {
    const doc = await quarantine
      .findOne({ _id: id, resolvedAt: { $exists: false } })
      .session(sessionOf(tx) ?? null)
      .lean<QuarantinedDoc>();
    return doc ? withId(doc) : null;
  }

  return {
    async paymentByReference(reference: string, tx?: Tx): Promise<Payment | null> {
      const doc = await payments
        .findOne({ reference })
        .session(sessionOf(tx) ?? null)
        .lean<PaymentDoc>();
      return doc ? withId(doc) : null;
    },

    async paymentById(id: string, tx?: Tx): Promise<Payment | null> {
      const doc = await payments
        .findOne({ _id: id })
        .session(sessionOf(tx) ?? null)
        .lean<PaymentDoc>();
      return doc ? withId(doc) : null;
    },

    async paymentsOf(orderId: string): Promise<Payment[]> {
      return (await payments.find({ orderId }).sort({ _id: 1 }).lean<PaymentDoc[]>()).map(withId);
    },

    async insertPayment({ id, ...rest }: Payment, tx: Tx): Promise<void> {
      await payments.insertMany([{ _id: id, ...rest }], sessionOption(tx));
    },

    /** Sets an amount aside for a refund; false when not so much is left. */
    async reserve(paymentId: string, amount: number, tx: Tx): Promise<boolean> {
      const result = await payments.updateOne(
        { _id: paymentId, refundable: { $gte: amount } },
        { $inc: { refundable: -amount } },
        sessionOption(tx),
      );
      return result.modifiedCount === 1;
    },

    /** Counts anew what is neither refunded nor being refunded, once a refund has failed or more went back than was left. */
    async recount(paymentId: string, tx: Tx): Promise<void> {
      const session = sessionOf(tx) ?? null;
      const payment = await payments.findOne({ _id: paymentId }).session(session).lean<PaymentDoc>();
      const standing = await refunds
        .find({ paymentId, status: { $ne: 'failed' } })
        .session(session)
        .lean<RefundDoc[]>();
      if (!payment) return;
      const gone = standing.reduce((sum, { amount }) => sum + amount.amount, 0);
      const refundable = Math.max(0, payment.amount.amount - gone);
      await payments.updateOne({ _id: paymentId }, { $set: { refundable } }, sessionOption(tx));
    },

    async refundById(id: string, tx?: Tx): Promise<Refund | null> {
      const doc = await refunds
        .findOne({ _id: id })
        .session(sessionOf(tx) ?? null)
        .lean<RefundDoc>();
      return doc ? withId(doc) : null;
    },

    async refundByProviderId(providerRefundId: string, tx?: Tx): Promise<Refund | null> {
      const doc = await refunds
        .findOne({ providerRefundId })
        .session(sessionOf(tx) ?? null)
        .lean<RefundDoc>();
      return doc ? withId(doc) : null;
    },

    async refundsOf(paymentId: string): Promise<Refund[]> {
      return (await refunds.find({ paymentId }).sort({ _id: 1 }).lean<RefundDoc[]>()).map(withId);
    },

    async insertRefund({ id, ...rest }: Refund, tx: Tx): Promise<void> {
      await refunds.insertMany([{ _id: id, ...rest }], sessionOption(tx));
    },

    /** Moves a refund on that the caller has read in the same transaction. */
    async moveRefund(
      {
        id,
        status,
        waitsFor,
        providerRefundId,
        problem,
        toldAt,
        at,
      }: RefundMove & Pick<Refund, 'id' | 'providerRefundId' | 'problem'> & { at: Date },
      tx: Tx,
    ): Promise<void> {
      await refunds.updateOne(
        { _id: id },
        {
          $set: {
            ...{ status, toldAt, updatedAt: at },
            ...(waitsFor === undefined ? {} : { waitsFor }),
            ...(providerRefundId === undefined ? {} : { providerRefundId }),
            ...(problem === undefined ? {} : { problem }),
          },
          ...(waitsFor === undefined ? { $unset: { waitsFor: '' } } : {}),
        },
        sessionOption(tx),
      );
    },

    /** Gives the provider's id of a refund free for another row. */
    async forgetProviderId(id: string, tx: Tx): Promise<void> {
      await refunds.updateOne({ _id: id }, { $unset: { providerRefundId: '' } }, sessionOption(tx));
    },

    /** Refunds without an outcome, or not there any more, that nobody has touched since `before`. */
    async unfinishedRefunds(before: Date, limit: number): Promise<Refund[]> {
      const updatedAt = { $lt: before };
      const docs = await refunds
        .find({
          $or: [
            { status: { $in: ['requested', 'pending'] }, updatedAt },
            { waitsFor: { $in: ['buyer', 'bank'] }, updatedAt },
          ],
        })
        .sort({ updatedAt: 1 })
        .limit(limit)
        .lean<RefundDoc[]>();
      return docs.map(withId);
    },

    /** Ids of refunds that nobody has carried out, of those asked for since `since`, the oldest first. */
    async requestedRefunds(since: Date, limit: number): Promise<string[]> {
      const docs = await refunds
        .find({ status: 'requested', createdAt: { $gte: since } }, { _id: 1 })
        .sort({ createdAt: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>();
      return docs.map(({ _id }) => _id);
    },

    /** Notes that the provider knows nothing of a refund that waits for its outcome. False when that was noted before, or it has one. */
    async noteUnknown(id: string, tx: Tx): Promise<boolean> {
      const open = { $or: [{ status: 'pending' as const }, { waitsFor: { $exists: true } }] };
      const result = await refunds.updateOne(
        { ...open, _id: id, problem: { $ne: UNKNOWN } },
        { $set: { problem: UNKNOWN } },
        sessionOption(tx),
      );
      return result.modifiedCount === 1;
    },

    async touchRefund(id: string, now: Date): Promise<void> {
      await refunds.updateOne({ _id: id }, { $set: { updatedAt: now } });
    },

    /** Keeps money that doesn't fit. */
    async quarantine({ id, ...rest }: Quarantined, tx: Tx): Promise<void> {
      await quarantine.insertMany([{ _id: id, ...rest }], sessionOption(tx));
    },

    /** Whether money didn't fit, also when somebody has dealt with it since. */
    isQuarantined: async (id: string, tx: Tx): Promise<boolean> =>
      (await quarantine.exists({ _id: id }).session(sessionOf(tx) ?? null)) !== null,

    /**
     * Keeps news of what went back of set-aside money, of each return the last. Null when there is none of that id, or
     * somebody has dealt with it.
     */
    async noteReturn(id: string, news: RefundNews, tx: Tx): Promise<SetAside | null> {
      const found = await unresolved(id, tx);
      if (!found) return null;
      const { returns = [] } = found;
      const isOf = (one: RefundNews) => one.providerRefundId === news.providerRefundId;
      if (returns.some((one) => isOf(one) && one.at > news.at)) return found;
      const kept = [...returns.filter((one) => !isOf(one)), news];
      await quarantine.updateOne({ _id: id }, { $set: { returns: kept } }, sessionOption(tx));
      return { ...found, returns: kept };
    },

    unresolved,

    /** Notes who dealt with set-aside money, and how. */
    async resolve(id: string, resolution: Resolution, tx: Tx): Promise<void> {
      await quarantine.updateOne({ _id: id }, { $set: { resolvedAt: resolution.at, resolution } }, sessionOption(tx));
    },

    /** What waits for a person, of all orders or of one, the newest first, following one. */
    async quarantined({
      limit,
      after,
      orderId,
    }: {
      limit: number;
      after?: { at: Date; id: string } | undefined;
      orderId?: string | undefined;
    }): Promise<Quarantined[]> {
      const docs = await quarantine
        .find({
          resolvedAt: { $exists: false },
          ...(orderId !== undefined && { orderId }),
          ...(after && {
            createdAt: { $lte: after.at },
            $or: [{ createdAt: { $lt: after.at } }, { _id: { $lt: after.id } }],
          }),
        })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit)
        .lean<QuarantinedDoc[]>();
      return docs.map(withId);
    },
  };
}

export type PaymentLedgerRepository = ReturnType<typeof createPaymentLedgerRepository>;

function withId<T extends { _id: string }>({ _id, ...rest }: T): Omit<T, '_id'> & { id: string } {
  return { id: _id, ...rest };
}
