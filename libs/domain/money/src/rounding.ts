import { DomainError } from '@cartwright/domain-errors';
import { currencyInfo } from './currencies.ts';
import { fromBigInt } from './money.ts';
import type { Money } from './money.ts';

/** 100 % in basis points. */
export const BASIS_POINTS = 10_000;

/**
 * value × numerator ÷ denominator, rounded half up once, after multiplying, to the currency's quantum.
 * Half up means towards +∞. Numerator and denominator are safe integers, the denominator above zero.
 */
export function proportionOf(value: Money, numerator: number, denominator: number): Money {
  if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(denominator) || denominator <= 0) {
    throw new DomainError('INVALID_INPUT', { message: 'A proportion needs whole numbers' });
  }
  const quantum = BigInt(currencyInfo(value.currency).quantum);
  const steps = divideHalfUp(BigInt(value.amount) * BigInt(numerator), BigInt(denominator) * quantum);
  return fromBigInt(steps * quantum, value.currency);
}

/** The share of an amount that a rate in basis points takes; 825 is 8.25 %. Rounded half up, once. */
export function applyBasisPoints(value: Money, basisPoints: number): Money {
  return proportionOf(value, basisPoints, BASIS_POINTS);
}

/** ⌊n ÷ d + ½⌋ for any sign of n; d must be positive. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  return floorDivide(2n * numerator + denominator, 2n * denominator);
}

function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}
