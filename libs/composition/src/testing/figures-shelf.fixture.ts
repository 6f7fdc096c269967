import type { Mongo } from '@cartwright/platform-mongo';

/** What all reviews of a product that were played add up to. */
export type Ratings = Map<string, { sum: number; count: number }>;

interface Movement {
  variantId: string;
  deltaOnHand: number;
  deltaReserved: number;
}

/** What is left of each variant, the fewest first, from every movement of stock there was. */
export async function recountStock({ connection }: Pick<Mongo, 'connection'>) {
  const left = new Map<string, { onHand: number; reserved: number }>();
  for (const moved of await connection.collection<Movement>('stock_movements').find().toArray()) {
    const { onHand, reserved } = left.get(moved.variantId) ?? { onHand: 0, reserved: 0 };
    left.set(moved.variantId, { onHand: onHand + moved.deltaOnHand, reserved: reserved + moved.deltaReserved });
  }
  return [...left]
    .map(([variantId, level]) => ({ variantId, ...level, available: level.onHand - level.reserved }))
    .toSorted((a, b) => a.available - b.available || (a.variantId < b.variantId ? -1 : 1));
}

/** The ids of what is liked best: by the average that a product would have with five more reviews like the shop's average. */
export function recountRatings(ratings: Ratings): string[] {
  const all = [...ratings.values()];
  const sum = all.reduce((total, one) => total + one.sum, 0);
  const count = all.reduce((total, one) => total + one.count, 0);
  const scores = [...ratings].map(([id, one]) => ({ id, score: ((5 * sum) / count + one.sum) / (5 + one.count) }));
  return scores.toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
}
