import { setTimeout as pause } from 'node:timers/promises';
import { MAILS_AT_ONCE, underLoad, type Scenario } from '../scenario.ts';

/** Longer than a lock lasts and until somebody looks for jobs whose lock has run out. */
const BEYOND_LOCK_MS = 34_000;

export const pausedWorker: Scenario = {
  title: 'a worker stands still past its locks, others take over, then it goes on: one effect',
  run: (given) =>
    underLoad(given, async () => {
      const { cluster, random, form, say } = given;
      const own = random.fork('pauses');
      const pauses = form === 'short' ? 1 : 2;
      for (let count = 0; count < pauses; count += 1) {
        await pause(own.between(300, 1_500));
        const worker = own.pick(cluster.shop.workers);
        say('SIGSTOP of a worker');
        worker.pause();
        await pause(BEYOND_LOCK_MS);
        worker.resume();
        say('SIGCONT');
      }
      return { repeatedMails: MAILS_AT_ONCE * pauses };
    }),
};
