import { DomainError } from '@cartwright/domain-errors';
import { currencyInfo } from './currencies.ts';

/** An amount in minor units (a safe integer, negative for discounts) of an ISO 4217 currency. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Checked constructor. Throws INVALID_INPUT unless the amount is a safe integer and the currency is known. */
export function money(amount: number, currency: string): Money {
  currencyInfo(currency);
  return { amount: safeAmount(amount), currency };
}

/** Nothing, in the given currency. */
export function zeroMoney(currency: string): Money {
  return money(0, currency);
}

/** a + b. Throws CURRENCY_MISMATCH, or INVALID_INPUT when the result leaves the safe integers. */
export function addMoney(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return money(a.amount + b.amount, a.currency);
}

/** a − b. Throws as `addMoney` does. */
export function subtractMoney(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return money(a.amount - b.amount, a.currency);
}

/** Amount times a whole number, such as a quantity. */
export function multiplyMoney(value: Money, factor: number): Money {
  if (!Number.isSafeInteger(factor)) throw outOfRange();
  return fromBigInt(BigInt(value.amount) * BigInt(factor), value.currency);
}

/** The same amount with its sign turned. */
export function negateMoney(value: Money): Money {
  return money(-value.amount, value.currency);
}

/** Sum of the list, zero for an empty one; hence the currency must be named. */
export function sumMoney(list: Iterable<Money>, currency: string): Money {
  let sum = zeroMoney(currency);
  for (const item of list) sum = addMoney(sum, item);
  return sum;
}

/** Negative, zero or positive, as `Array.sort` wants it. Throws CURRENCY_MISMATCH. */
export function compareMoney(a: Money, b: Money): number {
  assertSameCurrency(a, b);
  return Math.sign(a.amount - b.amount);
}

/** True for equal amounts of one currency. Never throws. */
export function equalMoney(a: Money, b: Money): boolean {
  return a.amount === b.amount && a.currency === b.currency;
}

/** The smaller of two amounts. */
export function minMoney(a: Money, b: Money): Money {
  return compareMoney(a, b) <= 0 ? a : b;
}

/** Throws CURRENCY_MISMATCH when the two differ in currency: amounts are never added across currencies. */
export function assertSameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) {
    throw new DomainError('CURRENCY_MISMATCH', { expected: a.currency, actual: b.currency });
  }
}

/** Back from an exact intermediate. Throws INVALID_INPUT outside the safe integers. */
export function fromBigInt(amount: bigint, currency: string): Money {
  return money(Number(amount), currency);
}

function safeAmount(amount: number): number {
  if (!Number.isSafeInteger(amount)) throw outOfRange();
  // −0 and 0 are the same amount and must be the same bytes.
  return amount === 0 ? 0 : amount;
}

function outOfRange(): DomainError<'INVALID_INPUT'> {
  return new DomainError('INVALID_INPUT', { message: 'Amount is not a safe integer' });
}
