import type { Coupon } from '@cartwright/domain-coupons';
import type { CouponDto, RedemptionDto } from './coupons.contracts.ts';
import type { CouponDoc, RedemptionDoc } from './coupon.model.ts';

/** The rules of a stored coupon. */
export function toCoupon(doc: CouponDoc): Coupon {
  const { _id: id, ...rules } = doc;
  return { id, ...rules };
}

/** A coupon as admins see it. */
export function toCouponDto(doc: CouponDoc): CouponDto {
  const { _id: id, code, currency, includeSaleItems, active, redeemed, createdAt } = doc;
  return {
    id,
    code,
    discount: discountOf(doc),
    currency,
    includeSaleItems,
    active,
    redeemed,
    version: doc.version ?? 1,
    createdAt,
    ...(doc.startsAt === undefined ? {} : { startsAt: doc.startsAt }),
    ...(doc.endsAt === undefined ? {} : { endsAt: doc.endsAt }),
    ...(doc.totalLimit === undefined ? {} : { totalLimit: doc.totalLimit }),
    ...(doc.perCustomerLimit === undefined ? {} : { perCustomerLimit: doc.perCustomerLimit }),
    ...(doc.minimum === undefined ? {} : { minimum: { amount: doc.minimum, currency } }),
    ...(doc.productIds === undefined ? {} : { productIds: doc.productIds }),
    ...(doc.categoryIds === undefined ? {} : { categoryIds: doc.categoryIds }),
  };
}

/** The use of a coupon by an order, as admins see it. A customer is a user's id or a guest's e-mail. */
export function toRedemptionDto({
  _id: orderId,
  customer,
  orderNumber,
  discount,
  status,
  at,
}: RedemptionDoc): RedemptionDto {
  return {
    orderId,
    customer,
    status,
    at,
    ...(orderNumber === undefined ? {} : { orderNumber }),
    ...(discount === undefined ? {} : { discount }),
  };
}

function discountOf({ discount }: CouponDoc): CouponDto['discount'] {
  switch (discount.kind) {
    case 'fixed':
      return { kind: 'fixed', amount: discount.amount };
    case 'percentage':
      return {
        kind: 'percentage',
        basisPoints: discount.basisPoints,
        ...(discount.maximum === undefined ? {} : { maximum: discount.maximum }),
      };
    case 'free_shipping':
      return { kind: 'free_shipping' };
  }
}
