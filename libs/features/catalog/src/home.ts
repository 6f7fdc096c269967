import type { Logger } from '@cartwright/platform-logger';
import { createSharedValue, type Redis } from '@cartwright/platform-redis';
import { homeOutput, type HomeDto } from './catalog.contracts.ts';
import type { CategoryRepository } from './category-repository.ts';
import type { HomeRepository } from './home-repository.ts';
import { toCard } from './product-mapping.ts';
import type { ProductRepository } from './product-repository.ts';

const SHELF = 8;
const CATEGORIES = 12;
const FRESH_MS = 20_000;
/** How long hosts keep what was answered. */
export const HOME_KEPT_MS = 1_000;
/** What is shown is never older than a minute, with that. */
const MAX_AGE_MS = 60_000 - HOME_KEPT_MS;

/**
 * The home page: what sells best, is liked best and is new, and the categories at the top, all of it to be bought when it
 * was looked at. Made by one instance for all, and kept in Redis; see `createSharedValue`.
 */
export function createHome({
  redis,
  logger,
  products,
  ratings,
  categories,
}: {
  redis: Pick<Redis, 'client' | 'key'>;
  logger: Logger;
  products: Pick<ProductRepository, 'page'>;
  ratings: HomeRepository;
  categories: Pick<CategoryRepository, 'allCategories'>;
}): { read: () => Promise<HomeDto> } {
  const shelf = async (sort: 'best_selling' | 'newest') =>
    (await products.page({ inStock: true }, sort, { limit: SHELF })).slice(0, SHELF).map(toCard);

  async function load(): Promise<HomeDto> {
    const [topSelling, newest, highestRated, all, counts] = await Promise.all([
      shelf('best_selling'),
      shelf('newest'),
      ratings.highestRated(SHELF),
      categories.allCategories(),
      ratings.countBuyable(),
    ]);
    const featured = all
      .filter(({ parentId }) => parentId === null)
      .map(({ _id, name, slug }) => ({ id: _id, name, slug, productCount: counts.get(_id) ?? 0 }))
      .filter(({ productCount }) => productCount > 0)
      .slice(0, CATEGORIES);
    return { topSelling, highestRated: highestRated.map(toCard), newest, categories: featured };
  }

  const read = createSharedValue({
    ...{ redis, logger, load },
    name: 'home-1',
    freshMs: FRESH_MS,
    maxAgeMs: MAX_AGE_MS,
    parse: (raw) => homeOutput.parse(raw),
  });
  return { read };
}

export type Home = ReturnType<typeof createHome>;
