import { currencyInfo } from './currencies.ts';
import type { Money } from './money.ts';

/** The amount as an exact decimal string, `'12.30'` for 1230 USD, `'500'` for 500 JPY. No float in between. */
export function toDecimalString(value: Money): `${number}` {
  const { exponent } = currencyInfo(value.currency);
  const sign = value.amount < 0 ? '-' : '';
  const digits = Math.abs(value.amount)
    .toString()
    .padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
  return `${sign}${whole}${fraction}` as `${number}`;
}

/** The amount as people in the locale read it: `$12.30`, `12,30 €`. */
export function formatMoney(value: Money, locale: string): string {
  const { exponent } = currencyInfo(value.currency);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: value.currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  }).format(toDecimalString(value));
}
