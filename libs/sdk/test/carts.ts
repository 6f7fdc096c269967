import type * as Library from '../src/pricing.ts';

type Pricing = typeof Library;

/** Carts drawn from seeds, what a pricing library makes of them, and a fingerprint of it. Runs wherever the library does. */
const CURRENCIES = ['USD', 'EUR', 'JPY', 'KWD', 'ISK'] as const;
const RATES = [0, 1, 250, 500, 700, 825, 1_000, 1_900, 2_000, 2_700];
/** Pieces of a line that are given back one by one. */
const MOST_SINGLE_REFUNDS = 6;

/** Whole numbers from a seed: mulberry32. */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function drawCart(seed: number): Library.PricingInput {
  const draw = drawing(seed);
  const pick = <T>(items: readonly T[]): T => items[draw(items.length)] as T;
  const currency = pick(CURRENCIES);
  // Dinars are paid in steps of ten.
  const price = (below: number) => draw(below) * (currency === 'KWD' ? 10 : 1);
  const discounts: (() => Library.PriceDiscount | undefined)[] = [
    () => undefined,
    () => ({ kind: 'fixed', amount: price(20_000) }),
    () => ({ kind: 'percentage', basisPoints: draw(10_001) }),
    () => ({ kind: 'percentage', basisPoints: draw(10_001), maximum: price(5_000) }),
    () => ({ kind: 'free_shipping' }),
  ];
  return {
    currency,
    lines: Array.from({ length: draw(9) }, (_, index) => ({
      lineId: `line-${index}`,
      unitPrice: price(pick([10, 1_000, 100_000, 10_000_000])),
      quantity: 1 + draw(pick([3, 20, 999])),
      taxClass: pick(['standard', 'reduced', 'none']),
      eligibleForCoupon: draw(4) > 0,
    })),
    discount: pick(discounts)(),
    couponCode: 'SEED',
    shipping: draw(3) > 0 ? { label: 'Standard', amount: price(3_000), taxClass: 'standard' } : undefined,
    tax: { mode: pick(['exclusive', 'inclusive']), rates: { standard: pick(RATES), reduced: pick(RATES) } },
  };
}

/** A fingerprint of 106 bit that is carried on from text to text (cyrb53, twice): it tells bytes apart, it hides nothing. */
function fingerprint(): { add(text: string): void; value(): string } {
  const state = [0xdeadbeef, 0x41c6ce57, 0x9e3779b9, 0x85ebca6b];
  const factors = [2654435761, 1597334677, 2246822507, 3266489909];
  return {
    add(text) {
      for (let i = 0; i < text.length; i += 1) {
        const code = text.charCodeAt(i);
        for (let j = 0; j < 4; j += 1) {
          const before = state[j] as number;
          state[j] = Math.imul((before ^ (before >>> 15)) + code, factors[j] as number);
        }
      }
    },
    value: () => state.map((part) => (part >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}

/**
 * Prices the carts `from`, `from + 1` … and gives pieces of one of their lines back one by one.
 * @returns the fingerprint of every byte of it, as JSON, and what is wrong with any of it
 */
export function priceCarts(
  { calculatePricing, calculateRefund }: Pick<Pricing, 'calculatePricing' | 'calculateRefund'>,
  { from, count }: { from: number; count: number },
): { fingerprint: string; problems: string[] } {
  const print = fingerprint();
  const problems: string[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const pricing = calculatePricing(drawCart(seed));
    print.add(JSON.stringify(pricing));
    const steps = pricing.steps.filter(({ kind }) => kind !== 'total');
    const sum = steps.reduce((running, { amount }) => running + amount.amount, 0);
    if (sum !== pricing.total.amount)
      problems.push(`cart ${seed}: steps of ${sum}, a total of ${pricing.total.amount}`);
    const line = pricing.lines.find(({ quantity }) => quantity <= MOST_SINGLE_REFUNDS);
    if (!line) continue;
    const refunds: ReturnType<typeof calculateRefund>[] = [];
    for (let piece = 0; piece < line.quantity; piece += 1) {
      refunds.push(calculateRefund(pricing, refunds, { lines: [{ lineId: line.lineId, quantity: 1 }] }));
    }
    print.add(JSON.stringify(refunds));
    const back = refunds.reduce((running, { amount }) => running + amount.amount, 0);
    if (back !== line.total.amount) problems.push(`cart ${seed}: ${back} back of ${line.total.amount}`);
  }
  return { fingerprint: print.value(), problems };
}
