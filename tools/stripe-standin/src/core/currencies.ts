/** Currencies whose smallest unit at Stripe is the whole unit (docs.stripe.com/currencies, "zero-decimal currencies"). */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));
/** Sent with two decimals for old times' sake, although they have none: the last two digits must be 00. */
const WHOLE_WITH_TWO_DECIMALS = new Set('isk ugx'.split(' '));

/** The smallest charge by currency (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
const MINIMUM: Record<string, number> = {
  usd: 50,
  aed: 200,
  ars: 50,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  cop: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  idr: 50,
  ils: 50,
  inr: 50,
  jpy: 50,
  krw: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  php: 50,
  pln: 200,
  ron: 200,
  rub: 50,
  sek: 300,
  sgd: 50,
  thb: 1000,
  zar: 50,
};

/** The most a card can be charged: twelve digits, in any currency; card networks may allow less (same page). */
export const MAXIMUM_CHARGE = 999_999_999_999;

export function decimalsOf(currency: string): number {
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : 2;
}

/** The step amounts of a currency must be a multiple of. */
export function stepOf(currency: string): number {
  if (THREE_DECIMAL.has(currency)) return 10;
  return WHOLE_WITH_TWO_DECIMALS.has(currency) ? 100 : 1;
}

/** The least that can be charged; 0 where Stripe states no amount of its own. */
export function minimumCharge(currency: string): number {
  return MINIMUM[currency] ?? 0;
}

/** `1999, 'usd'` → `$19.99`. */
export function displayAmount(amount: number, currency: string): string {
  const decimals = decimalsOf(currency);
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(amount / 10 ** decimals);
}
