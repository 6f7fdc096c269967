import type { RouterOutputs } from '@cartwright/sdk';
import { formatDate } from '../lib/dates.ts';
import { formatMoney } from '../lib/money.ts';

type Discount = RouterOutputs['admin']['coupons']['list']['items'][number]['discount'];

/** What a coupon gives, in a few words. */
export function discountWords(discount: Discount, currency: string): string {
  switch (discount.kind) {
    case 'fixed':
      return `${formatMoney({ amount: discount.amount, currency })} off`;
    case 'percentage': {
      const percent = `${discount.basisPoints / 100} % off`;
      return discount.maximum === undefined
        ? percent
        : `${percent}, at most ${formatMoney({ amount: discount.maximum, currency })}`;
    }
    case 'free_shipping':
      return 'Free shipping';
  }
}

/** When a coupon runs, in a few words. */
export function runWords({ startsAt, endsAt }: { startsAt?: Date | undefined; endsAt?: Date | undefined }): string {
  if (startsAt && endsAt) return `${formatDate(startsAt)} – ${formatDate(endsAt)}`;
  if (endsAt) return `until ${formatDate(endsAt)}`;
  return startsAt ? `from ${formatDate(startsAt)}` : 'always';
}
