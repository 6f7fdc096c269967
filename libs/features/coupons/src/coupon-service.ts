import { evaluateCoupon, normalizeCouponCode } from '@cartwright/domain-coupons';
import type { Coupon, CouponLine, CouponRefused } from '@cartwright/domain-coupons';
import { DomainError } from '@cartwright/domain-errors';
import type { Money } from '@cartwright/domain-money';
import type { PriceDiscount } from '@cartwright/domain-pricing';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import { createCouponAdmin } from './coupon-admin.ts';
import { toCoupon } from './coupon-mapping.ts';
import type { CouponDoc } from './coupon.model.ts';
import type { CouponRepository } from './coupon-repository.ts';

/** Coupons whose counters are looked at in one go. */
const SWEPT_AT_ONCE = 500;

export interface CouponQuery {
  readonly code: string;
  readonly lines: readonly CouponLine[];
  readonly currency: string;
  /** Who wants to use it: a user's id or a guest's e-mail; without it the limit per customer is not looked at. */
  readonly customer?: string | undefined;
}

/** A coupon that may be used, on which lines, and what redeeming it needs to know. */
export interface UsableCoupon {
  readonly ok: true;
  readonly coupon: Coupon;
  readonly eligibleLineIds: readonly string[];
  readonly discount: PriceDiscount;
  /** Whether the customer has used it before: decides how the use is counted. */
  readonly usedBefore: boolean;
}

export type CouponAnswer = UsableCoupon | CouponRefused;

export interface Redemption {
  readonly usable: UsableCoupon;
  readonly customer: string;
  readonly orderId: string;
  /** What the record of the use keeps beside it, whatever becomes of coupon and order. */
  readonly orderNumber: string;
  readonly discount: Money;
}

/** Coupons: their rules, their counters and their administration. */
export function createCouponService({
  coupons,
  mongo,
  currency,
  retentionSeconds,
  clock,
}: {
  coupons: CouponRepository;
  mongo: Pick<Mongo, 'transaction'>;
  /** The currency new coupons are made in. */
  currency: string;
  /** How long an expired coupon is kept before MongoDB may delete it. */
  retentionSeconds: number;
  clock: () => Date;
}) {
  async function answer(doc: CouponDoc | null, query: Omit<CouponQuery, 'code'>, tx?: Tx): Promise<CouponAnswer> {
    if (!doc) return { ok: false, reason: 'COUPON_NOT_FOUND', details: undefined };
    const coupon = toCoupon(doc);
    const uses = query.customer === undefined ? null : await coupons.usesBy(coupon.id, query.customer, tx);
    const { lines, currency: cartCurrency } = query;
    const now = clock();
    const result = evaluateCoupon(coupon, { lines, currency: cartCurrency, now, redemptionsByCustomer: uses ?? 0 });
    return result.ok ? { ...result, coupon, usedBefore: uses !== null } : result;
  }

  return {
    /**
     * Removes counters that say how often somebody used a coupon which is gone, until the signal: nobody asks for them any
     * more, and some name a guest's address. Answers how many.
     */
    async removeLeftCounters(signal?: AbortSignal): Promise<number> {
      let removed = 0;
      let last: string | undefined;
      do {
        const swept = await coupons.removeCountersOfGone(last, SWEPT_AT_ONCE);
        removed += swept.removed;
        last = swept.last;
      } while (last !== undefined && !signal?.aborted);
      return removed;
    },

    ...createCouponAdmin({ coupons, mongo, currency, retentionSeconds, clock }),

    /** Whether a code may be used on these lines by this customer now. A refusal is a value, with its reason. */
    evaluate: async (query: CouponQuery, tx?: Tx): Promise<CouponAnswer> =>
      answer(await coupons.byCode(normalizeCouponCode(query.code), tx), query, tx),

    /**
     * Counts the use of a coupon that was evaluated in the same transaction, for the coupon and for the customer, and
     * records it by order. Throws COUPON_LIMIT_REACHED or COUPON_ALREADY_USED when a limit was reached meanwhile.
     */
    async redeem({ usable, customer, orderId, orderNumber, discount }: Redemption, tx: Tx): Promise<void> {
      const { coupon, usedBefore } = usable;
      await countUse(coupon, customer, usedBefore, tx);
      const record = { couponId: coupon.id, code: coupon.code, customer, orderNumber, discount, at: clock() };
      await coupons.insertRedemption({ _id: orderId, ...record, status: 'redeemed' }, tx);
    },

    /**
     * Counts the use again for an order that had given it back, at the price it was placed with: only limits, the active
     * flag and the dates are looked at. Throws the COUPON_* reason that forbids it.
     */
    async redeemAgain(orderId: string, tx: Tx): Promise<void> {
      const redemption = await coupons.redemption(orderId, tx);
      if (!redemption || redemption.status === 'redeemed') return;
      const doc = await coupons.byId(redemption.couponId, tx);
      if (!doc) throw new DomainError('COUPON_NOT_FOUND');
      const coupon = toCoupon(doc);
      const now = clock();
      if (!coupon.active) throw new DomainError('COUPON_INACTIVE');
      if (coupon.endsAt && now >= coupon.endsAt) throw new DomainError('COUPON_EXPIRED', { endedAt: coupon.endsAt });
      const uses = await coupons.usesBy(coupon.id, redemption.customer, tx);
      await countUse(coupon, redemption.customer, uses !== null, tx);
      await coupons.setRedemption(orderId, 'redeemed', now, tx);
    },

    /** Gives an order's use back, once, also when the coupon itself is gone by now. Without a use nothing happens. */
    async giveBack(orderId: string, tx: Tx): Promise<void> {
      const redemption = await coupons.redemption(orderId, tx);
      if (!redemption || !(await coupons.setRedemption(orderId, 'given_back', clock(), tx))) return;
      await coupons.uncountUse(redemption.couponId, tx);
      await coupons.uncountCustomer(redemption.couponId, redemption.customer, tx);
    },
  };

  async function countUse(coupon: Coupon, customer: string, usedBefore: boolean, tx: Tx): Promise<void> {
    if (!(await coupons.countUse(coupon.id, coupon.totalLimit, tx))) throw new DomainError('COUPON_LIMIT_REACHED');
    if (!usedBefore) await coupons.insertCustomer(coupon.id, customer, tx);
    else if (!(await coupons.countCustomer(coupon.id, customer, coupon.perCustomerLimit, tx))) {
      throw new DomainError('COUPON_ALREADY_USED');
    }
  }
}

export type CouponService = ReturnType<typeof createCouponService>;
