import { available } from '@cartwright/domain-stock';
import { defineOutsideHandler, type EventHandler } from '@cartwright/platform-outbox';
import { stockChanged } from './inventory.events.ts';
import type { AvailabilityPort } from './inventory.ports.ts';
import type { StockRepository } from './stock-repository.ts';

/** Reactions to stock that moved: the catalog's copy is brought up to the level of now. */
export function createInventoryHandlers({
  stock,
  availability,
}: {
  stock: Pick<StockRepository, 'levels'>;
  availability: AvailabilityPort;
}): EventHandler[] {
  return [
    defineOutsideHandler({
      name: 'inventory.publish-availability',
      event: stockChanged,
      handle: async ({ id, payload }) => {
        for (const level of await stock.levels(payload.variantIds)) {
          await availability.applyStock({ variantId: level._id, available: available(level), version: level.version });
        }
        // Also when nothing was taken over: a try before this one may have ended right between the two.
        await availability.announce(payload.variantIds, id);
      },
    }),
  ];
}
