import { createRandom } from '../random.ts';
import { sumOf } from './facts.ts';
import { drawSchedule } from './schedule.ts';
import type { Buyer, OrderedLine, Schedule, Step } from './steps.ts';

/** Among so many seeds the next one is looked for. */
const AMONG = 1_000;

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
  ...(['bank-given-up', 'unheard'] as const),
] as const;
type Certain = (typeof CERTAIN)[number];

const scheduleOf = (seed: number): Schedule =>
  drawSchedule(createRandom(`race/${seed}`).fork('schedule'), { kills: 0 });

/** What comes about in a round for certain. */
export function certainIn(schedule: Schedule): Certain[] {
  const { kind, buyers, faults } = schedule;
  // Of a changed price, or of what is scarce, nobody is sure to get an order.
  const isCalm =
    (kind === 'duel' || kind === 'mixed') && !faults.some(({ what }) => what === 'price') && isEnough(schedule);
  const plain = isCalm ? buyers.filter(isPlain) : [];
  const bargaining = isAmple(schedule) ? buyers.flatMap((buyer) => certainOfBargain(buyer, schedule)) : [];
  return [kind, ...new Set([...bargaining, ...plain.flatMap(certainOf)])];
}

/** A bargain for everybody at any moment: of what is wanted, there is enough. */
function isAmple(schedule: Schedule): boolean {
  const { kind, buyers, faults, coupon } = schedule;
  if (kind !== 'bargain' || faults.some(({ what }) => what === 'price' || what === 'coupon-off')) return false;
  return isEnough(schedule) && coupon.totalLimit >= 2 * buyers.length;
}

const linesOf = (steps: readonly Step[]): readonly OrderedLine[] =>
  steps.flatMap((step) => (step.do === 'place' ? step.lines : []));

/** Whether there is as much of each product as all together want of it, whatever is miscounted. */
function isEnough({ buyers, faults, products }: Schedule): boolean {
  const placed = buyers.flatMap(({ steps }) => linesOf(steps));
  return products.every(({ stock }, index) => {
    const lost = sumOf(faults, (fault) =>
      fault.what === 'recount' && fault.product === index ? Math.max(0, -fault.delta) : 0,
    );
    return stock >= lost + sumOf(placed, ({ product, quantity }) => (product === index ? quantity : 0));
  });
}

/** What the first order of a bargain is for certain: guests may have used each other's coupon. */
function certainOfBargain({ guest, steps: [first, next] }: Buyer, { coupon: { discount } }: Schedule): Certain[] {
  if (guest !== undefined || first?.do !== 'place' || !first.coupon || first.rival) return [];
  if (next?.do === 'cancel') return ['coupon'];
  // Where little or nothing is left to pay there is no page.
  const isMuchLeft =
    discount.kind === 'free_shipping' || (discount.kind === 'percentage' && discount.basisPoints <= 9_000);
  if (next?.do !== 'pay' || first.paymentMethod !== 'stripe_checkout' || !isMuchLeft) return [];
  return next.how === 'bank-given-up' || next.how === 'unheard' ? [next.how] : [];
}

/** Whoever has a cart to themselves, and pays for it what it says. */
function isPlain({ steps: [first] }: Buyer): boolean {
  return first?.do === 'place' && !first.coupon && !first.rival;
}

const certainOf = ({ guest, steps }: Buyer): Certain[] => [
  ...(guest === undefined ? [] : (['guest'] as const)),
  ...steps.flatMap((step) => certainBy(step, steps)),
];

/** Whether a single piece is all that parcels can take: those of one piece take it of the first line. */
function isOnePiece(parcels: readonly ('all' | 'piece')[], steps: readonly Step[]): boolean {
  const lines = linesOf(steps);
  return parcels.includes('all')
    ? sumOf(lines, ({ quantity }) => quantity) === 1
    : lines.some(({ quantity }) => quantity === 1);
}

function certainBy(step: Step, steps: readonly Step[]): Certain[] {
  switch (step.do) {
    case 'dispute':
      // Of one that was won, nothing is left but a note.
      return step.outcome === 'lost' ? ['dispute'] : [];
    case 'resolve':
      return ['resolve'];
    case 'refund':
      return step.bounce ? ['bounce'] : [];
    case 'send': {
      // What goes back whole beside it may leave nothing to send.
      const { what } = step.beside ?? {};
      if (what === 'cancel' || what === 'all' || (what === 'piece' && isOnePiece(step.parcels, steps))) return [];
      const isPaidAtDoor = steps.some((one) => one.do === 'place' && one.paymentMethod === 'cash_on_delivery');
      return isPaidAtDoor && step.arrival === 'delivered' ? ['parcel', 'cash'] : ['parcel'];
    }
    default:
      return [];
  }
}
