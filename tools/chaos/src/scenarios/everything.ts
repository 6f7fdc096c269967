import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import type { Random } from '../random.ts';
import { MAILS_AT_ONCE, underLoad, until, type Scenario } from '../scenario.ts';

const VICTIMS = ['MongoDB', 'Redis', 'API', 'worker'] as const;
type Victim = (typeof VICTIMS)[number];
/** How often everything dies once, in an order of its own. */
const ROUNDS = { short: 1, long: 4 } as const;
/** How long a database stays away, at most. */
const AWAY_MS = 1_500;

export const everything: Scenario = {
  title:
    'MongoDB, Redis, APIs and workers die at seeded moments, also two of them at once: nothing paid is lost, nothing doubled',
  run: (given) =>
    underLoad(given, async ({ done }) => {
      const { cluster, random, form, say } = given;
      const own = random.fork('kills');
      const left = deaths(own, ROUNDS[form]);
      let mails = 0;
      await until(done, async () => {
        await Promise.race([pause(own.between(50, 900)), done]);
        const victims = left.shift();
        if (victims === undefined) return void (await done);
        say(`kill -9 of ${victims.join(' and ')}`);
        await Promise.all(victims.map((victim) => die(victim, cluster, own.fork(`${victim} ${left.length}`))));
        mails += victims.reduce((sum, victim) => sum + mailsUnnoted(victim, cluster), 0);
      });
      return { repeatedMails: mails, turnsMayFail: true };
    }),
};

/** Who dies when: in each round everybody once, some of them in the same moment. */
function deaths(random: Random, rounds: number): Victim[][] {
  const times: Victim[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = random.shuffle(VICTIMS);
    while (order.length > 0) times.push(order.splice(0, random.chance(0.3) ? 2 : 1));
  }
  return times;
}

/** Ends one as a crash would, and has it back: hosts at once, as a supervisor does, a database after a while. */
async function die(victim: Victim, cluster: Cluster, random: Random): Promise<void> {
  const { shop } = cluster;
  switch (victim) {
    case 'MongoDB':
      await cluster.killMongo();
      await pause(random.between(0, AWAY_MS));
      return cluster.startMongo();
    case 'Redis':
      await cluster.killRedis();
      await pause(random.between(0, AWAY_MS));
      return cluster.startRedis();
    case 'API':
      return void (await shop.restart('api', random.between(0, shop.apis.length - 1), 'kill'));
    case 'worker':
      return void (await shop.restart('worker', random.between(0, shop.workers.length - 1), 'kill'));
  }
}

/** Mails that may be sent again: a worker that dies has not noted those it was sending; without MongoDB or Redis none has. */
function mailsUnnoted(victim: Victim, { shop }: Cluster): number {
  if (victim === 'API') return 0;
  return MAILS_AT_ONCE * (victim === 'worker' ? 1 : shop.workers.length);
}
