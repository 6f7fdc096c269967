import type { Random } from '../random.ts';
import type { Buyer, Discount, Fault, PayHow, RefundWish, Schedule, Silence, Step } from './steps.ts';

const PROVIDER_CALLS = ['POST /v1/checkout/sessions', 'POST /v1/refunds', 'POST /v1/coupons', '/expire'] as const;

function drawPay(random: Random): Extract<Step, { do: 'pay' }> {
  const how = random.pick<PayHow>([
    ...(['card', 'card', 'card', 'card', 'declined-first'] as const),
    ...(['bank-succeeds', 'bank-fails', 'bank-given-up', 'unheard'] as const),
    ...(['altered', 'altered-late', 'altered-first'] as const),
  ]);
  const alteration = random.pick(['cent', 'more', 'euros'] as const);
  return { do: 'pay', how, alteration, clicks: random.pick([1, 1, 2, 3]) };
}

function drawPlace(
  random: Random,
  given: { products: number; most: number; coupon: number; cash: number },
): Extract<Step, { do: 'place' }> {
  const count = random.between(1, Math.min(2, given.products));
  const chosen = random.shuffle(Array.from({ length: given.products }, (_, index) => index)).slice(0, count);
  return {
    do: 'place',
    lines: chosen.map((product) => ({ product, quantity: random.between(1, given.most) })),
    paymentMethod: random.chance(given.cash) ? 'cash_on_delivery' : 'stripe_checkout',
    coupon: random.chance(given.coupon),
    clicks: random.pick([1, 1, 2, 3]),
    tabs: random.pick([1, 1, 2]),
    rival: random.chance(0.15),
    ...(random.chance(0.5) ? { againAfterMs: random.between(0, 250) } : {}),
  };
}

/** What may happen to an order in one moment, or in one after the other while each is under way. */
function drawDuel(random: Random): Step {
  const rivals: readonly Step[] = [
    drawPay(random),
    { do: 'cancel', clicks: random.between(1, 2) },
    { do: 'shop-cancels', clicks: random.between(1, 2) },
    { do: 'hold-ends' },
    { do: 'expires' },
  ];
  const [first, second] = random.shuffle([...rivals]);
  const steps = [first, second, ...(random.chance(0.5) ? [drawPay(random)] : [])].filter((step) => step !== undefined);
  return {
    do: 'together',
    steps: steps.map((step) => (random.chance(0.5) ? { do: 'after', ms: random.between(0, 300), step } : step)),
  };
}

function drawWish(random: Random): RefundWish {
  const what = random.pick(['all', 'cancel', 'amount', 'amount', 'piece', 'piece'] as const);
  if (what === 'amount') return { what, share: random.between(1, 8_000) };
  return what === 'piece' ? { what, restock: random.chance(0.7) } : { what };
}

/** A parcel or more, in whose moment money may go back; at times the buyer cancels in it, too. */
function drawSend(random: Random): Step {
  const step: Step = {
    do: 'send',
    parcels: Array.from({ length: random.between(1, 3) }, () => random.pick(['all', 'piece', 'piece'] as const)),
    ...(random.chance(0.6) ? { beside: drawWish(random) } : {}),
    clicks: random.pick([1, 1, 2]),
    arrival: random.pick(['none', 'delivered', 'delivered', 'refused'] as const),
  };
  return random.chance(0.2) ? { do: 'together', steps: [step, { do: 'cancel', clicks: 1 }] } : step;
}

function drawRefund(random: Random): Step {
  const wish = () => drawWish(random);
  const clicks = random.pick([1, 1, 2, 3]);
  const beside = random.chance(0.5) ? { beside: wish() } : {};
  const bounce = random.chance(0.4) ? { bounce: { retries: random.between(1, 3), ...beside } } : {};
  if (random.chance(0.5)) {
    return { do: 'refund', clicks, wishes: Array.from({ length: random.between(1, 4) }, wish), ...bounce };
  }
  // A small part: of one that is made again, the provider would refuse what is more than was paid.
  const part: RefundWish = { what: 'amount', share: random.between(1, 3_000) };
  const silence: Silence = {
    kind: random.pick(['disconnect', 'http_500', 'kept_500', 'kept_500'] as const),
    times: random.between(3, 5),
  };
  return { do: 'refund', clicks, wishes: random.chance(0.3) ? [part, wish()] : [part], silence, ...bounce };
}

/** A part, since the bank takes what is left, of which there has to be something. */
function drawDispute(random: Random): Step {
  return {
    do: 'dispute',
    outcome: random.pick(['won', 'lost'] as const),
    closedAfterMs: random.between(0, 300),
    wishes: Array.from({ length: random.between(0, 2) }, () => ({
      ...{ what: 'amount' as const, share: random.between(1, 3_000) },
    })),
  };
}

/** The page asks for another sum, which is paid, and staff decide on it; then the order may be paid anew. */
function drawSetAside(random: Random): Step[] {
  const actions = random.pick([['refund', 'refund'], ['refund', 'settled'], ['refund'], ['settled']] as const);
  const again = random.chance(0.5) ? [{ ...drawPay(random), how: 'card' as const }] : [];
  return [{ ...drawPay(random), how: 'altered' }, { do: 'resolve', actions }, ...again];
}

const drawPause = (random: Random): Step => ({ do: 'pause', ms: random.between(0, 120) });

/** From nothing off to all of it. */
function drawDiscount(random: Random): Discount {
  const kind = random.pick(['percentage', 'percentage', 'all', 'fixed', 'free_shipping'] as const);
  if (kind === 'percentage') return { kind, basisPoints: random.between(1, 9_000) };
  if (kind === 'fixed') return { kind, amount: random.between(1, 20_000) };
  return kind === 'all' ? { kind: 'percentage', basisPoints: 10_000 } : { kind };
}

function drawFaults(random: Random, { kills, products }: { kills: number; products: number }): Fault[] {
  const faults: Fault[] = [];
  const at = () => random.between(0, 400);
  if (random.chance(0.5)) {
    faults.push({
      ...{ at: at(), what: 'provider', when: random.pick(['before', 'after'] as const) },
      ...{ kind: random.pick(['disconnect', 'http_500', 'delay'] as const), match: random.pick(PROVIDER_CALLS) },
      times: random.pick([1, 1, 3]),
    });
  }
  if (random.chance(0.5)) {
    faults.push({ at: at(), what: 'webhooks', how: random.pick(['late', 'shuffled', 'repeated'] as const) });
  }
  if (random.chance(0.4)) {
    faults.push({ at: at(), what: 'database', how: random.pick(['conflict', 'lost-answer'] as const) });
  }
  if (random.chance(0.4)) for (let times = 0; times < 3; times += 1) faults.push({ at: at(), what: 'forgotten-keys' });
  const product = () => random.between(0, products - 1);
  if (random.chance(0.15)) {
    faults.push({ at: at(), what: 'price', product: product(), price: random.between(100, 20_000) });
  }
  if (random.chance(0.3))
    faults.push({ at: at(), what: 'recount', product: product(), delta: random.pick([-3, -1, 1, 2]) });
  if (random.chance(0.15)) faults.push({ at: at(), what: 'coupon-off', ms: random.between(0, 200) });
  if (random.chance(kills)) faults.push({ at: at(), what: 'kill', host: random.pick(['api', 'worker'] as const) });
  return faults;
}

/**
 * Draws a round. A crowd wants what is scarce; a bargain is a coupon that is; a duel is one order to which several things
 * happen at once; the rest is everything among each other. `kills` is how likely a process dies in it.
 */
export function drawSchedule(random: Random, { kills }: { kills: number }): Schedule {
  const kind = random.pick(['crowd', 'bargain', 'duel', 'duel', 'mixed', 'mixed'] as const);
  const crowded = kind === 'crowd';
  const products = Array.from({ length: random.between(1, 2) }, () => ({
    price: random.between(100, 20_000),
    stock: crowded ? random.between(1, 6) : random.between(10, 60),
  }));
  const coupon = {
    // A bargain runs out for everybody, or for each alone.
    totalLimit: kind === 'bargain' && random.chance(0.5) ? random.between(1, 3) : random.between(10, 50),
    perCustomerLimit: random.between(1, 2),
    discount: drawDiscount(random),
  };
  const people = { crowd: random.between(6, 10), bargain: random.between(5, 8), duel: 1, mixed: random.between(2, 4) };
  const facts = {
    products: products.length,
    most: crowded ? 2 : 3,
    coupon: kind === 'bargain' ? 1 : 0.3,
    cash: kind === 'duel' ? 0.1 : 0.3,
  };
  const script = (isGuest: boolean): Step[] => {
    // Who has no account, and so no address that is known to be theirs, pays before it is sent.
    const given = isGuest ? { ...facts, cash: 0 } : facts;
    const placing = drawPlace(random, given);
    if (kind === 'crowd' || kind === 'bargain') {
      const next = random.pick<Step[]>([[], [drawPay(random)], [{ do: 'cancel', clicks: random.between(1, 2) }]]);
      const again = random.chance(kind === 'bargain' ? 0.6 : 0.3);
      return [placing, ...next, ...(again ? [drawPlace(random, given)] : [])];
    }
    // What is to go back has to come in first.
    const paying = {
      ...drawPay(random),
      how: random.pick(['card', 'card', 'declined-first', 'bank-succeeds'] as const),
    };
    const prepaid = { ...placing, paymentMethod: 'stripe_checkout' } as const;
    if (random.chance(0.3)) return [prepaid, paying, drawRefund(random)];
    if (random.chance(0.15)) return [prepaid, paying, drawDispute(random)];
    if (random.chance(0.1)) return [prepaid, ...drawSetAside(random)];
    // Who pays at the door has paid nothing when the parcel leaves.
    if (random.chance(0.35)) {
      return !isGuest && random.chance(0.35)
        ? [{ ...placing, paymentMethod: 'cash_on_delivery' }, drawSend(random)]
        : [prepaid, paying, drawSend(random)];
    }
    const rounds = kind === 'duel' ? random.between(1, 2) : 1;
    const after = Array.from({ length: rounds }, () => [drawPause(random), drawDuel(random)]).flat();
    return [placing, ...after, ...(random.chance(0.5) ? [drawPause(random), drawPay(random)] : [])];
  };
  const guests = random.chance(0.4);
  const buyer = (_: unknown, index: number): Buyer => {
    const isGuest = guests && random.chance(0.6);
    // Two of them order under one address.
    return { ...(isGuest ? { guest: index >> 1 } : {}), steps: script(isGuest) };
  };
  return {
    ...{ kind, products, coupon },
    buyers: Array.from({ length: people[kind] }, buyer),
    faults: drawFaults(random, { kills, products: products.length }),
  };
}
