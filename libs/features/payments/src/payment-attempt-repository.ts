import { isDuplicateKeyError, sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { QueryFilter } from 'mongoose';
import type { PaymentAttemptDoc, PaymentAttemptModel } from './payment-attempt.model.ts';
import { COMPLETED_STATUSES, type AttemptStatus, type PaymentAttempt } from './payment.ts';

const ACTIVE: readonly AttemptStatus[] = ['starting', 'open'];

/** Reads and writes payment attempts. Every change names the statuses it may come from, so old news changes nothing. */
export function createPaymentAttemptRepository({ attempts }: { attempts: PaymentAttemptModel }) {
  const one = async (filter: QueryFilter<PaymentAttemptDoc>, tx?: Tx): Promise<PaymentAttempt | null> => {
    const doc = await attempts
      .findOne(filter)
      .session(sessionOf(tx) ?? null)
      .lean<PaymentAttemptDoc>();
    return doc ? toAttempt(doc) : null;
  };

  return {
    byId: (id: string, tx?: Tx) => one({ _id: id }, tx),

    /** The attempt through which the order can be paid now, or may be once its call is answered. */
    activeOf: (orderId: string) => one({ activeOrderId: orderId }),

    /** An attempt whose buyer has done his part. */
    completedOf: (orderId: string, tx?: Tx) => one({ orderId, status: { $in: [...COMPLETED_STATUSES] } }, tx),

    async lastNumber(orderId: string): Promise<number> {
      const last = await attempts.findOne({ orderId }, { number: 1 }).sort({ number: -1 }).lean<{ number: number }>();
      return last?.number ?? 0;
    },

    /** Stores a new active attempt. False when the order has got one from somebody else meanwhile. */
    async insert(attempt: PaymentAttempt): Promise<boolean> {
      const { id, ...rest } = attempt;
      try {
        await attempts.insertMany([{ _id: id, ...rest, activeOrderId: attempt.orderId }]);
        return true;
      } catch (error) {
        if (isDuplicateKeyError(error)) return false;
        throw error;
      }
    },

    /** starting → open, with what the provider answered. */
    async open(id: string, answer: { sessionId: string; url: string; expiresAt: Date }, now: Date): Promise<boolean> {
      const result = await attempts.updateOne(
        { _id: id, status: 'starting' },
        { $set: { ...answer, status: 'open', updatedAt: now } },
      );
      return result.modifiedCount === 1;
    },

    /** Moves an attempt on from one of the given statuses; false when it is in none of them (any more). */
    async move(
      move: {
        id: string;
        from: readonly AttemptStatus[];
        to: AttemptStatus;
        sessionId?: string;
        problem?: string;
        at: Date;
      },
      tx?: Tx,
    ): Promise<boolean> {
      const { id, from, to, sessionId, problem, at } = move;
      const result = await attempts.updateOne(
        { _id: id, status: { $in: [...from] } },
        {
          $set: {
            status: to,
            updatedAt: at,
            ...(sessionId === undefined ? {} : { sessionId }),
            ...(problem === undefined ? {} : { problem }),
          },
          ...(ACTIVE.includes(to) ? {} : { $unset: { activeOrderId: '' } }),
        },
        sessionOption(tx),
      );
      return result.modifiedCount === 1;
    },

    /**
     * Ends the attempt whose money was set aside; all of the order, where it is not known which that was. Of two such
     * transactions about one order at once, one has to begin again: it sees what became of the other's attempt.
     */
    async endQuarantined(
      { orderId, attemptId }: { orderId: string; attemptId?: string | undefined },
      at: Date,
      tx: Tx,
    ): Promise<void> {
      await attempts.updateMany({ orderId }, { $inc: { decisions: 1 } }, sessionOption(tx));
      await attempts.updateMany(
        { orderId, status: 'quarantined', ...(attemptId === undefined ? {} : { _id: attemptId }) },
        { $set: { status: 'failed', updatedAt: at }, $unset: { activeOrderId: '' } },
        sessionOption(tx),
      );
    },

    /** Has the open page of an order be over by now, so that it is looked at also when nobody comes to close it. */
    async endPage(orderId: string, at: Date): Promise<void> {
      await attempts.updateMany({ orderId, status: 'open' }, { $set: { expiresAt: at } });
    },

    /**
     * Attempts to ask the provider about, those waiting longest first: untouched since `before`, and either never answered, or
     * with a page that should have ended by `now`, or, for want of any news, untouched since `quiet`.
     */
    async stale({ before, quiet, now }: { before: Date; quiet: Date; now: Date }, limit: number) {
      const docs = await attempts
        .find({
          status: { $in: ['starting', 'open', 'processing'] },
          updatedAt: { $lt: before },
          $or: [{ status: 'starting' }, { status: 'open', expiresAt: { $lt: now } }, { updatedAt: { $lt: quiet } }],
        })
        .sort({ updatedAt: 1 })
        .limit(limit)
        .lean<PaymentAttemptDoc[]>();
      return docs.map(toAttempt);
    },

    /** Marks one payment that has been in processing since before `before`, each once; null when there is none (left). */
    async markOverdue(before: Date, problem: string): Promise<PaymentAttempt | null> {
      const doc = await attempts
        .findOneAndUpdate(
          { status: 'processing', createdAt: { $lt: before }, problem: { $exists: false } },
          { $set: { problem } },
          { returnDocument: 'after' },
        )
        .lean<PaymentAttemptDoc>();
      return doc ? toAttempt(doc) : null;
    },

    /** Notes that an attempt was looked at. */
    async touch(id: string, now: Date): Promise<void> {
      await attempts.updateOne({ _id: id }, { $set: { updatedAt: now } });
    },
  };
}

export type PaymentAttemptRepository = ReturnType<typeof createPaymentAttemptRepository>;

function toAttempt({ _id, activeOrderId: _active, decisions: _decisions, ...rest }: PaymentAttemptDoc): PaymentAttempt {
  return { id: _id, ...rest };
}
