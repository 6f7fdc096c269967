import { DomainError, notFound } from '@cartwright/domain-errors';
import { normalizeOrderNumber } from '@cartwright/domain-orders';
import type { Mails } from '@cartwright/platform-mail';
import { newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { hashToken } from '@cartwright/platform-security';
import { touched, updatedEvent } from './order-changes.ts';
import type { OrderTokens } from './guest-access.ts';
import { orderLinkMail } from './guest-order-mails.ts';
import type { OrderRepository } from './order-repository.ts';
import { orderLinkRequested } from './orders.events.ts';
import type { LookupLimitPort } from './orders.ports.ts';

/** What only guests' orders have: finding them again, and taking them into an account. */
export function createGuestOrders({
  mongo,
  orders,
  tokens,
  mails,
  lookups,
  outbox,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderRepository, 'byNumber' | 'byTokenHash' | 'save'>;
  tokens: Pick<OrderTokens, 'renew'>;
  mails: Pick<Mails, 'write'>;
  lookups: LookupLimitPort;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  return {
    /**
     * Has a link to the order mailed to whoever ordered. Writes the same for every number and address and looks at no order,
     * so that neither the answer nor its time tells anything; the worker looks. Throws RATE_LIMITED, by network and address.
     */
    async lookup({ number, email }: { number: string; email: string }, { ip }: { ip: string }): Promise<void> {
      await lookups.consume(email, ip);
      const requestId = newId();
      await mongo.transaction((tx) =>
        outbox.append(tx, [
          {
            event: orderLinkRequested,
            aggregateId: requestId,
            aggregateVersion: 1,
            payload: { requestId, number, email },
            occurredAt: clock(),
          },
        ]),
      );
    },

    /** Mails a new link to a guest's order, or the way to sign in to an account's, when number and address belong together. */
    async answerLookup(request: { requestId: string; number: string; email: string }, tx: Tx): Promise<void> {
      const number = normalizeOrderNumber(request.number);
      const order = number === undefined ? null : await orders.byNumber(number, tx);
      if (order?.email.toLowerCase() !== request.email) return;
      const mail = { template: orderLinkMail, key: `${orderLinkMail.name}:${request.requestId}`, to: order.email };
      const facts = { orderId: order.id, number: order.number };
      if (!order.guest) return mails.write(tx, { ...mail, data: facts });
      const { access, seed } = tokens.renew(order.guest);
      await orders.save({ ...order, guest: access, version: order.version + 1, updatedAt: clock() }, tx);
      await mails.write(tx, { ...mail, data: { ...facts, guestSeed: seed } });
    },

    /**
     * Takes a guest's order into an account; its tokens open it no more. Throws EMAIL_NOT_VERIFIED, and NOT_FOUND for a token
     * that opens no order, such as that of one somebody has claimed. Answers the order's id.
     */
    async claim(user: { userId: string; emailVerified: boolean }, orderToken: string): Promise<string> {
      if (!user.emailVerified) throw new DomainError('EMAIL_NOT_VERIFIED');
      return mongo.transaction(async (tx) => {
        const order = await orders.byTokenHash(hashToken(orderToken), tx);
        if (!order) throw notFound('order');
        const entry = { kind: 'order.claimed', by: 'customer', text: 'Taken into an account' } as const;
        const saved = touched({ ...order, userId: user.userId, guest: undefined }, entry, clock());
        await orders.save(saved, tx);
        await outbox.append(tx, [updatedEvent(saved)]);
        return order.id;
      });
    },
  };
}

export type GuestOrders = ReturnType<typeof createGuestOrders>;
