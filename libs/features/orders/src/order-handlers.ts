import { userBanned, userUnbanned } from '@cartwright/feature-accounts';
import {
  defineHandler,
  defineOutsideHandler,
  type DeliveredEvent,
  type EventHandler,
} from '@cartwright/platform-outbox';
import type { Mails } from '@cartwright/platform-mail';
import type { Queues } from '@cartwright/platform-queue';
import { ADMIN_STREAM, userStream, type Streams } from '@cartwright/platform-streams';
import type { BuyerPort } from './orders.ports.ts';
import type { OrderActivityEvent } from './orders.contracts.ts';
import { guestOrderMail } from './guest-order-mails.ts';
import type { GuestOrders } from './guest-orders.ts';
import type { OrderBans } from './order-bans.ts';
import { orderCanceled, orderLinkRequested, orderPaid, orderPlaced, orderUpdated } from './orders.events.ts';
import { expireOrder, releaseOrderHold } from './orders.jobs.ts';
import { STATUS_ENTRY } from './order-stream.ts';
import { hasAccount, REMOVED_BUYER } from './order.ts';

type StatusEvent = DeliveredEvent<typeof orderUpdated>;
type Published = Pick<StatusEvent, 'id' | 'aggregateVersion' | 'occurredAt'> & {
  payload: Pick<
    StatusEvent['payload'],
    'orderId' | 'number' | 'userId' | 'status' | 'paymentStatus' | 'fulfillmentStatus' | 'total' | 'returnRequested'
  >;
};

/** What follows from events of orders. Jobs are keyed and stream entries appended once by id, so repeats do no harm. */
export function createOrderHandlers({
  queues,
  streams,
  mails,
  guests,
  buyers,
  bans,
  clock,
}: {
  queues: Pick<Queues, 'enqueue'>;
  streams: Pick<Streams, 'append'>;
  mails: Pick<Mails, 'write'>;
  guests: Pick<GuestOrders, 'answerLookup'>;
  buyers: Pick<BuyerPort, 'isBanned'>;
  bans: Pick<OrderBans, 'applyBan'>;
  clock: () => Date;
}): EventHandler[] {
  const delayUntil = (moment: Date): number => Math.max(0, moment.getTime() - clock().getTime());

  async function startClocks({ orderId, expiresAt, holdExpiresAt }: StatusEvent['payload']): Promise<void> {
    if (expiresAt) await queues.enqueue(expireOrder, { orderId, expiresAt }, { delayMs: delayUntil(expiresAt) });
    if (holdExpiresAt) {
      await queues.enqueue(releaseOrderHold, { orderId, holdExpiresAt }, { delayMs: delayUntil(holdExpiresAt) });
    }
  }

  const publish =
    (change: OrderActivityEvent['change']) =>
    async ({ id, aggregateVersion: version, occurredAt: at, payload }: Published): Promise<void> => {
      const { orderId, number, userId, status, paymentStatus, fulfillmentStatus, total, returnRequested } = payload;
      const data = { orderId, number, status, paymentStatus, fulfillmentStatus, version, at };
      // Nobody follows for one whose account is gone.
      if (userId !== REMOVED_BUYER) await streams.append(userStream(userId), { id, type: STATUS_ENTRY, data });
      await streams.append(ADMIN_STREAM, { id, type: STATUS_ENTRY, data: { ...data, change, total, returnRequested } });
    };

  /** Done here and not by a job: of one that Redis loses nobody would know, and the event comes again until it is done. */
  const applyBan = ({ payload: { userId } }: { payload: { userId: string } }) => bans.applyBan(userId);

  return [
    defineOutsideHandler({ name: 'orders.apply-ban', event: userBanned, handle: applyBan }),
    defineOutsideHandler({ name: 'orders.apply-unban', event: userUnbanned, handle: applyBan }),
    // Its placing may have begun before the ban, and ended after that had been applied to the orders there were.
    defineOutsideHandler({
      name: 'orders.apply-earlier-ban',
      event: orderPlaced,
      handle: async (event) => {
        const { userId } = event.payload;
        if (hasAccount(userId) && (await buyers.isBanned(userId))) await applyBan(event);
      },
    }),
    defineHandler({
      name: 'orders.mail-guest',
      event: orderPlaced,
      concerns: ({ guestSeed }) => guestSeed !== undefined,
      handle: async ({ payload: { orderId, number, total, email, guestSeed } }, { tx }) => {
        if (guestSeed === undefined) return;
        const mail = { template: guestOrderMail, key: `${guestOrderMail.name}:${orderId}`, to: email };
        await mails.write(tx, { ...mail, data: { orderId, number, total, guestSeed } });
      },
    }),
    defineHandler({
      name: 'orders.answer-lookup',
      event: orderLinkRequested,
      handle: ({ payload }, { tx }) => guests.answerLookup(payload, tx),
    }),
    defineOutsideHandler({
      name: 'orders.start-clocks',
      event: orderPlaced,
      handle: ({ payload }) => startClocks(payload),
    }),
    // A renewed hold has a new end.
    defineOutsideHandler({
      name: 'orders.restart-clocks',
      event: orderUpdated,
      handle: ({ payload }) => startClocks(payload),
    }),
    defineOutsideHandler({ name: 'orders.publish-placed', event: orderPlaced, handle: publish('placed') }),
    defineOutsideHandler({ name: 'orders.publish-paid', event: orderPaid, handle: publish('paid') }),
    defineOutsideHandler({ name: 'orders.publish-canceled', event: orderCanceled, handle: publish('canceled') }),
    defineOutsideHandler({ name: 'orders.publish-updated', event: orderUpdated, handle: publish('updated') }),
  ];
}
