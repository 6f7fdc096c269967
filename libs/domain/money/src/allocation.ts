import { DomainError } from '@cartwright/domain-errors';
import { currencyInfo } from './currencies.ts';
import { fromBigInt } from './money.ts';
import type { Money } from './money.ts';

/**
 * Splits a total in proportion to weights by the largest-remainder method: everybody gets the floor of their exact
 * share, the steps left over go to the largest remainders, ties to the lower index. The parts sum to the total
 * exactly and none exceeds its weight while the total does not exceed the weights' sum.
 *
 * Parts are whole quanta of the currency as long as the total and all weights are. Weights are non-negative safe
 * integers; a total other than zero needs a positive one. Throws INVALID_INPUT otherwise.
 */
export function allocateByLargestRemainder(total: Money, weights: readonly number[]): Money[] {
  if (weights.some((weight) => !Number.isSafeInteger(weight) || weight < 0)) {
    throw new DomainError('INVALID_INPUT', { message: 'Weights are non-negative whole numbers' });
  }
  const sum = weights.reduce((running, weight) => running + BigInt(weight), 0n);
  if (sum === 0n) {
    if (total.amount !== 0) throw new DomainError('INVALID_INPUT', { message: 'Nothing to allocate to' });
    return weights.map(() => fromBigInt(0n, total.currency));
  }

  const step = stepFor(total, weights);
  const sign = total.amount < 0 ? -1n : 1n;
  const steps = (sign * BigInt(total.amount)) / step;
  const shares = weights.map((weight, index) => {
    const exact = steps * BigInt(weight);
    return { index, floor: exact / sum, remainder: exact % sum };
  });
  const leftOver = steps - shares.reduce((running, share) => running + share.floor, 0n);

  const parts = shares.map((share) => share.floor);
  const byRemainder = [...shares].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const share of byRemainder.slice(0, Number(leftOver))) parts[share.index] = share.floor + 1n;
  return parts.map((part) => fromBigInt(sign * part * step, total.currency));
}

function stepFor(total: Money, weights: readonly number[]): bigint {
  const { quantum } = currencyInfo(total.currency);
  const whole = total.amount % quantum === 0 && weights.every((weight) => weight % quantum === 0);
  return whole ? BigInt(quantum) : 1n;
}
