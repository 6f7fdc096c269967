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

/** By how much a figure changed, in basis points, in words; null when there was nothing to compare with, or is still nothing. */
export function changeWords(basisPoints: number | null, isSomething: boolean): ChangeWords | null {
  if (basisPoints === null) {
    return isSomething ? { text: 'new', spoken: 'there was nothing before', direction: 'up' } : null;
  }
  const text = percent.format(Math.abs(basisPoints) / 10_000);
  if (basisPoints > 0) return { text: `+${text}`, spoken: `up by ${text}`, direction: 'up' };
  if (basisPoints < 0) return { text: `−${text}`, spoken: `down by ${text}`, direction: 'down' };
  return { text: '±0%', spoken: 'unchanged', direction: 'same' };
}

/** The part of an answer that is about a currency; that of the shop's own, which comes first, where it has none. */
export const inCurrency = <T extends { currency: string }>(
  byCurrency: readonly T[],
  currency: string | undefined,
): T | undefined => byCurrency.find((one) => one.currency === currency) ?? byCurrency[0];
