import type { RouterInputs, RouterOutputs } from '@cartwright/sdk';
import { toMajor, toMinor } from '../../../lib/money-input.ts';
import { compact } from '../../../lib/search-params.ts';
import { fromMoment, momentOf } from '../../../lib/moments.ts';

export type ProductDetail = RouterOutputs['admin']['products']['byId'];
export type ProductStatus = ProductDetail['status'];
type CreateInput = RouterInputs['admin']['products']['create'];
type UpdateInput = RouterInputs['admin']['products']['update'];
type Typed = string | number;

/** A version of the product as its fields hold it; prices as people write them, moments in the reader's own time. */
export interface VariantValues {
  /** Names the row while it is edited. */
  key: string;
  /** Missing for one that is new. */
  id?: string;
  sku: string;
  /** A value for each option, in the order of the options. */
  choices: readonly string[];
  price: Typed;
  salePrice: Typed;
  saleFrom: string;
  saleUntil: string;
  image: string | null;
  /** Pieces to begin with, of a new one. */
  stock: Typed;
}

/** What the form for a product holds, as typed. */
export interface ProductValues {
  title: string;
  slug: string;
  description: string;
  brandId: string | null;
  categoryIds: readonly string[];
  taxClass: string;
  options: readonly { name: string; values: readonly string[] }[];
  attributes: readonly { name: string; value: string }[];
  status: ProductStatus;
  publishAt: string;
  variants: readonly VariantValues[];
}

/** Messages by the path of a field: `title`, `variants.2.price`. */
export type FieldErrors = Readonly<Record<string, string>>;

/** A row for a version that is not there yet. */
export const newVariant = (key: string, choices: readonly string[] = []): VariantValues => ({
  ...{ key, sku: '', choices, price: '', salePrice: '', saleFrom: '', saleUntil: '', image: null, stock: 0 },
});

export const EMPTY_PRODUCT: ProductValues = {
  ...{ title: '', slug: '', description: '', brandId: null, categoryIds: [], taxClass: 'standard' },
  ...{ options: [], attributes: [], status: 'draft', publishAt: '' },
  variants: [newVariant('first')],
};

/** A product as the form shows it. */
export function toValues(product: ProductDetail): ProductValues {
  const typed = (money: { amount: number; currency: string } | undefined): Typed =>
    money === undefined ? '' : toMajor(money.amount, money.currency);
  return {
    ...{ title: product.title, slug: product.slug, description: product.description, taxClass: product.taxClass },
    brandId: product.brand?.id ?? null,
    categoryIds: product.categories.map(({ id }) => id),
    options: product.options,
    attributes: Object.entries(product.attributes).map(([name, value]) => ({ name, value })),
    status: product.status,
    publishAt: fromMoment(product.publishAt),
    variants: product.variants.map((variant) => ({
      ...{ key: variant.id, id: variant.id, sku: variant.sku, image: variant.image ?? null, stock: 0 },
      choices: product.options.map(({ name }) => variant.options[name] ?? ''),
      price: typed(variant.price),
      salePrice: typed(variant.salePrice),
      saleFrom: fromMoment(variant.saleFrom),
      saleUntil: fromMoment(variant.saleUntil),
    })),
  };
}

/** What is missing before it can be sent, by field; the API checks it all again. */
export function validateProduct(values: ProductValues, currency: string): FieldErrors {
  const errors: Record<string, string> = {};
  if (values.title.trim() === '') errors['title'] = 'What is it called?';
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(values.slug.trim())) errors['slug'] = 'Lower-case words joined by hyphens';
  if (values.taxClass.trim() === '') errors['taxClass'] = 'How is it taxed?';
  values.options.forEach(({ name, values: choices }, place) => {
    if (name.trim() === '') errors[`options.${place}.name`] = 'What can be chosen?';
    if (choices.length === 0) errors[`options.${place}.values`] = 'Name at least one';
  });
  values.attributes.forEach(({ name, value }, place) => {
    if (name.trim() === '') errors[`attributes.${place}.name`] = 'Name it';
    else if (values.attributes.findIndex((other) => other.name.trim() === name.trim()) < place) {
      errors[`attributes.${place}.name`] = 'This is there already';
    }
    if (value.trim() === '') errors[`attributes.${place}.value`] = 'What is it?';
  });
  values.variants.forEach((variant, place) => {
    if (variant.sku.trim() === '') errors[`variants.${place}.sku`] = 'A SKU tells it apart';
    if (toMinor(variant.price, currency) === undefined) errors[`variants.${place}.price`] = 'What does it cost?';
  });
  return errors;
}

function variantInput(variant: VariantValues, { options }: ProductValues, currency: string) {
  return {
    sku: variant.sku.trim(),
    options: Object.fromEntries(options.map(({ name }, place) => [name.trim(), variant.choices[place] ?? ''])),
    price: toMinor(variant.price, currency) ?? 0,
    ...compact({
      salePrice: toMinor(variant.salePrice, currency),
      saleFrom: momentOf(variant.saleFrom),
      saleUntil: momentOf(variant.saleUntil),
      image: variant.image ?? undefined,
    }),
  };
}

function sharedInput(values: ProductValues) {
  return {
    ...{ title: values.title.trim(), slug: values.slug.trim(), description: values.description },
    ...{ brandId: values.brandId, categoryIds: [...values.categoryIds], taxClass: values.taxClass.trim() },
    attributes: Object.fromEntries(values.attributes.map(({ name, value }) => [name.trim(), value])),
    options: values.options.map(({ name, values: choices }) => ({ name: name.trim(), values: [...choices] })),
    status: values.status,
    ...compact({ publishAt: values.status === 'active' ? momentOf(values.publishAt) : undefined }),
  };
}

/** The form as the API takes it for a new product. */
export function toCreateInput(values: ProductValues, currency: string): CreateInput {
  return {
    ...sharedInput(values),
    variants: values.variants.map((variant) => ({
      ...variantInput(variant, values, currency),
      stock: Number(variant.stock),
    })),
  };
}

/** The form as the API takes it for `product`, as it was when the form was filled. */
export function toUpdateInput(
  values: ProductValues,
  product: Pick<ProductDetail, 'id' | 'version'>,
  currency: string,
): UpdateInput {
  return {
    ...{ id: product.id, expectedVersion: product.version },
    ...sharedInput(values),
    variants: values.variants.map((variant) => ({
      ...variantInput(variant, values, currency),
      ...(variant.id === undefined ? { stock: Number(variant.stock) } : { id: variant.id }),
    })),
  };
}

/** The fields that the API named, as the form calls them. */
export function toFormErrors(fields: Readonly<Record<string, readonly string[]>>, values: ProductValues): FieldErrors {
  return Object.fromEntries(
    Object.entries(fields).map(([path, messages]) => {
      const [attribute, name] = path.split(/^attributes\./).reverse();
      const place = name === undefined ? -1 : values.attributes.findIndex((one) => one.name.trim() === attribute);
      return [place < 0 ? path : `attributes.${place}.value`, messages.join('. ')];
    }),
  );
}

/** What of the errors has no field of its own in the form. */
export function otherErrors(errors: FieldErrors): string[] {
  const ofFields =
    /^(title|slug|description|brandId|categoryIds|taxClass|publishAt|options\.|attributes\.\d|variants\.\d)/;
  return Object.entries(errors)
    .filter(([path]) => !ofFields.test(path))
    .map(([, message]) => message);
}

/** Every way to choose a value of each option, in their order. */
export function combinationsOf(options: ProductValues['options']): string[][] {
  return options.reduce<string[][]>(
    (rows, { values }) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
}

/** The rows that have a SKU which another product has; nothing where it isn't known which one. */
export function skuErrors(sku: string | undefined, { variants }: Pick<ProductValues, 'variants'>): FieldErrors {
  return Object.fromEntries(
    variants.flatMap((variant, place) =>
      variant.sku.trim() === sku ? [[`variants.${place}.sku`, 'Another product has this SKU']] : [],
    ),
  );
}
