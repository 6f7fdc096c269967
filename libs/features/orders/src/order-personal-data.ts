import { userRemoved, type PersonalDataSource } from '@cartwright/feature-accounts';
import { defineHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { OrderRepository } from './order-repository.ts';
import { toOrderDto } from './order-mapping.ts';
import { REMOVED_BUYER, type Order } from './order.ts';

const PAGE = 100;

/**
 * What orders know of a user: told when asked for. With the account's removal they are kept as books are, for as long as
 * the law asks, and tied to no account any more.
 */
export function createOrderPersonalData({ orders }: { orders: Pick<OrderRepository, 'page' | 'changeBuyer'> }): {
  source: PersonalDataSource;
  handler: EventHandler;
} {
  return {
    source: {
      name: 'orders',
      collect: async (userId) => {
        const all: unknown[] = [];
        for (let last: Order | undefined; ;) {
          const found = await orders.page({ userId }, PAGE, last);
          const page = found.slice(0, PAGE);
          all.push(...page.map(toOrderDto));
          last = page.at(-1);
          if (found.length <= PAGE) return all;
        }
      },
    },
    handler: defineHandler({
      name: 'orders.unlink-of-user',
      event: userRemoved,
      handle: ({ payload: { userId } }, { tx }) => orders.changeBuyer(userId, REMOVED_BUYER, tx),
    }),
  };
}
