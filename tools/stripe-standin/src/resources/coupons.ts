import { noSuch, refused } from '../core/api-error.ts';
import type { Context } from '../core/context.ts';
import { randomId } from '../core/ids.ts';
import { createdParam, inRange, pageOf, pageParams } from '../core/lists.ts';
import type { Coupon, PromotionCode } from '../core/objects.ts';
import { bool, currency, decimal, integer, list, metadata, object, oneOf, optional, text } from '../core/parameters.ts';
import { pathId, route, type Route } from '../core/route.ts';
import { mergeMetadata } from './customers.ts';

const expand = optional(list(text()));

export function findCoupon(context: Context, id: string, param = 'id'): Coupon {
  const coupon = context.store.get('coupons', id);
  if (!coupon) throw noSuch('coupon', id, param);
  return withValidity(context, coupon);
}

function withValidity(context: Context, coupon: Coupon): Coupon {
  const usedUp = coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions;
  const over = coupon.redeem_by !== null && coupon.redeem_by <= context.now();
  return { ...coupon, valid: !usedUp && !over };
}

/** A coupon or promotion code named by a Checkout Session's discount; refuses what can't be redeemed any more. */
export function resolveDiscount(
  context: Context,
  discount: { coupon: string | undefined; promotion_code: string | undefined },
  path: string,
  orderCurrency: string,
): { coupon: Coupon; promotionCode: PromotionCode | null } {
  if ((discount.coupon === undefined) === (discount.promotion_code === undefined)) {
    throw refused('You must specify exactly one of coupon or promotion_code.', { param: path });
  }
  let promotionCode: PromotionCode | null = null;
  let couponId = discount.coupon;
  let param = `${path}[coupon]`;
  if (couponId === undefined) {
    param = `${path}[promotion_code]`;
    const id = discount.promotion_code ?? '';
    promotionCode = context.store.get('promotionCodes', id) ?? null;
    if (!promotionCode) throw noSuch('promotion code', id, param);
    const usedUp =
      promotionCode.max_redemptions !== null && promotionCode.times_redeemed >= promotionCode.max_redemptions;
    const over = promotionCode.expires_at !== null && promotionCode.expires_at <= context.now();
    if (!promotionCode.active || usedUp || over) {
      throw refused(`This promotion code cannot be redeemed because it is no longer active.`, {
        code: 'promotion_code_expired',
        param,
      });
    }
    couponId = promotionCode.promotion.coupon;
  }
  const coupon = findCoupon(context, couponId, param);
  if (coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions) {
    throw refused(`Coupon ${coupon.id} is used up and cannot be applied.`, { code: 'coupon_expired', param });
  }
  if (!coupon.valid) throw refused(`Coupon expired: ${coupon.id}`, { code: 'coupon_expired', param });
  if (coupon.currency !== null && coupon.currency !== orderCurrency) {
    throw refused(
      `The coupon's currency (${coupon.currency}) does not match the session's currency (${orderCurrency}).`,
      { param },
    );
  }
  return { coupon, promotionCode };
}

/** Counts one use of a coupon (and of the promotion code that stood for it). */
export function redeem(context: Context, discount: { coupon: string; promotion_code: string | null }): void {
  const coupon = context.store.get('coupons', discount.coupon);
  if (coupon) context.store.put('coupons', coupon.id, { ...coupon, times_redeemed: coupon.times_redeemed + 1 });
  const code = discount.promotion_code ? context.store.get('promotionCodes', discount.promotion_code) : undefined;
  if (code) context.store.put('promotionCodes', code.id, { ...code, times_redeemed: code.times_redeemed + 1 });
}

const couponRoutes: Route[] = [
  route(
    'POST',
    '/v1/coupons',
    {
      id: optional(text({ max: 200 })),
      amount_off: optional(integer({ min: 1 })),
      percent_off: optional(decimal({ min: 0.01, max: 100 })),
      currency: optional(currency()),
      duration: optional(oneOf('once', 'forever', 'repeating')),
      duration_in_months: optional(integer({ min: 1 })),
      max_redemptions: optional(integer({ min: 1 })),
      metadata: optional(metadata()),
      name: optional(text({ max: 40 })),
      redeem_by: optional(integer({ min: 1 })),
      expand,
    },
    ({ context, params }) => {
      if ((params.amount_off === undefined) === (params.percent_off === undefined)) {
        throw refused('You must pass either `percent_off` or `amount_off`, and not both.', { param: 'percent_off' });
      }
      if (params.amount_off !== undefined && params.currency === undefined) {
        throw refused('You must pass `currency` when passing `amount_off`.', { param: 'currency' });
      }
      if (params.redeem_by !== undefined && params.redeem_by <= context.now()) {
        throw refused('`redeem_by` must be in the future.', { param: 'redeem_by' });
      }
      const id = params.id ?? randomId('', 8).slice(1);
      if (context.store.get('coupons', id)) {
        throw refused('Coupon already exists.', { code: 'resource_already_exists', param: 'id' });
      }
      const coupon: Coupon = {
        id,
        object: 'coupon',
        amount_off: params.amount_off ?? null,
        created: context.now(),
        currency: params.amount_off === undefined ? null : (params.currency ?? null),
        duration: params.duration ?? 'once',
        duration_in_months: params.duration_in_months ?? null,
        livemode: context.livemode,
        max_redemptions: params.max_redemptions ?? null,
        metadata: mergeMetadata({}, params.metadata),
        name: params.name ?? null,
        percent_off: params.percent_off ?? null,
        redeem_by: params.redeem_by ?? null,
        times_redeemed: 0,
        valid: true,
      };
      context.store.put('coupons', id, coupon);
      return coupon;
    },
  ),
  route('GET', '/v1/coupons', { ...pageParams, created: createdParam }, (call) => {
    const rows = call.context.store
      .list('coupons')
      .filter((row) => inRange(row.created, call.params.created))
      .map((row) => withValidity(call.context, row));
    return pageOf(rows, call.params, '/v1/coupons', 'coupon');
  }),
  route('GET', '/v1/coupons/:id', { expand }, ({ context, path }) => findCoupon(context, pathId(path))),
  route(
    'POST',
    '/v1/coupons/:id',
    { metadata: optional(metadata()), name: optional(text({ max: 40 })), expand },
    ({ context, params, path }) => {
      const kept = findCoupon(context, pathId(path));
      const changed = {
        ...kept,
        name: params.name ?? kept.name,
        metadata: mergeMetadata(kept.metadata, params.metadata),
      };
      context.store.put('coupons', kept.id, changed);
      return changed;
    },
  ),
  route('DELETE', '/v1/coupons/:id', {}, ({ context, path }) => {
    const { id } = findCoupon(context, pathId(path));
    context.store.remove('coupons', id);
    return { id, object: 'coupon', deleted: true };
  }),
];

const promotionCodeRoutes: Route[] = [
  route(
    'POST',
    '/v1/promotion_codes',
    {
      promotion: object({ type: oneOf('coupon'), coupon: text() }),
      code: optional(text({ max: 500 })),
      active: optional(bool()),
      customer: optional(text()),
      expires_at: optional(integer({ min: 1 })),
      max_redemptions: optional(integer({ min: 1 })),
      metadata: optional(metadata()),
      expand,
    },
    ({ context, params }) => {
      const coupon = findCoupon(context, params.promotion.coupon, 'promotion[coupon]');
      const code = params.code ?? randomId('', 8).slice(1).toUpperCase();
      const taken = context.store
        .list('promotionCodes')
        .some((row) => row.active && row.code.toLowerCase() === code.toLowerCase());
      if (taken) {
        throw refused(`An active promotion code with \`code: ${code}\` already exists.`, { param: 'code' });
      }
      const promotionCode: PromotionCode = {
        id: randomId('promo'),
        object: 'promotion_code',
        active: params.active ?? true,
        code,
        created: context.now(),
        customer: params.customer ?? null,
        expires_at: params.expires_at ?? null,
        livemode: context.livemode,
        max_redemptions: params.max_redemptions ?? null,
        metadata: mergeMetadata({}, params.metadata),
        promotion: { type: 'coupon', coupon: coupon.id },
        restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
        times_redeemed: 0,
      };
      context.store.put('promotionCodes', promotionCode.id, promotionCode);
      return promotionCode;
    },
  ),
  route(
    'GET',
    '/v1/promotion_codes',
    {
      ...pageParams,
      active: optional(bool()),
      code: optional(text()),
      coupon: optional(text()),
      created: createdParam,
    },
    (call) => {
      const { active, code, coupon, created } = call.params;
      const rows = call.context.store
        .list('promotionCodes')
        .filter(
          (row) =>
            (active === undefined || row.active === active) &&
            (code === undefined || row.code.toLowerCase() === code.toLowerCase()) &&
            (coupon === undefined || row.promotion.coupon === coupon) &&
            inRange(row.created, created),
        );
      return pageOf(rows, call.params, '/v1/promotion_codes', 'promotion code');
    },
  ),
  route('GET', '/v1/promotion_codes/:id', { expand }, ({ context, path }) => findPromotionCode(context, pathId(path))),
  route(
    'POST',
    '/v1/promotion_codes/:id',
    { active: optional(bool()), metadata: optional(metadata()), expand },
    ({ context, params, path }) => {
      const kept = findPromotionCode(context, pathId(path));
      const changed = {
        ...kept,
        active: params.active ?? kept.active,
        metadata: mergeMetadata(kept.metadata, params.metadata),
      };
      context.store.put('promotionCodes', kept.id, changed);
      return changed;
    },
  ),
];

function findPromotionCode(context: Context, id: string): PromotionCode {
  const found = context.store.get('promotionCodes', id);
  if (!found) throw noSuch('promotion code', id);
  return found;
}

export const discountRoutes: Route[] = [...couponRoutes, ...promotionCodeRoutes];
