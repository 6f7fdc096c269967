import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import { changeShop } from './shopkeeping.ts';
import type { Stage } from './stage.ts';
import type { Fault } from './steps.ts';

const WEBHOOKS_LATE_MS = 400;
const HELD_MS = 250;
/** So many of the latest webhooks come again. */
const REPEATED = 12;

/** As when the transaction lost against another one: it is done again from its beginning. */
const TRANSIENT = { errorCode: 251, errorLabels: ['TransientTransactionError'] };

/** Makes a fault happen, and resolves when what it broke is whole again. Faults of rounds side by side may overlap. */
export async function commit(fault: Fault, stage: Stage, victim: (host: 'api' | 'worker') => number): Promise<void> {
  const { cluster } = stage;
  const { control } = cluster.shop.stripe;
  await pause(fault.at);
  switch (fault.what) {
    case 'provider': {
      const { when, kind, match, times } = fault;
      await control.failNextCalls({ when, kind, match, count: times, ...(kind === 'delay' ? { delayMs: 500 } : {}) });
      return;
    }
    case 'webhooks':
      return stage.webhooks.run(() => disturbWebhooks(fault.how, cluster));
    case 'database': {
      const conflict = { failCommands: ['commitTransaction'], ...TRANSIENT };
      const lostAnswer = { failCommands: ['commitTransaction'], closeConnection: true };
      await cluster.database.db.admin().command({
        configureFailPoint: 'failCommand',
        mode: { times: 2 },
        data: fault.how === 'conflict' ? conflict : lostAnswer,
      });
      return;
    }
    case 'forgotten-keys':
      return cluster.withRedis(async (redis) => {
        const keys = await redis.keys(`${cluster.shop.env['REDIS_PREFIX']}:intent:*`);
        if (keys.length > 0) await redis.del(...keys);
      });
    case 'price':
    case 'recount':
    case 'coupon-off':
      return changeShop(fault, stage);
    case 'kill':
      await stage.restarts.run(() => cluster.shop.restart(fault.host, victim(fault.host), 'kill'));
  }
}

async function disturbWebhooks(how: 'late' | 'shuffled' | 'repeated', { shop }: Cluster): Promise<void> {
  const { control } = shop.stripe;
  switch (how) {
    case 'late':
      await control.delayDeliveries(WEBHOOKS_LATE_MS);
      await pause(HELD_MS);
      await control.delayDeliveries(0);
      return;
    case 'shuffled':
      await control.holdDeliveries();
      await pause(HELD_MS);
      await control.releaseDeliveries({ order: 'shuffle' });
      return;
    case 'repeated': {
      const sent = (await control.listDeliveries()).slice(-REPEATED);
      for (const { event } of sent) await control.redeliver(event, 2);
    }
  }
}
