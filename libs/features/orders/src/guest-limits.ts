import { DomainError } from '@cartwright/domain-errors';
import type { Tx } from '@cartwright/platform-mongo';
import type { GuestBuyerRepository } from './guest-buyer-repository.ts';
import type { OrderRepository } from './order-repository.ts';
import type { ShopSettingsPort } from './orders.ports.ts';

interface GuestPlacement {
  readonly email: string;
  readonly network: string;
  readonly settings: Pick<ShopSettingsPort, 'maximumPendingOrders' | 'maximumPendingPerNetwork'>;
}

/**
 * Bounds guests' orders that wait for money, which hold stock that others want: by e-mail exactly, by network as well as a
 * count within the transaction can (those that are placed at the same moment don't see each other).
 */
export function createGuestLimits({
  orders,
  guests,
  clock,
}: {
  orders: Pick<OrderRepository, 'countGuestsAwaitingPayment'>;
  guests: Pick<GuestBuyerRepository, 'touch'>;
  clock: () => Date;
}) {
  return {
    /** Throws TOO_MANY_PENDING_ORDERS with the number that is allowed. */
    async require({ email, network, settings }: GuestPlacement, tx: Tx): Promise<void> {
      // Placements of one address conflict on this, so that the count can't be outrun.
      await guests.touch(email, clock(), tx);
      const bounds = [
        { by: { email }, maximum: settings.maximumPendingOrders },
        { by: { network }, maximum: settings.maximumPendingPerNetwork },
      ];
      for (const { by, maximum } of bounds) {
        if ((await orders.countGuestsAwaitingPayment(by, maximum, tx)) >= maximum) {
          throw new DomainError('TOO_MANY_PENDING_ORDERS', { maximum, waitingFor: 'payment' });
        }
      }
    },
  };
}

export type GuestLimits = ReturnType<typeof createGuestLimits>;
