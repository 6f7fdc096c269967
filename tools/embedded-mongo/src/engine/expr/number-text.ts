import { isLong } from '../../bson/index.ts';
import type { NumberValue } from '../../bson/index.ts';
import { numberOf } from '../numbers.ts';

/** An int, long or double as MongoDB writes it into text. */
export function numberText(value: NumberValue): string {
  if (isLong(value)) return value.toString();
  const number = numberOf(value);
  if (Object.is(number, -0)) return '-0';
  const text = String(number);
  const [mantissa, exponent] = text.split('e');
  if (exponent !== undefined) {
    const sign = exponent.startsWith('-') ? '-' : '+';
    return `${mantissa}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
  }
  return smallOrLarge(number, text);
}

// Doubles turn to exponents from 10^16 on and below 10^-4, as C's %g does.
function smallOrLarge(number: number, text: string): string {
  const size = Math.abs(number);
  if (size !== 0 && size < 1e-4) return exponential(number);
  if (size >= 1e16) return exponential(number);
  return text;
}

function exponential(number: number): string {
  const [mantissa, exponent] = number.toExponential().split('e') as [string, string];
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${mantissa}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
}

/** A double with six significant digits, as MongoDB's messages about overflow show it. */
export function roughText(number: number): string {
  const [mantissa, exponent] = number.toExponential(5).split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(number.toPrecision(6)));
  const digits = mantissa.replace(/\.?0+$/, '');
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
