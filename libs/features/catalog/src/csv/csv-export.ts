import { toDecimalString } from '@cartwright/domain-money';
import { csvHead, csvLine } from '@cartwright/platform-documents';
import { altsOf, recordOf } from '../product-mapping.ts';
import type { ProductDoc, VariantDoc } from '../product.model.ts';
import { ATTRIBUTE, LIST_SEPARATOR, PRODUCT_COLUMNS, VARIANT_COLUMNS } from './csv-columns.ts';

/** The head of a file that holds products with these attributes. */
export const exportHead = (attributes: readonly string[]): string =>
  csvHead(['slug', ...VARIANT_COLUMNS, ...PRODUCT_COLUMNS, ...attributes.map((name) => ATTRIBUTE + name)]);

/** The lines of a product, one for each variant; the first one tells of the product, too. */
export function exportLines(product: ProductDoc, attributes: readonly string[]): string {
  const told = productCells(product, attributes);
  const nothing = told.map(() => '');
  return product.variants
    .map((variant, place) =>
      csvLine([product.slug, ...variantCells(product, variant), ...(place === 0 ? told : nothing)]),
    )
    .join('');
}

const moment = (at: Date | undefined): string => at?.toISOString() ?? '';
const three = (texts: readonly string[]): string[] => [0, 1, 2].map((place) => texts[place] ?? '');

/** As `VARIANT_COLUMNS`. First stock is for new ones: of those that are there it says nothing. */
function variantCells({ options, currency }: ProductDoc, variant: VariantDoc): string[] {
  const price = (amount: number | undefined): string =>
    amount === undefined ? '' : toDecimalString({ amount, currency });
  const chosen = recordOf(variant.options);
  return [
    ...[variant.sku, ...three(options.map(({ name }) => chosen[name] ?? ''))],
    ...[price(variant.price), price(variant.salePrice), moment(variant.saleFrom), moment(variant.saleUntil), ''],
  ];
}

/** As `PRODUCT_COLUMNS`, and the attributes. */
function productCells(product: ProductDoc, attributes: readonly string[]): string[] {
  const { title, description, brand, categories, taxClass, status, publishAt, options } = product;
  const has = recordOf(product.attributes);
  const alts = altsOf(product);
  return [
    ...[title, description, brand?.slug ?? '', categories.map(({ slug }) => slug).join(LIST_SEPARATOR)],
    ...[taxClass, status, moment(publishAt), ...three(options.map(({ name }) => name))],
    Object.keys(alts).length === 0 ? '' : product.images.map((image) => alts[image] ?? '').join(LIST_SEPARATOR),
    ...attributes.map((name) => has[name] ?? ''),
  ];
}
