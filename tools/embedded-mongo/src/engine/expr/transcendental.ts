import { decimal, double, isDecimal, isNumber, typeName } from '../../bson/index.ts';
import type { MaybeValue, NumberValue } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { formatValue } from '../format.ts';
import { arithmeticDecimal, numberOf } from '../numbers.ts';
import { expression, nullish, parseArguments } from './core.ts';
import type { Compiler, Compilers, Expr } from './core.ts';

type Numeric = (operator: string, apply: (value: NumberValue) => MaybeValue) => Compiler;

/** The result as a double, or as a decimal (of double precision) when the argument was one. */
function like(argument: NumberValue, result: number): MaybeValue {
  return isDecimal(argument) ? decimal.toDecimal128(decimal.fromDoubleRounded(result)) : double(result);
}

function squareRoot(value: NumberValue): MaybeValue {
  const number = numberOf(value);
  if (number < 0) throw new MongoError(28714, "$sqrt's argument must be greater than or equal to 0");
  if (!isDecimal(value) || !Number.isFinite(number)) return like(value, Math.sqrt(number));
  return decimal.toDecimal128(decimalRoot(arithmeticDecimal(value)));
}

// Newton's method on integers: enough digits for 34 and one more that tells which way to round.
function decimalRoot(value: decimal.Decimal): decimal.Decimal {
  if (value.coefficient === 0n) return value;
  let shift = Math.max(0, 72 - decimal.digitCount(value.coefficient));
  if ((value.exponent - shift) % 2 !== 0) shift++;
  const scaled = value.coefficient * decimal.pow10(shift);
  let root = BigInt(Math.floor(Math.sqrt(Number(scaled))));
  for (let i = 0; i < 200; i++) {
    const next = (root + scaled / root) / 2n;
    if (next === root || next === root + 1n) break;
    root = next;
  }
  while (root * root > scaled) root--;
  let exponent = (value.exponent - shift) / 2;
  if (root * root === scaled) {
    const ideal = Math.floor(value.exponent / 2);
    while (exponent < ideal && root % 10n === 0n) {
      root /= 10n;
      exponent++;
    }
    return decimal.roundToDigits(decimal.finite(root, exponent), 34);
  }
  return decimal.roundToDigits(decimal.finite(root * 10n + 1n, exponent - 1), 34);
}

function positive(operator: string, code: number, value: NumberValue): number {
  const number = numberOf(value);
  if (number <= 0)
    throw new MongoError(code, `${operator}'s argument must be a positive number, but is ${formatValue(value)}`);
  return number;
}

const log: Compiler = (argument, scope, operator) => {
  const [value, base] = parseArguments(argument, scope, operator, 2) as [Expr, Expr];
  return expression([value, base], scope, () => logarithm(value.run(), base.run()));
};

function logarithm(value: MaybeValue, base: MaybeValue): MaybeValue {
  if (nullish(value) || nullish(base)) return null;
  if (!isNumber(value)) throw new MongoError(28756, `$log's argument must be numeric, not ${typeName(value)}`);
  if (!isNumber(base)) throw new MongoError(28757, `$log's base must be numeric, not ${typeName(base)}`);
  const number = positive('$log', 28758, value);
  const by = numberOf(base);
  if (by <= 0 || by === 1) {
    throw new MongoError(28759, `$log's base must be a positive number not equal to 1, but is ${formatValue(base)}`);
  }
  return like(isDecimal(value) ? value : base, Math.log(number) / Math.log(by));
}

const atan2: Compiler = (argument, scope, operator) => {
  const [y, x] = parseArguments(argument, scope, operator, 2) as [Expr, Expr];
  return expression([y, x], scope, () => {
    const a = y.run();
    const b = x.run();
    if (nullish(a) || nullish(b)) return null;
    if (!isNumber(a) || !isNumber(b)) {
      throw new MongoError(51044, `$atan2 only supports numeric types, not ${typeName(isNumber(a) ? b : a)}`);
    }
    return like(isDecimal(a) ? a : b, Math.atan2(numberOf(a), numberOf(b)));
  });
};

const TRIGONOMETRY: Record<
  string,
  readonly [apply: (x: number) => number, low: number, high: number, closed: boolean]
> = {
  $sin: [Math.sin, -Infinity, Infinity, false],
  $cos: [Math.cos, -Infinity, Infinity, false],
  $tan: [Math.tan, -Infinity, Infinity, false],
  $asin: [Math.asin, -1, 1, true],
  $acos: [Math.acos, -1, 1, true],
  $atan: [Math.atan, -Infinity, Infinity, true],
  $sinh: [Math.sinh, -Infinity, Infinity, true],
  $cosh: [Math.cosh, -Infinity, Infinity, true],
  $tanh: [Math.tanh, -Infinity, Infinity, true],
  $asinh: [Math.asinh, -Infinity, Infinity, true],
  $acosh: [Math.acosh, 1, Infinity, true],
  $atanh: [Math.atanh, -1, 1, true],
};

function trigonometry(numeric: Numeric): Compilers {
  return Object.fromEntries(
    Object.entries(TRIGONOMETRY).map(([operator, [apply, low, high, closed]]) => [
      operator,
      numeric(operator, (value) => {
        const x = numberOf(value);
        const inside = Number.isNaN(x) || (closed ? x >= low && x <= high : x > low && x < high);
        if (!inside) {
          const range = closed ? `[${shown(low)},${shown(high)}]` : `(${shown(low)},${shown(high)})`;
          throw new MongoError(50989, `cannot apply ${operator} to ${formatValue(value)}, value must be in ${range}`);
        }
        return like(value, apply(x));
      }),
    ]),
  );
}

const shown = (limit: number): string => (limit === Infinity ? 'inf' : limit === -Infinity ? '-inf' : String(limit));

export function transcendental(numeric: Numeric): Compilers {
  return {
    $sqrt: numeric('$sqrt', squareRoot),
    $exp: numeric('$exp', (value) => like(value, Math.exp(numberOf(value)))),
    $ln: numeric('$ln', (value) => like(value, Math.log(positive('$ln', 28766, value)))),
    $log10: numeric('$log10', (value) => like(value, Math.log10(positive('$log10', 28761, value)))),
    $log: log,
    $atan2: atan2,
    $sigmoid: numeric('$sigmoid', (value) => like(value, 1 / (1 + Math.exp(-numberOf(value))))),
    $degreesToRadians: numeric('$degreesToRadians', (value) => like(value, (numberOf(value) * Math.PI) / 180)),
    $radiansToDegrees: numeric('$radiansToDegrees', (value) => like(value, (numberOf(value) * 180) / Math.PI)),
    ...trigonometry(numeric),
  };
}
