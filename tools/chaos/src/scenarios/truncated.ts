import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { underLoad, type Scenario } from '../scenario.ts';

export const truncated: Scenario = {
  title: 'Redis dies and loses the end of its append-only file: nothing is lost but what the outbox brings again',
  run: (given) =>
    underLoad(given, async () => {
      const { cluster, random, form, say } = given;
      const own = random.fork('cuts');
      for (let count = 0; count < (form === 'short' ? 1 : 3); count += 1) {
        await pause(own.between(600, 2_500));
        await cluster.killRedis();
        const cut = await cutTail(cluster.redisFolder, own.between(1, 20_000));
        say(`kill -9 of Redis, ${cut} bytes less in its file`);
        await pause(own.between(0, 500));
        await cluster.startRedis();
      }
      return { redisLost: true };
    }),
};

/** Cuts bytes off the newest part of the file; Redis drops the command that was cut in two, and what was after it. */
async function cutTail(folder: string, bytes: number): Promise<number> {
  const parts = join(folder, 'appendonlydir');
  const increments = (await readdir(parts)).filter((name) => name.endsWith('.incr.aof')).sort();
  const newest = join(parts, increments.at(-1) ?? '');
  const { size } = await stat(newest);
  const cut = Math.min(bytes, size);
  await truncate(newest, size - cut);
  return cut;
}
