import { createHmac } from 'node:crypto';
import { notFound } from '@cartwright/domain-errors';
import { hashToken, networkOf, randomToken } from '@cartwright/platform-security';
import type { GuestAccess, Order } from './order.ts';

/** Links that open an order at a time: the first, which its mails carry, and the latest. Mails may overtake each other. */
const KEPT_TOKENS = 6;

/** Who asks for an order: a signed-in user, whoever holds the token of a guest's order, or somebody who is both. */
export interface OrderCaller {
  readonly userId?: string | undefined;
  readonly orderToken?: string | undefined;
}

/** The order, when it is the caller's: their account's, or opened by the token they hold. Throws NOT_FOUND. */
export function requireOwn(order: Order | null, { userId, orderToken }: OrderCaller): Order {
  if (order && userId !== undefined && order.userId === userId) return order;
  if (order?.guest && orderToken !== undefined && order.guest.tokenHashes.includes(hashToken(orderToken))) return order;
  throw notFound('order');
}

/**
 * The token of a seed: 256 bit, HMAC-SHA256 under the server's secret. Orders, events and mails that wait hold the seed
 * alone, so none of them is of use to whoever reads the database; and a repeated placement answers the same token.
 */
export const orderTokenOf = (secret: string, seed: string): string =>
  createHmac('sha256', secret).update('order\0').update(seed).digest('base64url');

/** Makes what opens guests' orders. `secret`: at least 32 characters. */
export function createOrderTokens({ secret }: { secret: string }) {
  const tokenOf = (seed: string): string => orderTokenOf(secret, seed);
  /** Names an address's network without telling it. */
  const networkKey = (ip: string): string =>
    createHmac('sha256', secret).update('network\0').update(networkOf(ip)).digest('base64url');
  return {
    tokenOf,

    /** Access to a new order placed from an address. */
    grant(ip: string): GuestAccess {
      const seed = randomToken();
      return { seed, tokenHashes: [hashToken(tokenOf(seed))], network: networkKey(ip) };
    },

    /** The access with one token more, and that token's seed. */
    renew(access: GuestAccess): { access: GuestAccess; seed: string } {
      const seed = randomToken();
      const [first, ...later] = access.tokenHashes;
      const renewed = [...later, hashToken(tokenOf(seed))].slice(1 - KEPT_TOKENS);
      const tokenHashes = first === undefined ? renewed : [first, ...renewed];
      return { access: { ...access, tokenHashes }, seed };
    },
  };
}

export type OrderTokens = ReturnType<typeof createOrderTokens>;
