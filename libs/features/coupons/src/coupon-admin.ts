import { normalizeCouponCode } from '@cartwright/domain-coupons';
import { DomainError, invalidInput, notFound } from '@cartwright/domain-errors';
import { currencyInfo } from '@cartwright/domain-money';
import { decodeCursor, encodeCursor, isDuplicateKeyError, newId, type Mongo } from '@cartwright/platform-mongo';
import { z } from 'zod';
import type {
  CouponDetailDto,
  CouponDto,
  CouponRulesInput,
  CreateCouponInput,
  UpdateCouponInput,
} from './coupons.contracts.ts';
import { toCouponDto, toRedemptionDto } from './coupon-mapping.ts';
import type { CouponDoc } from './coupon.model.ts';
import type { CouponRepository } from './coupon-repository.ts';

const markSchema = z.strictObject({ id: z.string().max(64) });
const redemptionMarkSchema = z.strictObject({ at: z.coerce.date(), id: z.string().max(64) });

interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Coupons as administrators keep them. */
export function createCouponAdmin({
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
  async function existing(id: string): Promise<CouponDoc> {
    const doc = await coupons.byId(id);
    if (!doc) throw notFound('coupon');
    return doc;
  }

  /**
   * A stored coupon's rules. Throws INVALID_INPUT when it would end before it starts, or names a sum that can't be paid in
   * its currency.
   */
  function rulesOf(input: CouponRulesInput, of: string) {
    const { discount, startsAt, endsAt, totalLimit, perCustomerLimit, minimum, productIds, categoryIds } = input;
    if (startsAt && endsAt && endsAt <= startsAt) throw invalidInput('A coupon ends after it starts');
    const { quantum } = currencyInfo(of);
    if (sumsOf(input).some((sum) => sum % quantum !== 0))
      throw invalidInput(`Sums in ${of} are multiples of ${quantum}`);
    return {
      code: normalizeCouponCode(input.code),
      discount,
      active: input.active,
      includeSaleItems: input.includeSaleItems,
      ...(startsAt ? { startsAt } : {}),
      ...(endsAt ? { endsAt, purgeAt: new Date(endsAt.getTime() + retentionSeconds * 1_000) } : {}),
      ...(totalLimit === undefined ? {} : { totalLimit }),
      ...(perCustomerLimit === undefined ? {} : { perCustomerLimit }),
      ...(minimum === undefined ? {} : { minimum }),
      ...(productIds === undefined ? {} : { productIds }),
      ...(categoryIds === undefined ? {} : { categoryIds }),
    };
  }

  async function unlessTaken<T>(write: Promise<T>): Promise<T> {
    try {
      return await write;
    } catch (error) {
      if (isDuplicateKeyError(error)) throw new DomainError('CODE_TAKEN');
      throw error;
    }
  }

  return {
    /** Makes a coupon in the shop's currency. Throws CODE_TAKEN, or INVALID_INPUT for rules that can't be. */
    async create(input: CreateCouponInput): Promise<CouponDto> {
      const doc = { _id: newId(), currency, redeemed: 0, version: 1, createdAt: clock(), ...rulesOf(input, currency) };
      await unlessTaken(coupons.insert(doc));
      return toCouponDto(doc);
    },

    /**
     * Writes a coupon's rules anew: what is left out is no rule any more. Uses so far stay counted, and orders keep what they
     * were placed with. Throws NOT_FOUND, VERSION_CONFLICT when somebody else has changed it, CODE_TAKEN or INVALID_INPUT.
     */
    async update({ id, version, ...input }: UpdateCouponInput): Promise<CouponDto> {
      const { currency: own } = await existing(id);
      const updated = await unlessTaken(coupons.replaceRules(id, version, rulesOf(input, own)));
      if (updated) return toCouponDto(updated);
      await existing(id);
      throw new DomainError('VERSION_CONFLICT', { what: 'coupon' });
    },

    /**
     * Deletes a coupon; carts and orders being placed notice at once. Orders and records of its uses keep what they know of
     * it. Throws NOT_FOUND.
     */
    remove: (id: string): Promise<void> =>
      mongo.transaction(async (tx) => {
        if (!(await coupons.remove(id, tx))) throw notFound('coupon');
      }),

    /** A coupon with what its uses come to. Throws NOT_FOUND. */
    async byId(id: string): Promise<CouponDetailDto> {
      const doc = await existing(id);
      const usage = await coupons.usage(id);
      return {
        ...toCouponDto(doc),
        usage: { ...usage, discount: { amount: usage.discount, currency: doc.currency } },
      };
    },

    /** Coupons, newest first. */
    async list({ limit, cursor }: Page) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor, markSchema).id;
      const docs = await coupons.page(limit, before);
      const items = docs.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = docs.length > limit && last ? encodeCursor({ id: last._id }) : null;
      return { items: items.map(toCouponDto), nextCursor };
    },

    /** The uses of a coupon by orders, the latest first; also of one that is gone. */
    async redemptions({ id, limit, cursor }: Page & { id: string }) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor, redemptionMarkSchema);
      const docs = await coupons.redemptionsOf(id, limit, before);
      const items = docs.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = docs.length > limit && last ? encodeCursor({ at: last.at, id: last._id }) : null;
      return { items: items.map(toRedemptionDto), nextCursor };
    },

    /** Switches a coupon on or off; carts and orders being placed notice at once. Throws NOT_FOUND. */
    async setActive(id: string, active: boolean): Promise<CouponDto> {
      const doc = await coupons.setActive(id, active);
      if (!doc) throw notFound('coupon');
      return toCouponDto(doc);
    },
  };
}

/** The sums that a coupon's rules name, in minor units. */
function sumsOf({ discount, minimum = 0 }: CouponRulesInput): number[] {
  switch (discount.kind) {
    case 'fixed':
      return [discount.amount, minimum];
    case 'percentage':
      return [discount.maximum ?? 0, minimum];
    case 'free_shipping':
      return [minimum];
  }
}
