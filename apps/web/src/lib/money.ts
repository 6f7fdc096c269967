import { formatMoney as formatForLocale } from '@cartwright/sdk';
import type { Money } from '@cartwright/sdk';

/** The language this app is written in; dates and prices follow it. */
export const LOCALE = 'en-US';

/** Money as people read it: `$1,299.00`, `¥1,299`. */
export const formatMoney = (money: Money): string => formatForLocale(money, LOCALE);

/** What a line costs before coupons: the parts of the price explanation begin with the sum of these. */
export const lineSubtotal = (line: { unitPrice: Money; quantity: number }): Money => ({
  amount: line.unitPrice.amount * line.quantity,
  currency: line.unitPrice.currency,
});
