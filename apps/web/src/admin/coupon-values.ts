import type { RouterInputs } from '@cartwright/sdk';
import { toMinor } from '../lib/money-input.ts';
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
  includeSaleItems: true,
  active: true,
};

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
