import { DomainError } from '@cartwright/domain-errors';

/** What the shop needs to know of a currency. */
export interface CurrencyInfo {
  readonly code: string;
  /** Decimals of the minor unit: 0 for JPY, 2 for USD, 3 for KWD. */
  readonly exponent: number;
  /** Smallest payable step in minor units; three-decimal currencies settle in tens. */
  readonly quantum: number;
  /** Factor from our minor units to the ones Stripe expects. Only the Stripe adapter multiplies by it. */
  readonly stripeFactor: number;
}

const TWO_DECIMALS =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC ' +
  'CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES ' +
  'KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD ' +
  'PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP ' +
  'TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW';
// The ariary's fifth is out of use; everybody, Stripe included, counts whole ariary.
const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF';
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND';
/** Without decimals in ISO 4217, but sent to Stripe with two. */
const TWO_DECIMALS_AT_STRIPE = new Set(['ISK', 'UGX']);

const CURRENCIES: ReadonlyMap<string, CurrencyInfo> = new Map([
  ...entries(TWO_DECIMALS, 2, 1),
  ...entries(NO_DECIMALS, 0, 1),
  ...entries(THREE_DECIMALS, 3, 10),
]);

function entries(codes: string, exponent: number, quantum: number): [string, CurrencyInfo][] {
  return codes.split(' ').map((code) => {
    const stripeFactor = TWO_DECIMALS_AT_STRIPE.has(code) ? 100 : 1;
    return [code, Object.freeze({ code, exponent, quantum, stripeFactor })];
  });
}

/** True for an upper-case ISO 4217 code the shop can sell in. */
export function isCurrency(code: unknown): code is string {
  return typeof code === 'string' && CURRENCIES.has(code);
}

/** Exponent, quantum and Stripe factor of a currency. Throws INVALID_INPUT for an unknown code. */
export function currencyInfo(code: string): CurrencyInfo {
  const info = CURRENCIES.get(code);
  if (!info) throw new DomainError('INVALID_INPUT', { message: 'Unknown currency' });
  return info;
}
