import type { Logger } from '@cartwright/platform-logger';
import { createSharedValue, type Redis } from '@cartwright/platform-redis';
import { z } from 'zod';
import { productCardSchema, type ProductCardDto } from './catalog.contracts.ts';
import type { HomeRepository } from './home-repository.ts';
import { toCard } from './product-mapping.ts';

const COUNT_MAX = 50;
const FRESH_MS = 20_000;
const MAX_AGE_MS = 60_000;

/**
 * What is liked best of all that is listed, sold out or not, at most a minute old. To find it every product is looked at:
 * one instance does so for all, and the answer is kept in Redis; see `createSharedValue`.
 */
export function createBestRated({
  redis,
  logger,
  ratings,
}: {
  redis: Pick<Redis, 'client' | 'key'>;
  logger: Logger;
  ratings: Pick<HomeRepository, 'highestRated'>;
}): (limit: number) => Promise<ProductCardDto[]> {
  const read = createSharedValue({
    ...{ redis, logger },
    name: 'best-rated-1',
    freshMs: FRESH_MS,
    maxAgeMs: MAX_AGE_MS,
    load: async () => (await ratings.highestRated(COUNT_MAX, { soldOut: true })).map(toCard),
    parse: (raw) => z.array(productCardSchema).parse(raw),
  });
  /** So many at most, and no more than 50. */
  return async (limit) => (await read()).slice(0, limit);
}

export type BestRated = ReturnType<typeof createBestRated>;
