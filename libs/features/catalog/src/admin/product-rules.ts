import { DomainError } from '@cartwright/domain-errors';
import { currencyInfo } from '@cartwright/domain-money';
import type { ProductDoc } from '../product.model.ts';
import type { ProductDraft, VariantDraft } from './product-draft.ts';
import { OPTION_VALUES_MAX, PRODUCT_ATTRIBUTES_MAX } from './product-edit.contracts.ts';

/** What is wrong with a draft. `variant` is the place of the variant at fault, `field` its field or the product's. */
export interface DraftProblem {
  readonly variant?: number;
  readonly field: string;
  readonly message: string;
}

/** What the rules go by besides the product: the shop's currency, and the classes that goods are taxed by. */
export interface ProductFacts {
  readonly currency: string;
  readonly taxClasses: ReadonlySet<string>;
}

export const UNKNOWN_TAX_CLASS: DraftProblem = { field: 'taxClass', message: 'There is no such tax class' };

/** How a draft breaks the rules of a product; empty when it breaks none. `before` is what it is to replace. */
export function problemsOf(
  draft: ProductDraft,
  { before, currency, taxClasses }: ProductFacts & { before?: ProductDoc | undefined },
): DraftProblem[] {
  // One that is gone since long ago keeps nobody from changing other things.
  const isTaxed = draft.taxClass === before?.taxClass || taxClasses.has(draft.taxClass);
  return [
    ...(isTaxed ? [] : [UNKNOWN_TAX_CLASS]),
    ...optionProblems(draft),
    ...(Object.keys(draft.attributes).length > PRODUCT_ATTRIBUTES_MAX
      ? [{ field: 'attributes', message: `${PRODUCT_ATTRIBUTES_MAX} attributes at most` }]
      : []),
    ...(draft.publishAt !== undefined && draft.status !== 'active'
      ? [{ field: 'publishAt', message: 'Only active products are published at a time' }]
      : []),
    ...(draft.variants.length === 0 ? [{ field: 'variants', message: 'A product has at least one variant' }] : []),
    ...identityProblems(draft.variants, before),
    ...combinationProblems(draft),
    ...draft.variants.flatMap((variant, place) =>
      priceProblems(variant, currencyInfo(currency).quantum).map((problem) => ({ variant: place, ...problem })),
    ),
    ...imageProblems(draft.variants, before),
  ];
}

/** Throws INVALID_INPUT that names every field at fault. `pathOf` says how the input calls a variant's field. */
export function refuseProblems(
  problems: readonly DraftProblem[],
  pathOf = (variant: number, field: string): string => `variants.${variant}.${field}`,
): void {
  if (problems.length === 0) return;
  const fields = new Map<string, string[]>();
  for (const { variant, field, message } of problems) {
    const path = variant === undefined ? field : pathOf(variant, field);
    fields.set(path, [...(fields.get(path) ?? []), message]);
  }
  throw new DomainError('INVALID_INPUT', { fields: Object.fromEntries(fields) });
}

function optionProblems({ options }: ProductDraft): DraftProblem[] {
  const problems: DraftProblem[] = [];
  const names = options.map(({ name }) => name);
  options.forEach(({ name, values }, place) => {
    if (names.indexOf(name) < place) problems.push({ field: `options.${place}.name`, message: 'This option is there' });
    if (values.length > OPTION_VALUES_MAX) {
      problems.push({ field: `options.${place}.values`, message: `${OPTION_VALUES_MAX} values at most` });
    }
    if (new Set(values).size < values.length) {
      problems.push({ field: `options.${place}.values`, message: 'A value stands twice' });
    }
  });
  return problems;
}

function identityProblems(variants: readonly VariantDraft[], before: ProductDoc | undefined): DraftProblem[] {
  const known = new Set(before?.variants.map(({ id }) => id));
  const seen = { ids: new Set<string>(), skus: new Set<string>() };
  return variants.flatMap(({ id, sku, stock }, variant) => {
    const problems: DraftProblem[] = [];
    if (seen.skus.has(sku)) problems.push({ variant, field: 'sku', message: 'This SKU stands twice' });
    seen.skus.add(sku);
    if (id === undefined) return problems;
    if (!known.has(id) || seen.ids.has(id)) {
      problems.push({ variant, field: 'id', message: 'There is no such variant' });
    }
    seen.ids.add(id);
    if (stock !== undefined) {
      problems.push({ variant, field: 'stock', message: 'The stock of a variant that is there is changed by itself' });
    }
    return problems;
  });
}

/** Each variant has a value for every option of the product, and no two have the same ones. */
function combinationProblems({ options, variants }: ProductDraft): DraftProblem[] {
  const seen = new Set<string>();
  return variants.flatMap((draft, variant) => {
    const chosen = options.map(({ name }) => (Object.hasOwn(draft.options, name) ? draft.options[name] : undefined));
    const isComplete =
      Object.keys(draft.options).length === options.length &&
      options.every(({ values }, place) => values.includes(chosen[place] ?? ''));
    const refused = (message: string) => [{ variant, field: 'options', message }];
    if (!isComplete) return refused('Names one of the values of each option of the product');
    const combination = JSON.stringify(chosen);
    if (seen.has(combination)) return refused('Another variant has the same options');
    seen.add(combination);
    return [];
  });
}

function priceProblems({ price, salePrice, saleFrom, saleUntil }: VariantDraft, quantum: number): DraftProblem[] {
  const problems: DraftProblem[] = [];
  const step = `In steps of ${quantum}`;
  if (price % quantum !== 0) problems.push({ field: 'price', message: step });
  if (salePrice === undefined) {
    if (saleFrom ?? saleUntil) problems.push({ field: 'salePrice', message: 'A sale needs its price' });
    return problems;
  }
  if (salePrice % quantum !== 0) problems.push({ field: 'salePrice', message: step });
  if (salePrice > price) problems.push({ field: 'salePrice', message: 'Not above the price' });
  if (saleFrom && saleUntil && saleUntil <= saleFrom) {
    problems.push({ field: 'saleUntil', message: 'After the beginning' });
  }
  return problems;
}

/** A variant's picture is one of the product's, or the one it had. */
function imageProblems(variants: readonly VariantDraft[], before: ProductDoc | undefined): DraftProblem[] {
  const images = new Set(before?.images);
  const had = new Map(before?.variants.map(({ id, image }) => [id, image]));
  return variants.flatMap(({ id, image }, variant) =>
    image === undefined || images.has(image) || (id !== undefined && had.get(id) === image)
      ? []
      : [{ variant, field: 'image', message: 'One of the pictures of the product' }],
  );
}
