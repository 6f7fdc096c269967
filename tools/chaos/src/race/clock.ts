import type { Hands } from './hands.ts';
import type { Stage } from './stage.ts';

export const PAST = new Date(0);

/** Lets a clock of an unpaid order run out and has it acted upon twice, as the job and the sweeper would. */
export async function runOut(
  { orderId, field }: { orderId: string; field: 'holdExpiresAt' | 'expiresAt' },
  { insist }: Pick<Hands, 'insist'>,
  { cluster }: Pick<Stage, 'cluster'>,
): Promise<void> {
  const { orders } = cluster.shop.inside.services;
  const row = { status: 'pending', paymentStatus: 'unpaid', [field]: { $exists: true } };
  await insist(() =>
    cluster.database.db.collection('orders').updateOne({ _id: orderId as never, ...row }, { $set: { [field]: PAST } }),
  );
  const act = field === 'expiresAt' ? orders.expire : orders.releaseHold;
  await Promise.all([insist(() => act(orderId)), insist(() => act(orderId))]);
}
