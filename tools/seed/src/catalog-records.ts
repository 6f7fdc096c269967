import type { Composition } from '@cartwright/composition';
import type { DemoProduct } from './demo-data.ts';
import { colourOfOptions, picturePath, planPicture, type PicturePlan } from './pictures.ts';

/** A product as the catalog's import takes it. */
export type ImportProduct = NonNullable<
  Parameters<Composition['catalogImport']['importCatalog']>[0]['products']
>[number];

const DAY_MS = 86_400_000;

/** A moment `days` before `now`; negative days lie ahead. */
export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

export interface CatalogRecord {
  readonly product: ImportProduct;
  readonly pictures: readonly PicturePlan[];
}

/**
 * Turns a product of the data files into what the catalog's import takes, with dates counted from `now`.
 * `pictureName` lets products share drawings; each has its own when it is left out.
 */
export function toCatalogRecord(product: DemoProduct, now: Date, pictureName: string = product.slug): CatalogRecord {
  const plans = new Map<string, PicturePlan>();
  const variants = product.variants.map(({ sku, options, price, salePrice, stock }) => {
    const colour = colourOfOptions(options);
    const plan = planPicture(pictureName, product.motif, colour, product.palette);
    plans.set(plan.key, plan);
    return {
      sku,
      options: options ?? {},
      price,
      ...(salePrice !== undefined && product.sale
        ? {
            salePrice,
            saleFrom: daysBefore(now, -product.sale.fromDays),
            saleUntil: daysBefore(now, -product.sale.untilDays),
          }
        : {}),
      ...(colour === undefined ? {} : { image: picturePath(plan) }),
      stock,
    };
  });
  return {
    product: {
      slug: product.slug,
      title: product.title,
      description: product.description,
      brand: product.brand,
      categories: [product.category],
      taxClass: product.taxClass,
      attributes: product.attributes,
      options: product.options ?? [],
      images: [...plans.values()].map(picturePath),
      createdAt: daysBefore(now, product.listedDaysAgo),
      variants,
    },
    pictures: [...plans.values()],
  };
}
