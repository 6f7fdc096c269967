import { altsOf, recordOf, toCard } from '../product-mapping.ts';
import type { ProductDoc, VariantDoc } from '../product.model.ts';
import type { AdminProductDetailDto, AdminProductDto } from './product-admin.contracts.ts';

/** Document to what lists for administrators show. */
export function toAdminProduct(doc: ProductDoc): AdminProductDto {
  const { id, slug, title, brand, image, price, variantCount } = toCard(doc);
  return {
    ...{ id, slug, title, brand, image, price, variantCount },
    status: doc.status,
    ...(doc.publishAt === undefined ? {} : { publishAt: doc.publishAt }),
    listed: doc.listed,
    deletedAt: doc.deletedAt,
    available: doc.variants.reduce((sum, variant) => sum + Math.max(0, variant.available), 0),
    updatedAt: doc.updatedAt,
  };
}

/** Document to all that administrators see of it. */
export function toAdminProductDetail(doc: ProductDoc): AdminProductDetailDto {
  const { currency } = doc;
  return {
    ...toAdminProduct(doc),
    description: doc.description,
    categories: doc.categories.map(({ id, name, slug }) => ({ id, name, slug })),
    taxClass: doc.taxClass,
    options: doc.options.map(({ name, values }) => ({ name, values: [...values] })),
    attributes: recordOf(doc.attributes),
    images: [...doc.images],
    imageAlts: altsOf(doc),
    variants: doc.variants.map((variant) => toVariant(variant, currency)),
    removedVariants: (doc.removedVariants ?? []).map((variant) => ({
      ...toVariant(variant, currency),
      removedAt: variant.removedAt,
    })),
    version: doc.revision ?? 0,
  };
}

function toVariant(variant: VariantDoc, currency: string): AdminProductDetailDto['variants'][number] {
  const { id, sku, options, price, salePrice, saleFrom, saleUntil, image, available } = variant;
  return {
    ...{ id, sku, options: recordOf(options), price: { amount: price, currency }, available },
    ...(salePrice === undefined ? {} : { salePrice: { amount: salePrice, currency } }),
    ...(saleFrom === undefined ? {} : { saleFrom }),
    ...(saleUntil === undefined ? {} : { saleUntil }),
    ...(image === undefined ? {} : { image }),
  };
}
