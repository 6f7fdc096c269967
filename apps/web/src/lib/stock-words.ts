import type { RouterOutputs } from '@cartwright/sdk';

export type StockMovement = RouterOutputs['admin']['products']['stockMovements']['items'][number];

/** What happened to the stock, by what did it where that says more than the kind. */
const BY_SOURCE: Readonly<Record<string, string>> = {
  'restock return': 'Came back and is on sale again',
  'restock refund': 'Back on the shelf with a refund',
  'adjust import': 'First stock',
};

const BY_KIND: Record<StockMovement['kind'], string> = {
  hold: 'Set aside for an order',
  release: 'Let go by an order',
  ship: 'Sent in a parcel',
  restock: 'Back on the shelf',
  adjust: 'Corrected',
};

const signed = (count: number): string => (count > 0 ? `+${count}` : `−${-count}`);

/** What a movement was: `Set aside for an order`. */
export const movementWords = ({ kind, source }: Pick<StockMovement, 'kind' | 'source'>): string =>
  BY_SOURCE[`${kind} ${source}`] ?? BY_KIND[kind];

/** By how much it changed what: `−1 in the house, −1 promised`. */
export function movedWords({
  deltaOnHand,
  deltaReserved,
}: Pick<StockMovement, 'deltaOnHand' | 'deltaReserved'>): string {
  const parts = [
    ...(deltaOnHand === 0 ? [] : [`${signed(deltaOnHand)} in the house`]),
    ...(deltaReserved === 0 ? [] : [`${signed(deltaReserved)} promised`]),
  ];
  return parts.join(', ') || 'nothing changed';
}

/** The order that a movement was for; an order that was set aside for anew has a number after its id. */
export const movementOrder = ({ source, sourceId }: Pick<StockMovement, 'source' | 'sourceId'>): string | undefined =>
  source === 'order' ? sourceId.split('/')[0] : undefined;
