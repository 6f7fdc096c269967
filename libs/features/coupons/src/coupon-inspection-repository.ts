import { createHash } from 'node:crypto';
import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { PipelineStage } from 'mongoose';
import type { CouponCustomerDoc, CouponDoc, CouponModels, RedemptionDoc } from './coupon.model.ts';

/** A coupon's own count, and what customers' counts and the records of uses come to. */
export interface InspectedCoupon {
  readonly id: string;
  readonly code: string;
  readonly redeemed: number;
  readonly byCustomers: number;
  readonly uses: number;
}

/** How often a customer is said to have used a coupon, and has. */
export interface InspectedCustomer {
  readonly id: string;
  readonly couponId: string;
  /** A user's id, or a guest's e-mail address. */
  readonly customer: string;
  readonly count: number;
  readonly uses: number;
}

/** The record of a use; `isCounted` is false when the customer has no counter though the coupon is there. */
export interface InspectedUse {
  readonly orderId: string;
  readonly couponId: string;
  readonly code: string;
  readonly status: RedemptionDoc['status'];
  readonly isCounted: boolean;
}

const counterOf = ({ couponId, customer }: Pick<CouponCustomerDoc, 'couponId' | 'customer'>) =>
  `${couponId}/${customer}`;

/** Where a customer stands in the order of ids. Says nothing of him: a guest's id holds an address. */
const customerMark = (id: string): string => {
  const couponId = id.slice(0, id.indexOf('/'));
  return `${couponId}/${createHash('sha256').update(id).digest('base64url')}`;
};

/** Reads all coupons and their uses for whoever checks the books; changes nothing. */
export function createCouponInspection({ coupons, customers, redemptions }: CouponModels) {
  const following = (after: string | undefined) => (after === undefined ? {} : { _id: { $gt: after } });

  const usesBy = async (match: PipelineStage.Match['$match'], field: string, tx?: Tx): Promise<Map<string, number>> => {
    const groups = await redemptions.aggregate<{ _id: string; count: number }>(
      [{ $match: { ...match, status: 'redeemed' } }, { $group: { _id: `$${field}`, count: { $sum: 1 } } }],
      sessionOption(tx),
    );
    return new Map(groups.map(({ _id, count }) => [_id, count]));
  };

  /** The last one that was answered: whoever goes on from there needs no search. */
  let latest: string | undefined;

  /** The id that a mark stands for, or the last one that its coupon could have. */
  async function idAt(mark: string): Promise<string> {
    if (latest !== undefined && customerMark(latest) === mark) return latest;
    const couponId = mark.slice(0, mark.indexOf('/'));
    const ofCoupon = { $gt: `${couponId}/`, $lt: `${couponId}0` };
    const ids = customers.find({ _id: ofCoupon }, { _id: 1 }).sort({ _id: 1 }).lean<CouponCustomerDoc[]>().cursor();
    for await (const { _id } of ids) if (customerMark(_id) === mark) return _id;
    // Counters go with their coupon, all at once: the next coupon's follow.
    return `${couponId}0`;
  }

  return {
    async couponIds(after: string | undefined, limit: number): Promise<string[]> {
      const docs = await coupons.find(following(after), { _id: 1 }).sort({ _id: 1 }).limit(limit).lean<CouponDoc[]>();
      return docs.map(({ _id }) => _id);
    },

    async coupons(ids: readonly string[], tx?: Tx): Promise<InspectedCoupon[]> {
      const docs = await coupons
        .find({ _id: { $in: [...ids] } })
        .session(sessionOf(tx) ?? null)
        .lean<CouponDoc[]>();
      const couponId = { $in: [...ids] };
      const uses = await usesBy({ couponId }, 'couponId', tx);
      const counts = await customers.aggregate<{ _id: string; count: number }>(
        [{ $match: { couponId } }, { $group: { _id: '$couponId', count: { $sum: '$count' } } }],
        sessionOption(tx),
      );
      const byCustomers = new Map(counts.map(({ _id, count }) => [_id, count]));
      return docs.map(({ _id: id, code, redeemed }) => ({
        ...{ id, code, redeemed },
        byCustomers: byCustomers.get(id) ?? 0,
        uses: uses.get(id) ?? 0,
      }));
    },

    customerMark,

    /** Customers' ids that follow a mark of one. */
    async customerIds(mark: string | undefined, limit: number): Promise<string[]> {
      const after = mark === undefined ? undefined : await idAt(mark);
      const docs = await customers
        .find(following(after), { _id: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<CouponCustomerDoc[]>();
      latest = docs.at(-1)?._id;
      return docs.map(({ _id }) => _id);
    },

    async customers(ids: readonly string[], tx?: Tx): Promise<InspectedCustomer[]> {
      const docs = await customers
        .find({ _id: { $in: [...ids] } })
        .session(sessionOf(tx) ?? null)
        .lean<CouponCustomerDoc[]>();
      const found: InspectedCustomer[] = [];
      for (const [couponId, ofCoupon] of Map.groupBy(docs, (doc) => doc.couponId)) {
        const match = { couponId, customer: { $in: ofCoupon.map(({ customer }) => customer) } };
        const uses = await usesBy(match, 'customer', tx);
        for (const { _id: id, customer, count } of ofCoupon) {
          found.push({ id, couponId, customer, count, uses: uses.get(customer) ?? 0 });
        }
      }
      return found;
    },

    async useIds(after: string | undefined, limit: number): Promise<string[]> {
      const docs = await redemptions
        .find(following(after), { _id: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<RedemptionDoc[]>();
      return docs.map(({ _id }) => _id);
    },

    /** The uses of orders, by the orders' ids. */
    async uses(orderIds: readonly string[], tx?: Tx): Promise<InspectedUse[]> {
      const session = sessionOf(tx) ?? null;
      const docs = await redemptions
        .find({ _id: { $in: [...orderIds] } })
        .session(session)
        .lean<RedemptionDoc[]>();
      const alive = await coupons
        .find({ _id: { $in: docs.map(({ couponId }) => couponId) } }, { _id: 1 })
        .session(session)
        .lean<CouponDoc[]>();
      const counters = await customers
        .find({ _id: { $in: docs.map(counterOf) } }, { _id: 1 })
        .session(session)
        .lean<CouponCustomerDoc[]>();
      const isAlive = new Set(alive.map(({ _id }) => _id));
      const counted = new Set(counters.map(({ _id }) => _id));
      return docs.map((doc) => ({
        orderId: doc._id,
        couponId: doc.couponId,
        code: doc.code,
        status: doc.status,
        isCounted: !isAlive.has(doc.couponId) || counted.has(counterOf(doc)),
      }));
    },
  };
}

export type CouponInspection = ReturnType<typeof createCouponInspection>;
