import { setTimeout as pause } from 'node:timers/promises';
import type { Cartwright } from '@cartwright/sdk';
import type Stripe from 'stripe';
import type { Cluster } from '../cluster.ts';
import { createRandom } from '../random.ts';
import type { Actors } from './actors.ts';
import { findFault } from './check.ts';
import { commit } from './faults.ts';
import { PAST } from './clock.ts';
import type { Raced } from './facts.ts';
import { count, type Figures } from './figures.ts';
import type { Lock } from './lock.ts';
import { patiently } from './patiently.ts';
import { play } from './player.ts';
import { drawSchedule } from './schedule.ts';
import { productOf } from './shopkeeping.ts';
import type { Intention, Stage } from './stage.ts';
import type { Schedule } from './steps.ts';

/** What fails in a round is tried again for so long. */
const PATIENCE_MS = 60_000;
/** What follows from a round has followed after so long. */
const EFFECTS_MS = 75_000;
const LOOK_AGAIN_MS = 100;
/** Of each API. */
const LINES_SHOWN = 3;

export interface Arena {
  readonly cluster: Cluster;
  readonly actors: Actors;
  readonly office: readonly Cartwright[];
  readonly stripe: Stripe;
  readonly webhooks: Lock;
  readonly restarts: Lock;
  /** How likely a process dies in a round. */
  readonly kills: number;
}

export interface RoundOutcome {
  readonly seed: number;
  readonly kind: string;
  readonly violations: readonly string[];
  readonly orderIds: ReadonlySet<string>;
  readonly figures: Figures;
  /** To be looked at once more when all rounds are over. */
  readonly raced?: Raced;
}

/** The round's own products and coupon, made past the API. */
async function setUp({ cluster }: Arena, seed: number, schedule: Schedule) {
  const { inside } = cluster.shop;
  const name = `race-${seed}-${Date.now().toString(36)}`;
  const slugs = schedule.products.map((_, index) => `${name}-${index}`);
  await inside.catalogImport.importCatalog({
    categories: [{ slug: 'things', name: 'Things' }],
    brands: [{ slug: 'acme', name: 'Acme' }],
    products: schedule.products.map((product, index) => productOf(slugs[index] ?? '', product)),
  });
  const coupon = await inside.services.coupons.create({
    ...{ ...schedule.coupon, code: name.toUpperCase(), includeSaleItems: true, active: true },
  });
  const products = await Promise.all(slugs.map((slug) => inside.services.catalog.bySlug(slug)));
  return { coupon, slugs, variants: products.map(({ variants }) => variants[0]?.id ?? '') };
}

/** Plays a seed on a running cluster, lets what is unpaid run out, and compares. */
export async function runRound(seed: number, arena: Arena): Promise<RoundOutcome> {
  const { cluster, actors, office, stripe, webhooks, restarts, kills } = arena;
  const { shop, database } = cluster;
  const random = createRandom(`race/${seed}`);
  const schedule = drawSchedule(random.fork('schedule'), { kills });
  const { coupon, slugs, variants } = await patiently(() => setUp(arena, seed, schedule));
  const members = await actors.take(schedule.buyers.filter(({ guest }) => guest === undefined).length);
  const guests = new Map(
    schedule.buyers.flatMap((buyer) =>
      buyer.guest === undefined ? [] : [[buyer, actors.guest(`guest-${buyer.guest}.${coupon.id}@race.test`)] as const],
    ),
  );
  const left = [...members];
  const people = schedule.buyers.map((buyer) => guests.get(buyer) ?? left.shift());
  const bought = {
    $or: [
      { userId: { $in: members.map(({ userId }) => userId) } },
      { email: { $in: [...guests.values()].map(({ email }) => email) } },
    ],
  };
  const since = new Date();
  const intentions: Intention[] = [];
  const problems: string[] = [];
  const stage: Stage = {
    ...{ cluster, office, stripe, webhooks, restarts, slugs, variants, couponId: coupon.id, couponCode: coupon.code },
    ...{ intentions, since, until: Date.now() + PATIENCE_MS },
    onProblem: (problem) => void problems.push(problem),
  };
  const victims = random.fork('victims');
  const victim = (host: 'api' | 'worker') => victims.between(0, (host === 'api' ? shop.apis : shop.workers).length - 1);
  await Promise.all([
    ...schedule.faults.map((fault) => commit(fault, stage, victim)),
    ...schedule.buyers.map(({ steps }, index) => {
      const person = people[index];
      return person && play(person, steps, random.fork(`buyer ${index}`), stage);
    }),
  ]);

  const unpaid = { ...bought, createdAt: { $gte: since }, status: 'pending', paymentStatus: 'unpaid' };
  const overdue = { ...unpaid, expiresAt: { $exists: true } };
  const orders = database.db.collection<{ _id: string }>('orders');
  await patiently(() => orders.updateMany(overdue, { $set: { expiresAt: PAST } }));
  const raced: Raced = {
    ...{ database, stripe, schedule, bought, since, until: new Date(), variants, couponId: coupon.id, intentions },
  };
  const deadline = Date.now() + EFFECTS_MS;
  let violations = ['nothing looked at'];
  while (violations.length > 0 && Date.now() < deadline) {
    for (const { _id } of await orders.find({ ...unpaid, expiresAt: PAST }).toArray()) {
      await patiently(() => shop.inside.services.orders.expire(_id));
    }
    violations = await findFault(raced).catch((error: unknown) => [`could not look: ${String(error)}`]);
    if (violations.length > 0) await pause(LOOK_AGAIN_MS);
  }
  await actors.giveBack(members);
  await Promise.all([...guests.values()].map((guest) => guest.close()));
  if (problems.length > 0) problems.push(...lastErrors(cluster));
  const orderIds = new Set(intentions.flatMap((intention) => [...intention.orderIds]));
  return {
    ...{ seed, kind: schedule.kind, violations: [...problems, ...violations], orderIds },
    ...{ raced, figures: await count(raced) },
  };
}

/** What the APIs logged last, of errors: whoever is told that something failed inside wants to know what. */
const lastErrors = ({ shop }: Cluster): string[] =>
  shop.apis.flatMap((api) =>
    api
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{"level":50'))
      .slice(-LINES_SHOWN),
  );
