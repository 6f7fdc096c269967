import type { Composition } from '@cartwright/composition';
import { readDemoData } from './demo-data.ts';
import type { Progress } from './progress.ts';
import { seedCatalog } from './seed-catalog.ts';
import { seedNotifications } from './seed-notifications.ts';
import { seedOrders } from './seed-orders.ts';
import { seedAccounts, seedCoupons, seedReviews } from './seed-people.ts';

export interface SeedOptions {
  /** Products altogether; the demo catalog alone when it is absent or smaller than that. */
  readonly products?: number | undefined;
  /** Leaves the shop alone when it has products. */
  readonly ifEmpty?: boolean;
  readonly skipOrders?: boolean;
  /** The day that the data's distances in days are counted from. */
  readonly now: Date;
  readonly progress: Progress;
}

/** How many records were new. */
export interface SeedResult {
  readonly products: number;
  readonly accounts: number;
  readonly coupons: number;
  readonly reviews: number;
  readonly orders: number;
  readonly notifications: number;
}

export type SeedShop = Pick<Composition, 'catalogImport' | 'importOrders' | 'recallNotifications'> & {
  readonly config: { readonly media: { dir?: string } };
  readonly services: Pick<Composition['services'], 'accounts' | 'catalog' | 'coupons'>;
  readonly importReviews: Composition['importReviews'];
};

/**
 * Fills a shop with the demo catalog, its customers, coupons, reviews, past orders and what was told of them, all through the shop's own import
 * code. What is there already stays as it is, so a second run changes nothing and one that broke off can be repeated.
 * Returns undefined when `ifEmpty` kept it from doing anything.
 */
export async function seedShop(shop: SeedShop, options: SeedOptions): Promise<SeedResult | undefined> {
  const { now, progress, products = 0 } = options;
  const { accounts, catalog, coupons } = shop.services;
  if (options.ifEmpty && (await catalog.count({})) > 0) return undefined;
  const data = readDemoData();
  const newProducts = await seedCatalog({
    shop,
    data,
    count: products,
    now,
    mediaDir: shop.config.media.dir,
    progress,
  });
  const newAccounts = await seedAccounts(accounts, data);
  progress.say(`Accounts: ${newAccounts} new`);
  const newCoupons = await seedCoupons(coupons, data, now);
  const newReviews = await seedReviews(shop.importReviews, data, now);
  progress.say(`Coupons: ${newCoupons} new, reviews: ${newReviews} new`);
  const newOrders = options.skipOrders ? 0 : await seedOrders(shop.importOrders, data, { now, progress });
  const newNotifications = options.skipOrders ? 0 : await seedNotifications(shop, data, now);
  return {
    products: newProducts,
    accounts: newAccounts,
    coupons: newCoupons,
    reviews: newReviews,
    orders: newOrders,
    notifications: newNotifications,
  };
}
