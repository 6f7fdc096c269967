import { noSuch, refused } from '../core/api-error.ts';
import type { Context } from '../core/context.ts';
import { randomId } from '../core/ids.ts';
import { MAXIMUM_CHARGE } from '../core/currencies.ts';
import { createdParam, inRange, pageOf, pageParams } from '../core/lists.ts';
import type { Price, Product } from '../core/objects.ts';
import {
  anything,
  bool,
  currency,
  integer,
  list,
  metadata,
  object,
  oneOf,
  optional,
  text,
} from '../core/parameters.ts';
import { pathId, route, type Route } from '../core/route.ts';
import { mergeMetadata } from './customers.ts';

const taxBehavior = optional(oneOf('exclusive', 'inclusive', 'unspecified'));
const expand = optional(list(text()));

const productFields = {
  description: optional(text({ min: 0, max: 40_000 })),
  images: optional(list(text({ max: 2048 }), { max: 8 })),
  metadata: optional(metadata()),
  tax_code: optional(text()),
};

/** `product_data` inside `price_data` and inside a price. */
export const productDataParam = object({ name: text({ max: 250 }), ...productFields });

/** `price_data` of a Checkout line item. */
export const priceDataParam = object({
  currency: currency(),
  product: optional(text()),
  product_data: optional(productDataParam),
  tax_behavior: taxBehavior,
  unit_amount: integer({ min: 0, max: MAXIMUM_CHARGE }),
});

interface NewProduct {
  name: string;
  description: string | undefined;
  images: string[] | undefined;
  metadata: Record<string, string> | undefined;
  tax_code: string | undefined;
}

export function addProduct(
  context: Context,
  data: NewProduct,
  options: { id?: string; active?: boolean } = {},
): Product {
  const product: Product = {
    id: options.id ?? randomId('prod', 14),
    object: 'product',
    active: options.active ?? true,
    created: context.now(),
    livemode: context.livemode,
    metadata: mergeMetadata({}, data.metadata),
    name: data.name,
    description: data.description || null,
    images: data.images ?? [],
    marketing_features: [],
    type: 'service',
    updated: context.now(),
    url: null,
    tax_code: data.tax_code ?? null,
  };
  context.store.put('products', product.id, product);
  return product;
}

interface NewPrice {
  currency: string;
  unit_amount: number;
  product: string;
  tax_behavior: string | undefined;
  active: boolean;
  nickname?: string | undefined;
  metadata?: Record<string, string> | undefined;
}

export function addPrice(context: Context, data: NewPrice): Price {
  const price: Price = {
    id: randomId('price'),
    object: 'price',
    active: data.active,
    billing_scheme: 'per_unit',
    created: context.now(),
    currency: data.currency,
    livemode: context.livemode,
    lookup_key: null,
    metadata: mergeMetadata({}, data.metadata),
    nickname: data.nickname ?? null,
    product: data.product,
    recurring: null,
    tax_behavior: data.tax_behavior ?? 'unspecified',
    type: 'one_time',
    unit_amount: data.unit_amount,
    unit_amount_decimal: String(data.unit_amount),
  };
  context.store.put('prices', price.id, price);
  return price;
}

export function findProduct(context: Context, id: string, param = 'id'): Product {
  const product = context.store.get('products', id);
  if (!product) throw noSuch('product', id, param);
  return product;
}

export function findPrice(context: Context, id: string, param = 'id'): Price {
  const price = context.store.get('prices', id);
  if (!price) throw noSuch('price', id, param);
  return price;
}

export const productRoutes: Route[] = [
  route(
    'POST',
    '/v1/products',
    {
      id: optional(text()),
      name: text({ max: 250 }),
      active: optional(bool()),
      ...productFields,
      url: anything(),
      expand,
    },
    ({ context, params }) => {
      if (params.id !== undefined && context.store.get('products', params.id)) {
        throw refused('Product already exists.', { code: 'resource_already_exists', param: 'id' });
      }
      const options = {
        ...(params.id === undefined ? {} : { id: params.id }),
        ...(params.active === undefined ? {} : { active: params.active }),
      };
      return addProduct(context, params, options);
    },
  ),
  route('GET', '/v1/products', { ...pageParams, active: optional(bool()), created: createdParam }, (call) => {
    const { active, created } = call.params;
    const rows = call.context.store
      .list('products')
      .filter((row) => (active === undefined || row.active === active) && inRange(row.created, created));
    return pageOf(rows, call.params, '/v1/products', 'product');
  }),
  route('GET', '/v1/products/:id', { expand }, ({ context, path }) => findProduct(context, pathId(path))),
  route(
    'POST',
    '/v1/products/:id',
    { name: optional(text({ max: 250 })), active: optional(bool()), ...productFields, expand },
    ({ context, params, path }) => {
      const kept = findProduct(context, pathId(path));
      const changed: Product = {
        ...kept,
        name: params.name ?? kept.name,
        active: params.active ?? kept.active,
        description: params.description ?? kept.description,
        images: params.images ?? kept.images,
        metadata: mergeMetadata(kept.metadata, params.metadata),
        updated: context.now(),
      };
      context.store.put('products', kept.id, changed);
      return changed;
    },
  ),
  route(
    'POST',
    '/v1/prices',
    {
      currency: currency(),
      unit_amount: integer({ min: 0, max: MAXIMUM_CHARGE }),
      product: optional(text()),
      product_data: optional(productDataParam),
      active: optional(bool()),
      nickname: optional(text()),
      metadata: optional(metadata()),
      tax_behavior: taxBehavior,
      expand,
    },
    ({ context, params }) => {
      const product = productOf(context, params, '');
      return addPrice(context, { ...params, product: product.id, active: params.active ?? true });
    },
  ),
  route(
    'GET',
    '/v1/prices',
    {
      ...pageParams,
      active: optional(bool()),
      product: optional(text()),
      currency: optional(currency()),
      created: createdParam,
    },
    (call) => {
      const { active, product, currency: wanted, created } = call.params;
      const rows = call.context.store
        .list('prices')
        .filter(
          (row) =>
            (active === undefined || row.active === active) &&
            (product === undefined || row.product === product) &&
            (wanted === undefined || row.currency === wanted) &&
            inRange(row.created, created),
        );
      return pageOf(rows, call.params, '/v1/prices', 'price');
    },
  ),
  route('GET', '/v1/prices/:id', { expand }, ({ context, path }) => findPrice(context, pathId(path))),
];

/** The product that price data names, or the one it describes (created inactive-looking, as Checkout does). */
export function productOf(
  context: Context,
  data: { product: string | undefined; product_data: NewProduct | undefined },
  path: string,
  active = true,
): Product {
  const nameOf = (field: string): string => (path === '' ? field : `${path}[${field}]`);
  if (data.product !== undefined && data.product_data !== undefined) {
    throw refused(`You may only specify one of these parameters: product, product_data.`, { param: nameOf('product') });
  }
  if (data.product !== undefined) return findProduct(context, data.product, nameOf('product'));
  if (data.product_data === undefined) {
    throw refused(`You must specify either product or product_data.`, { param: nameOf('product_data') });
  }
  return addProduct(context, data.product_data, { active });
}
