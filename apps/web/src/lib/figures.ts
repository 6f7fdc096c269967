import { LOCALE } from './money.ts';

const percent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 1 });
const count = new Intl.NumberFormat(LOCALE);

/** A whole number as people read it: `1,234`. */
export const formatCount = (value: number): string => count.format(value);

/** A share in basis points: `3.1%`; a dash where there is none. */
export const formatShare = (basisPoints: number | null): string =>
  basisPoints === null ? '—' : percent.format(basisPoints / 10_000);

export interface ChangeWords {
  /** `+12.5%`; `new` where there was nothing before. */
  text: string;
  /** For those who don't see the colour. */
  spoken: string;
  direction: 'up' | 'down' | 'same';
}

/** By how much a figure changed, in basis points, in words; null when there was nothing to compare `value` with, and is nothing. */
export function changeWords(basisPoints: number | null, value: number): ChangeWords | null {
  if (basisPoints === null) {
    return value === 0
      ? null
      : { text: 'new', spoken: 'there was nothing before', direction: value > 0 ? 'up' : 'down' };
  }
  const text = percent.format(Math.abs(basisPoints) / 10_000);
  if (basisPoints > 0) return { text: `+${text}`, spoken: `up by ${text}`, direction: 'up' };
  if (basisPoints < 0) return { text: `−${text}`, spoken: `down by ${text}`, direction: 'down' };
  return { text: '±0%', spoken: 'unchanged', direction: 'same' };
}

/** The part of an answer that is about the currency that was picked, if it has one; while none was, the shop's own, which comes first. */
export const inCurrency = <T extends { currency: string }>(
  byCurrency: readonly T[],
  currency: string | undefined,
): T | undefined => (currency === undefined ? byCurrency[0] : byCurrency.find((one) => one.currency === currency));

/** Figures of a period, which each order or refund changes; the others, of how things are by now, don't go by orders. */
const OF_PERIOD = new Set(['overview', 'revenue', 'topSelling', 'couponUse', 'conversion']);

/** Whether what is kept under a query's key is to be read again when orders came in. */
export function followsOrders([path]: readonly unknown[]): boolean {
  if (!Array.isArray(path)) return false;
  const [admin, analytics, name] = path as unknown[];
  return admin === 'admin' && analytics === 'analytics' && typeof name === 'string' && OF_PERIOD.has(name);
}
