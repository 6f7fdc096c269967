import { createRandom } from '../random.ts';
import { drawSchedule } from './schedule.ts';
import type { Buyer, Schedule, Step } from './steps.ts';

/** Among so many seeds the next one is looked for. */
const AMONG = 400;

/**
 * Seeds whose rounds together have everything `times` times that comes about for certain, whatever the moment is: few of
 * them, and others when the drawing of schedules changes.
 */
export function chosenSeeds({ from, times }: { from: number; times: number }): number[] {
  const missing = new Map(CERTAIN.map((what) => [what, times]));
  const left = new Map(
    Array.from({ length: AMONG }, (_, index) => [from + index, certainIn(scheduleOf(from + index))]),
  );
  const chosen: number[] = [];
  while ([...missing.values()].some((count) => count > 0)) {
    const worth = (seed: number) => (left.get(seed) ?? []).filter((what) => (missing.get(what) ?? 0) > 0).length;
    const [best = from] = [...left.keys()].toSorted((a, b) => worth(b) - worth(a));
    if (worth(best) === 0) throw new Error(`None of ${AMONG} seeds has ${[...missing].join(' ')}`);
    for (const what of left.get(best) ?? []) missing.set(what, (missing.get(what) ?? 0) - 1);
    left.delete(best);
    chosen.push(best);
  }
  return chosen;
}

const CERTAIN = [
  ...(['crowd', 'bargain', 'duel', 'mixed'] as const),
  ...(['guest', 'parcel', 'cash', 'bounce', 'dispute', 'resolve', 'coupon'] as const),
] as const;
type Certain = (typeof CERTAIN)[number];

const scheduleOf = (seed: number): Schedule =>
  drawSchedule(createRandom(`race/${seed}`).fork('schedule'), { kills: 0 });

function certainIn({ kind, buyers, faults }: Schedule): Certain[] {
  // Of a changed price, or of what is scarce, nobody is sure to get an order.
  const isCalm = (kind === 'duel' || kind === 'mixed') && !faults.some(({ what }) => what === 'price');
  const plain = isCalm ? buyers.filter(isPlain) : [];
  const offers = kind === 'bargain' && buyers.some(({ steps }) => steps.some(({ do: what }) => what === 'cancel'));
  return [kind, ...(offers ? (['coupon'] as const) : []), ...new Set(plain.flatMap(certainOf))];
}

/** Whoever has a cart to themselves, and pays for it what it says. */
function isPlain({ steps: [first] }: Buyer): boolean {
  return first?.do === 'place' && !first.coupon && !first.rival;
}

const certainOf = ({ guest, steps }: Buyer): Certain[] => [
  ...(guest === undefined ? [] : (['guest'] as const)),
  ...steps.flatMap((step) => certainBy(step, steps)),
];

function certainBy(step: Step, steps: readonly Step[]): Certain[] {
  switch (step.do) {
    case 'dispute':
    case 'resolve':
      return [step.do];
    case 'refund':
      return step.bounce ? ['bounce'] : [];
    case 'send': {
      const isPaidAtDoor = steps.some((one) => one.do === 'place' && one.paymentMethod === 'cash_on_delivery');
      return isPaidAtDoor && step.arrival === 'delivered' ? ['parcel', 'cash'] : ['parcel'];
    }
    default:
      return [];
  }
}
