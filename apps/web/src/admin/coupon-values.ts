import type { RouterInputs, RouterOutputs } from '@cartwright/sdk';
import { toMajor, toMinor } from '../lib/money-input.ts';
import { compact } from '../lib/search-params.ts';

type CouponInput = RouterInputs['admin']['coupons']['create'];
export type DiscountKind = CouponInput['discount']['kind'];
type Typed = string | number;

/** What the fields of the form hold, as typed. */
export interface CouponValues {
  code: string;
  kind: DiscountKind;
  percent: Typed;
  maximum: Typed;
  amount: Typed;
  minimum: Typed;
  totalLimit: Typed;
  perCustomerLimit: Typed;
  startsAt: string;
  endsAt: string;
  /** Empty: for all articles, as far as no categories are chosen. */
  productIds: string[];
  categoryIds: string[];
  includeSaleItems: boolean;
  active: boolean;
}

export const EMPTY_COUPON: CouponValues = {
  code: '',
  kind: 'percentage',
  percent: '',
  maximum: '',
  amount: '',
  minimum: '',
  totalLimit: '',
  perCustomerLimit: '',
  startsAt: '',
  endsAt: '',
  productIds: [],
  categoryIds: [],
  includeSaleItems: true,
  active: true,
};

/** A coupon back in the form. */
export function fromCoupon(coupon: RouterOutputs['admin']['coupons']['byId']): CouponValues {
  const { discount, currency, minimum } = coupon;
  const major = (amount: number | undefined) => (amount === undefined ? '' : toMajor(amount, currency));
  return {
    code: coupon.code,
    kind: discount.kind,
    percent: discount.kind === 'percentage' ? discount.basisPoints / 100 : '',
    maximum: discount.kind === 'percentage' ? major(discount.maximum) : '',
    amount: discount.kind === 'fixed' ? major(discount.amount) : '',
    minimum: major(minimum?.amount),
    totalLimit: coupon.totalLimit ?? '',
    perCustomerLimit: coupon.perCustomerLimit ?? '',
    startsAt: localInput(coupon.startsAt),
    endsAt: localInput(coupon.endsAt),
    productIds: coupon.productIds ?? [],
    categoryIds: coupon.categoryIds ?? [],
    includeSaleItems: coupon.includeSaleItems,
    active: coupon.active,
  };
}

/** A moment as `datetime-local` takes it: by this device's clock, to the minute. */
function localInput(date: Date | undefined): string {
  if (!date) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What is wrong, by field; the API checks it all again. */
export function validateCoupon(values: CouponValues, currency: string): Partial<Record<keyof CouponValues, string>> {
  return compact({
    code: /^[A-Za-z0-9_-]{2,40}$/.test(values.code.trim()) ? undefined : 'Two to 40 letters, digits, - or _',
    percent: values.kind !== 'percentage' || basisPoints(values.percent) > 0 ? undefined : 'How many percent?',
    amount: values.kind !== 'fixed' || (toMinor(values.amount, currency) ?? 0) > 0 ? undefined : 'How much?',
    endsAt:
      values.startsAt !== '' && values.endsAt !== '' && values.endsAt <= values.startsAt
        ? 'Must be after the start'
        : undefined,
  });
}

/** The typed values as the API takes them. Percentages become basis points, sums minor units. */
export function toCouponInput(values: CouponValues, currency: string): CouponInput {
  const minor = (typed: Typed) => toMinor(typed, currency) || undefined;
  const count = (typed: Typed) => (typed === '' ? undefined : Number(typed));
  const date = (text: string) => (text === '' ? undefined : new Date(text));
  return {
    code: values.code.trim(),
    discount: toDiscount(values, minor),
    includeSaleItems: values.includeSaleItems,
    active: values.active,
    ...compact({
      minimum: minor(values.minimum),
      totalLimit: count(values.totalLimit),
      perCustomerLimit: count(values.perCustomerLimit),
      startsAt: date(values.startsAt),
      endsAt: date(values.endsAt),
      productIds: values.productIds.length > 0 ? values.productIds : undefined,
      categoryIds: values.categoryIds.length > 0 ? values.categoryIds : undefined,
    }),
  };
}

function toDiscount(values: CouponValues, minor: (typed: Typed) => number | undefined): CouponInput['discount'] {
  switch (values.kind) {
    case 'percentage':
      return {
        kind: 'percentage',
        basisPoints: basisPoints(values.percent),
        ...compact({ maximum: minor(values.maximum) }),
      };
    case 'fixed':
      return { kind: 'fixed', amount: minor(values.amount) ?? 0 };
    case 'free_shipping':
      return { kind: 'free_shipping' };
  }
}

const basisPoints = (percent: Typed) => (percent === '' ? 0 : Math.round(Number(percent) * 100));
