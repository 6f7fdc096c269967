import { defineOutsideHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { Queues } from '@cartwright/platform-queue';
import type { CarryStanding } from '../standing.ts';
import { userBanCanceled, userBanned, userBanScheduled, userRoleChanged, userUnbanned } from './people.events.ts';
import { beginBan, liftBan } from './people.jobs.ts';

/**
 * What follows from changes of people within accounts. The request that made a change carries it into the sessions itself;
 * that is repeated here for one that died, or couldn't reach them, before it had.
 */
export function createPeopleHandlers({
  queues,
  carryStanding,
  clock,
}: {
  queues: Pick<Queues, 'enqueue'>;
  carryStanding: CarryStanding;
  clock: () => Date;
}): EventHandler[] {
  const at = (moment: Date) => ({ delayMs: Math.max(0, moment.getTime() - clock().getTime()) });
  const carry = ({ payload }: { payload: { userId: string } }): Promise<void> => carryStanding(payload.userId);

  return [
    defineOutsideHandler({
      name: 'accounts.schedule-ban',
      event: userBanScheduled,
      handle: async ({ payload: { userId, banId, from } }) => {
        await carryStanding(userId);
        await queues.enqueue(beginBan, { userId, banId }, at(from));
      },
    }),
    defineOutsideHandler({
      name: 'accounts.enforce-ban',
      event: userBanned,
      handle: async ({ payload: { userId, banId, until } }) => {
        await carryStanding(userId);
        if (until) await queues.enqueue(liftBan, { userId, banId }, at(until));
      },
    }),
    defineOutsideHandler({ name: 'accounts.carry-unban', event: userUnbanned, handle: carry }),
    defineOutsideHandler({ name: 'accounts.carry-canceled-ban', event: userBanCanceled, handle: carry }),
    defineOutsideHandler({ name: 'accounts.carry-role', event: userRoleChanged, handle: carry }),
  ];
}
