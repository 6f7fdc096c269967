import type { OutboxRow } from './database.ts';
import type { Facts } from './invariants.ts';

/** What an event of an order puts on the streams. */
const TOLD = new Set(['order.placed', 'order.paid', 'order.canceled', 'order.updated']);

/**
 * Every event of an order stands once on its buyer's stream and once on the admins'. A Redis that lost its data lost the
 * streams with it (followers are told to load anew): then nothing may stand there twice.
 */
export async function checkStreams({ cluster, outbox, redisLost = false, openEvents }: Facts): Promise<string[]> {
  const prefix = cluster.shop.env['REDIS_PREFIX'] ?? '';
  const told = outbox.filter(({ _id, type }) => TOLD.has(type) && !openEvents?.has(_id));
  const streams = new Map<string, OutboxRow[]>([['admin', told]]);
  for (const [userId, rows] of Map.groupBy(told, ({ payload }) => String(payload['userId']))) {
    streams.set(`user:${userId}`, rows);
  }
  const problems = await cluster.withRedis((redis) =>
    Promise.all(
      [...streams].map(async ([name, rows]) => {
        const entries = await redis.xrange(`${prefix}:stream:{${name}}:entries`, '-', '+');
        const ids = entries.flatMap(([, fields]) => fieldOf(fields, 'id') ?? []);
        const counts = new Map<string, number>();
        for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
        return rows.flatMap(({ _id, type }) => {
          const count = counts.get(_id) ?? 0;
          const right = redisLost ? count <= 1 : count === 1;
          return right ? [] : [`${type} ${_id} stands ${count} times on ${name}`];
        });
      }),
    ),
  );
  return problems.flat();
}

/** A stream entry is a list of names and values by turns. */
function fieldOf(fields: readonly string[], name: string): string | undefined {
  const index = fields.findIndex((field, position) => position % 2 === 0 && field === name);
  return index === -1 ? undefined : fields[index + 1];
}
