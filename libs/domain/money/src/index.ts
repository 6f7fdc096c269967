export { currencyInfo, isCurrency } from './currencies.ts';
export type { CurrencyInfo } from './currencies.ts';
export {
  addMoney,
  assertSameCurrency,
  compareMoney,
  equalMoney,
  minMoney,
  money,
  multiplyMoney,
  negateMoney,
  subtractMoney,
  sumMoney,
  zeroMoney,
} from './money.ts';
export type { Money } from './money.ts';
export { BASIS_POINTS, applyBasisPoints, divideHalfUp, proportionOf } from './rounding.ts';
export { allocateByLargestRemainder } from './allocation.ts';
export { formatMoney, toDecimalString } from './format.ts';
