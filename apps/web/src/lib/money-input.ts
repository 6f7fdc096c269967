/** Decimal places of a currency as people write it: 2 for USD, 0 for JPY. */
export function fractionDigits(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}

/** Minor units as the number a person would type: 1999 USD is 19.99. For input fields only, never for sums. */
export function toMajor(amount: number, currency: string): number {
  return amount / 10 ** fractionDigits(currency);
}

/** What a person typed as minor units; undefined for an empty field or nonsense. */
export function toMinor(typed: number | string, currency: string): number | undefined {
  if (typed === '') return undefined;
  const amount = Math.round(Number(typed) * 10 ** fractionDigits(currency));
  return Number.isSafeInteger(amount) && amount >= 0 ? amount : undefined;
}

/** The sign of a currency for the front of an input field: `$`, `€`. */
export function currencySymbol(currency: string): string {
  const parts = new Intl.NumberFormat('en', { style: 'currency', currency }).formatToParts(0);
  return parts.find((part) => part.type === 'currency')?.value ?? currency;
}
