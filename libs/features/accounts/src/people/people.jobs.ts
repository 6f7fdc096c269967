import type { Logger } from '@cartwright/platform-logger';
import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';
import type { Bans } from './bans.ts';

const payload = z.object({ userId: z.string(), banId: z.string() });
const byBan = ({ banId }: z.infer<typeof payload>): string => banId;

/** Begins a scheduled ban; enqueued with the delay when it is scheduled. */
export const beginBan = defineJob({
  queue: 'users',
  name: 'users.begin-ban',
  payload,
  attempts: 8,
  backoffMs: 1_000,
  key: byBan,
});

/** Lifts a ban whose time is over; enqueued with the delay when it begins. */
export const liftBan = defineJob({
  queue: 'users',
  name: 'users.lift-ban',
  payload,
  attempts: 8,
  backoffMs: 1_000,
  key: byBan,
});

/** Repeating: finds bans whose job was lost. */
export const sweepBans = defineJob({
  queue: 'maintenance',
  name: 'users.sweep-bans',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  // Less than until the next one.
  budgetMs: 50_000,
  exclusive: true,
});

export const peopleJobs = [beginBan, liftBan, sweepBans] as const;

/** Processors of `peopleJobs`. All may run twice, and too early when clocks differ: they look at the dates. */
export function createPeopleProcessors({
  bans,
  logger,
}: {
  bans: Pick<Bans, 'settle' | 'sweep'>;
  logger: Pick<Logger, 'warn' | 'info'>;
}) {
  const settle = async ({ userId, banId }: z.output<typeof payload>): Promise<void> => {
    await bans.settle(userId, banId);
  };
  return {
    'users.begin-ban': settle,
    'users.lift-ban': settle,
    'users.sweep-bans': async (_payload: object, { signal }: { signal?: AbortSignal }): Promise<void> => {
      const onError = (userId: string, err: unknown) => logger.warn({ err, userId }, 'a due ban was not settled');
      const changed = await bans.sweep(onError, signal);
      if (changed > 0) logger.info({ changed }, 'due bans settled');
    },
  };
}
