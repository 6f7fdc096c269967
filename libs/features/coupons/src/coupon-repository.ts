import { insertLast, sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { CouponDoc, CouponModels, RedemptionDoc } from './coupon.model.ts';

/** What an administrator sets of a coupon. */
export type CouponRules = Omit<CouponDoc, '_id' | 'currency' | 'redeemed' | 'version' | 'createdAt'>;

const OPTIONAL_RULES = [
  'startsAt',
  'endsAt',
  'purgeAt',
  'totalLimit',
  'perCustomerLimit',
  'minimum',
  'productIds',
  'categoryIds',
] as const satisfies readonly (keyof CouponRules)[];

const counterId = (couponId: string, customer: string) => `${couponId}/${customer}`;

/** Reads and writes coupons, their counters and redemptions. */
export function createCouponRepository({ coupons, customers, redemptions }: CouponModels) {
  return {
    byCode: (code: string, tx?: Tx): Promise<CouponDoc | null> =>
      coupons
        .findOne({ code })
        .session(sessionOf(tx) ?? null)
        .lean<CouponDoc>(),
    byId: (id: string, tx?: Tx): Promise<CouponDoc | null> =>
      coupons
        .findOne({ _id: id })
        .session(sessionOf(tx) ?? null)
        .lean<CouponDoc>(),
    /** Newest first; reads one more than `limit` so that the caller knows if more follow. */
    page: (limit: number, before?: string): Promise<CouponDoc[]> =>
      coupons
        .find(before === undefined ? {} : { _id: { $lt: before } })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<CouponDoc[]>(),
    insert: async (doc: CouponDoc): Promise<void> => {
      await coupons.insertOne(doc);
    },
    /** A change like any other: whoever edits the coupon meanwhile is told. */
    setActive: (id: string, active: boolean): Promise<CouponDoc | null> =>
      coupons
        .findOneAndUpdate({ _id: id }, [{ $set: { active, version: { $add: [{ $ifNull: ['$version', 1] }, 1] } } }], {
          returnDocument: 'after',
          updatePipeline: true,
        })
        .lean<CouponDoc>(),
    /** Writes the rules over the version that was read; null when that is no longer the one stored. */
    replaceRules(id: string, version: number, rules: CouponRules): Promise<CouponDoc | null> {
      const gone = Object.fromEntries(
        OPTIONAL_RULES.filter((name) => rules[name] === undefined).map((name) => [name, 1]),
      );
      const stored = version === 1 ? { $in: [1, null] } : version;
      return coupons
        .findOneAndUpdate(
          { _id: id, version: stored },
          { $set: { ...rules, version: version + 1 }, ...(Object.keys(gone).length === 0 ? {} : { $unset: gone }) },
          { returnDocument: 'after' },
        )
        .lean<CouponDoc>();
    },
    /** Deletes a coupon and its counters by customer. False when there is none. */
    async remove(id: string, tx: Tx): Promise<boolean> {
      const { deletedCount } = await coupons.deleteOne({ _id: id }, sessionOption(tx));
      await customers.deleteMany({ couponId: id }, sessionOption(tx));
      return deletedCount === 1;
    },

    /** Counts one use more, unless `limit` is reached. False when it is, or when the coupon is gone. */
    async countUse(couponId: string, limit: number | undefined, tx: Tx): Promise<boolean> {
      const result = await coupons.updateOne(
        { _id: couponId, ...(limit === undefined ? {} : { redeemed: { $lt: limit } }) },
        { $inc: { redeemed: 1 } },
        sessionOption(tx),
      );
      return result.modifiedCount === 1;
    },
    /** Takes one use back; nothing happens when the coupon is gone. */
    async uncountUse(couponId: string, tx: Tx): Promise<void> {
      await coupons.updateOne({ _id: couponId, redeemed: { $gt: 0 } }, { $inc: { redeemed: -1 } }, sessionOption(tx));
    },

    /** Uses by a customer; null when there has never been one. */
    async usesBy(couponId: string, customer: string, tx?: Tx): Promise<number | null> {
      const doc = await customers
        .findOne({ _id: counterId(couponId, customer) })
        .session(sessionOf(tx) ?? null)
        .lean<{ count: number }>();
      return doc ? doc.count : null;
    },
    /** Counts a customer's first use. A race with another first use is a write conflict, which retries the transaction. */
    async insertCustomer(couponId: string, customer: string, tx: Tx): Promise<void> {
      await customers.insertMany(
        [{ _id: counterId(couponId, customer), couponId, customer, count: 1 }],
        sessionOption(tx),
      );
    },
    /** Counts a further use, unless `limit` is reached; false when it is. */
    async countCustomer(couponId: string, customer: string, limit: number | undefined, tx: Tx): Promise<boolean> {
      const result = await customers.updateOne(
        { _id: counterId(couponId, customer), ...(limit === undefined ? {} : { count: { $lt: limit } }) },
        { $inc: { count: 1 } },
        sessionOption(tx),
      );
      return result.modifiedCount === 1;
    },
    async uncountCustomer(couponId: string, customer: string, tx: Tx): Promise<void> {
      const _id = counterId(couponId, customer);
      await customers.updateOne({ _id, count: { $gt: 0 } }, { $inc: { count: -1 } }, sessionOption(tx));
    },

    /**
     * Removes the counters of coupons that are there no more, of so many coupons that follow one; those that MongoDB deletes
     * by their time leave them. Answers the last coupon looked at, without one when all were.
     */
    async removeCountersOfGone(
      after: string | undefined,
      limit: number,
    ): Promise<{ last: string | undefined; removed: number }> {
      const counted = await customers.aggregate<{ _id: string }>([
        ...(after === undefined ? [] : [{ $match: { couponId: { $gt: after } } }]),
        { $group: { _id: '$couponId' } },
        { $sort: { _id: 1 } },
        { $limit: limit },
      ]);
      const ids = counted.map(({ _id }) => _id);
      // Read after its counters: one that is made meanwhile is seen.
      const alive = await coupons.find({ _id: { $in: ids } }, { _id: 1 }).lean<{ _id: string }[]>();
      const living = new Set(alive.map(({ _id }) => _id));
      const gone = ids.filter((id) => !living.has(id));
      const removed = gone.length === 0 ? 0 : (await customers.deleteMany({ couponId: { $in: gone } })).deletedCount;
      return { last: ids.length < limit ? undefined : ids.at(-1), removed };
    },

    /** What the uses of a coupon come to, those given back apart; the discount in minor units. */
    async usage(
      couponId: string,
    ): Promise<{ redeemed: number; givenBack: number; customers: number; discount: number }> {
      const [groups, customersOf] = await Promise.all([
        redemptions.aggregate<{ _id: RedemptionDoc['status']; count: number; discount: number }>([
          { $match: { couponId } },
          { $group: { _id: '$status', count: { $sum: 1 }, discount: { $sum: '$discount.amount' } } },
        ]),
        customers.countDocuments({ couponId, count: { $gt: 0 } }),
      ]);
      const of = (status: RedemptionDoc['status']) => groups.find(({ _id }) => _id === status);
      const redeemed = of('redeemed');
      return {
        redeemed: redeemed?.count ?? 0,
        givenBack: of('given_back')?.count ?? 0,
        customers: customersOf,
        discount: redeemed?.discount ?? 0,
      };
    },
    /** The latest first; reads one more than `limit` so that the caller knows if more follow. */
    redemptionsOf: (couponId: string, limit: number, before?: { at: Date; id: string }): Promise<RedemptionDoc[]> =>
      redemptions
        .find({
          couponId,
          ...(before ? { $or: [{ at: { $lt: before.at } }, { at: before.at, _id: { $lt: before.id } }] } : {}),
        })
        .sort({ at: -1, _id: -1 })
        .limit(limit + 1)
        .lean<RedemptionDoc[]>(),
    redemption: (orderId: string, tx?: Tx): Promise<RedemptionDoc | null> =>
      redemptions
        .findOne({ _id: orderId })
        .session(sessionOf(tx) ?? null)
        .lean<RedemptionDoc>(),
    /** At the end of the transaction. */
    insertRedemption: async (doc: RedemptionDoc, tx: Tx): Promise<void> => {
      await insertLast(tx, redemptions, [doc]);
    },
    /** Turns a redemption over; false when it was not in the other state. */
    async setRedemption(orderId: string, status: RedemptionDoc['status'], at: Date, tx: Tx): Promise<boolean> {
      const result = await redemptions.updateOne(
        { _id: orderId, status: status === 'redeemed' ? 'given_back' : 'redeemed' },
        { $set: { status, at } },
        sessionOption(tx),
      );
      return result.modifiedCount === 1;
    },
  };
}

export type CouponRepository = ReturnType<typeof createCouponRepository>;
