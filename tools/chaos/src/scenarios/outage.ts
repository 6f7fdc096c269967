import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import { watchOutage } from '../outage-probe.ts';
import { underLoad, type Scenario } from '../scenario.ts';

/** Ways of not being there, each with how it begins and ends. */
const WAYS: Readonly<
  Record<string, { begin: (cluster: Cluster, ms: number) => Promise<void>; end: (cluster: Cluster) => Promise<void> }>
> = {
  'SIGSTOP of Redis': {
    begin: async (cluster) => cluster.redis().pause(),
    end: async (cluster) => cluster.redis().resume(),
  },
  'kill -9 of Redis': {
    begin: (cluster) => cluster.killRedis(),
    end: (cluster) => cluster.startRedis(),
  },
  'CLIENT PAUSE': {
    begin: async (cluster, ms) => void (await cluster.withRedis((redis) => redis.call('CLIENT', 'PAUSE', ms, 'ALL'))),
    end: async () => undefined,
  },
  'half-open connections': {
    begin: async ({ redisProxy }) => redisProxy.halfOpen('both'),
    end: ({ redisProxy }) => redisProxy.pass(),
  },
  'answers that never come': {
    begin: async ({ redisProxy }) => redisProxy.halfOpen('to-client'),
    end: ({ redisProxy }) => redisProxy.pass(),
  },
  'connections that a router forgot': {
    begin: async ({ redisProxy }) => redisProxy.blackHole(),
    end: async () => undefined,
  },
};

/** Of outages that are longer, each seed has one. */
const LONG_SECONDS = 60;

export const outage: Scenario = {
  title: 'Redis is away: reads go on, the rest says 503 and never hangs, all is well within 10 s after',
  run: (given) =>
    underLoad(given, async () => {
      const { cluster, random, form, outageSeconds, say } = given;
      const own = random.fork('outages');
      const all = own.shuffle(Object.keys(WAYS));
      const ways = outageSeconds > LONG_SECONDS ? all.slice(0, 1) : all.slice(0, form === 'short' ? 2 : all.length);
      const problems: string[] = [];
      for (const name of ways) {
        const way = WAYS[name];
        if (!way) continue;
        await pause(own.between(300, 1_200));
        const away = outageSeconds * 1_000;
        const found = await watchOutage(cluster, {
          begin: () => way.begin(cluster, away),
          end: () => way.end(cluster),
          lastsMs: away,
          // Redis itself stays up: new connections work at once.
          partial: name === 'connections that a router forgot',
        });
        say(`${name} for ${outageSeconds} s: ${found.summary}`);
        problems.push(...found.problems.map((problem) => `${name}: ${problem}`));
      }
      return { problems };
    }),
};
