import { setTimeout as pause } from 'node:timers/promises';
import { underLoad, type Scenario } from '../scenario.ts';

export const flush: Scenario = {
  title: 'Redis is wiped in the middle of work: outbox and sweepers bring every effect within a minute',
  run: (given) =>
    underLoad(given, async () => {
      const { cluster, random, form, say } = given;
      const own = random.fork('flushes');
      const times = form === 'short' ? 2 : own.between(2, 5);
      for (let count = 0; count < times; count += 1) {
        await pause(own.between(300, 1_800));
        say('FLUSHALL');
        await cluster.withRedis((redis) => redis.flushall());
      }
      return { redisLost: true };
    }),
};
