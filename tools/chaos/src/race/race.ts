import { setTimeout as pause } from 'node:timers/promises';
import { memoryTokenStorage, type Cartwright } from '@cartwright/sdk';
import { TEST_PASSWORD } from '@cartwright/testapp';
import Stripe from 'stripe';
import { findBookDifferences } from '../books-check.ts';
import { startCluster, type Cluster } from '../cluster.ts';
import type { Form } from '../scenario.ts';
import { createRandom } from '../random.ts';
import { createActors } from './actors.ts';
import { NO_FIGURES } from './figures.ts';
import { findFault } from './check.ts';
import { createLock } from './lock.ts';
import { runRound, type RoundOutcome } from './round.ts';

const SIZE = { short: { apis: 2, workers: 1 }, long: { apis: 3, workers: 2 } } as const;
/** A process takes seconds to come back: more often and nothing else would happen. */
const KILLS = { short: 0, long: 0.03 } as const;
/** Nobody has to sign in again while they race: an actor is replaced before. */
const SESSIONS = { ACCESS_TOKEN_SECONDS: '3600' };

/** How a violation begins that was found only once all rounds were over. */
export const LATE = 'when all was over';
/** What was still under way then is over after so long. */
const LATE_MS = 30_000;
const LOOK_AGAIN_MS = 200;

export interface RaceOptions {
  readonly seeds: readonly number[];
  /** Rounds side by side, on products, coupons and people of their own. */
  readonly lanes: number;
  readonly form: Form;
  /** Ends with the first seed that finds something. */
  readonly untilRed?: boolean;
  onRound?(outcome: RoundOutcome): void;
}

export const replayOf = (seed: number): string => `npm run race -- --from ${seed} --seeds 1`;

export interface RaceOutcome {
  readonly rounds: readonly RoundOutcome[];
  /** What the shop's own reconciliation found when all was over, with the seed that it is about. */
  readonly books: readonly string[];
}

/** Plays seeds on one shop of several processes, and has it compare its books at the end. */
export async function race(options: RaceOptions): Promise<RaceOutcome> {
  const { seeds, lanes, form, untilRed = false, onRound } = options;
  await using cluster = await startCluster({ ...SIZE[form], products: [{ slug: 'lamp' }], env: SESSIONS });
  const { url } = cluster.shop.stripe;
  const { hostname, port } = new URL(url);
  const stripe = new Stripe(cluster.shop.env['STRIPE_SECRET_KEY'] ?? '', {
    ...{ host: hostname, port, protocol: 'http', maxNetworkRetries: 5, telemetry: false },
  });
  const actors = createActors(cluster, createRandom(`race actors/${seeds[0]}`));
  const office = await openOffice(cluster);
  const arena = { cluster, actors, office, stripe, webhooks: createLock(), restarts: createLock(), kills: KILLS[form] };
  const outcomes: RoundOutcome[] = [];
  const left = [...seeds];
  let red = false;
  const lane = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined && !(red && untilRed); seed = left.shift()) {
      const outcome = await runRound(seed, arena).catch((error: unknown) => crashed(seed, error));
      red ||= outcome.violations.length > 0;
      outcomes.push(outcome);
      onRound?.(outcome);
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    await actors.close();
  }
  const played = outcomes.toSorted((a, b) => a.seed - b.seed);
  const books = await compareBooks(cluster, played);
  // A round ends with the first look that finds nothing: what came after that is seen here.
  const rounds: RoundOutcome[] = [];
  for (const round of played) rounds.push(await lookAgain(round));
  return { books, rounds };
}

/** What is still wrong once what was under way has had its time. */
async function lookAgain(round: RoundOutcome): Promise<RoundOutcome> {
  const { raced } = round;
  if (!raced || round.violations.length > 0) return round;
  const deadline = Date.now() + LATE_MS;
  for (;;) {
    const late = await findFault(raced).catch((error: unknown) => [`could not look: ${String(error)}`]);
    if (late.length === 0) return round;
    if (Date.now() > deadline) return { ...round, violations: late.map((violation) => `${LATE}: ${violation}`) };
    await pause(LOOK_AGAIN_MS);
  }
}

async function compareBooks(cluster: Cluster, rounds: readonly RoundOutcome[]): Promise<string[]> {
  const differences = await findBookDifferences(cluster).catch((error: unknown) => [
    { orderId: undefined, text: `the books could not be compared: ${String(error)}` },
  ]);
  return differences.map(({ orderId = '', text }) => {
    const round = rounds.find(({ orderIds }) => orderIds.has(orderId));
    return round ? `seed ${round.seed}: ${text}` : text;
  });
}

/** A member of staff who has a client of each instance open. */
async function openOffice({ shop }: Cluster): Promise<Cartwright[]> {
  const storage = memoryTokenStorage();
  const account = { email: 'office@race.test', password: TEST_PASSWORD };
  await shop.inside.services.accounts.createAdmin({ ...account, name: 'Office' });
  const clients = shop.apis.map((api) => shop.client(api, { storage }));
  await clients[0]?.api.auth.login.mutate(account);
  return clients;
}

const crashed = (seed: number, error: unknown): RoundOutcome => ({
  ...{
    seed,
    kind: 'unknown',
    violations: [
      `the round could not be played: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ],
  },
  orderIds: new Set(),
  figures: NO_FIGURES,
});
