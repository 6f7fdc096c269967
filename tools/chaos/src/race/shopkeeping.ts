import { setTimeout as pause } from 'node:timers/promises';
import { isDomainError } from '@cartwright/domain-errors';
import { newIdempotencyKey } from '@cartwright/sdk';
import { patiently } from './patiently.ts';
import type { Stage } from './stage.ts';
import type { Fault } from './steps.ts';

/** A product of a round, as it is imported: at first, and with another price. */
export const productOf = (slug: string, { price, stock }: { price: number; stock: number }) => ({
  ...{ slug, title: `The ${slug}`, brand: 'acme', categories: ['things'] },
  variants: [{ sku: slug.toUpperCase(), price, stock }],
});

/** Changes the shop past its API, as staff may at any moment. */
export async function changeShop(
  fault: Extract<Fault, { what: 'price' | 'recount' | 'coupon-off' }>,
  { cluster, slugs, variants, couponId }: Stage,
): Promise<void> {
  const { catalogImport, services } = cluster.shop.inside;
  switch (fault.what) {
    case 'price': {
      // An import leaves the stock of what is known alone.
      const product = productOf(slugs[fault.product] ?? '', { price: fault.price, stock: 0 });
      await patiently(() => catalogImport.importCatalog({ categories: [], brands: [], products: [product] }));
      return;
    }
    case 'recount': {
      const counted = { variantId: variants[fault.product] ?? '', delta: fault.delta, reason: 'Counted', by: 'race' };
      const key = newIdempotencyKey();
      const intent = { id: key, procedure: 'race.recount', fingerprint: key };
      await patiently(async () => {
        try {
          await services.inventory.adjust(counted, intent);
        } catch (error) {
          // What is reserved can't be counted away.
          if (!isDomainError(error, 'OUT_OF_STOCK')) throw error;
        }
      });
      return;
    }
    case 'coupon-off':
      await patiently(() => services.coupons.setActive(couponId, false));
      await pause(fault.ms);
      await patiently(() => services.coupons.setActive(couponId, true));
  }
}
