import { setTimeout as pause } from 'node:timers/promises';
import { MAILS_AT_ONCE, underLoad, until, type Scenario } from '../scenario.ts';

const KILLS = { short: 4, long: 15 } as const;

export const crashes: Scenario = {
  title: 'workers and APIs die at seeded moments while people order, pay, cancel and walk away',
  run: (given) =>
    underLoad(given, async ({ done }) => {
      const { cluster, random, form, say } = given;
      const { shop } = cluster;
      const own = random.fork('kills');
      let kills = 0;
      let killedWorkers = 0;
      await until(done, async () => {
        await Promise.race([pause(own.between(50, 700)), done]);
        if (kills >= KILLS[form]) return void (await done);
        kills += 1;
        const host = own.pick(['worker', 'worker', 'api'] as const);
        if (host === 'worker') killedWorkers += 1;
        const index = own.between(0, (host === 'api' ? shop.apis : shop.workers).length - 1);
        say(`kill -9 of ${host} ${index}`);
        await shop.restart(host, index, 'kill');
      });
      return { repeatedMails: MAILS_AT_ONCE * killedWorkers };
    }),
};
