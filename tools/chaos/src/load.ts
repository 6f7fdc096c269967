import { setTimeout as pause } from 'node:timers/promises';
import { COUPON, createBuyer, type Buyer, type Plan } from './buyer.ts';
import type { Cluster } from './cluster.ts';
import type { Random } from './random.ts';

const PLANS: readonly Plan[] = ['pay', 'pay', 'pay', 'pay', 'cancel', 'abandon', 'abandon', 'cash', 'pay-and-cancel'];
/** People keep trying for so long, beside what an outage lasts. */
const PATIENCE_MS = 90_000;

/** Buyers at work. */
export interface Load {
  readonly buyers: readonly Buyer[];
  /** Settles when everybody has done what they meant to. */
  readonly done: Promise<void>;
  /** What no buyer should meet with: calls that hang, errors from inside. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** Has `buyers` people buy `each` times, each at their own pace; who does what is the seed's choice. */
export async function startLoad(options: {
  cluster: Cluster;
  random: Random;
  buyers: number;
  each: number;
  /** The longest that something is away, in milliseconds. */
  outageMs: number;
}): Promise<Load> {
  const { cluster, random, each, outageMs } = options;
  const problems: string[] = [];
  const { coupons } = cluster.shop.inside.services;
  const discount = { kind: 'percentage', basisPoints: 1_000 } as const;
  await coupons.create({ code: COUPON, discount, includeSaleItems: true, active: true });
  const buyers = await Promise.all(
    Array.from({ length: options.buyers }, (_, index) =>
      createBuyer({ cluster, index, random: random.fork(`buyer ${index}`), onProblem: (one) => problems.push(one) }),
    ),
  );
  const work = buyers.map(async (buyer, index) => {
    const own = random.fork(`plan ${index}`);
    for (let round = 0; round < each; round += 1) {
      await pause(own.between(0, 1_500));
      await buyer.buy(own.pick(PLANS), Date.now() + PATIENCE_MS + outageMs);
    }
  });
  const done = Promise.allSettled(work).then((outcomes) => {
    for (const outcome of outcomes) if (outcome.status === 'rejected') problems.push(String(outcome.reason));
  });
  return {
    buyers,
    done,
    problems,
    close: async () => void (await Promise.all(buyers.map((buyer) => buyer.close()))),
  };
}
