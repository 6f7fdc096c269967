import { ApiError } from '../core/api-error.ts';
import type { Context } from '../core/context.ts';
import type { FormTree } from '../core/form-encoding.ts';

type Json = Record<string, unknown>;

/** The `expand` paths of a request. */
export function expandPaths(tree: FormTree): string[] {
  const sent = tree['expand'];
  if (typeof sent !== 'object') return [];
  return Object.values(sent).filter((path) => typeof path === 'string');
}

/** Replaces the ids at the given paths by their objects and adds parts that are left out by default. */
export function expandObject(context: Context, body: object, paths: string[]): object {
  let result: Json = { ...body };
  for (const path of paths) result = expandPath(context, result, path.split('.'), path);
  return result;
}

function expandPath(context: Context, node: Json, parts: string[], whole: string): Json {
  const [name, ...rest] = parts;
  if (name === undefined) return node;
  const value = node[name] ?? includable(context, node, name);
  if (value === undefined) {
    throw new ApiError(400, 'invalid_request_error', `This property cannot be expanded (${whole}).`, {
      param: 'expand',
    });
  }
  if (value === null) return node;
  const found = typeof value === 'string' ? lookUp(context, value, name) : value;
  if (Array.isArray(found)) {
    const items = found.map((item) =>
      isJson(item) && rest.length > 0 ? expandPath(context, item, rest, whole) : item,
    );
    return { ...node, [name]: items };
  }
  if (!isJson(found)) return node;
  return { ...node, [name]: rest.length > 0 ? expandPath(context, found, rest, whole) : found };
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lookUp(context: Context, id: string, name: string): unknown {
  const { store } = context;
  switch (name) {
    case 'customer':
      return store.get('customers', id) ?? id;
    case 'payment_intent':
      return store.get('paymentIntents', id) ?? id;
    case 'latest_charge':
    case 'charge':
      return store.get('charges', id) ?? id;
    case 'product':
      return store.get('products', id) ?? id;
    case 'coupon':
      return store.get('coupons', id) ?? id;
    case 'promotion_code':
      return store.get('promotionCodes', id) ?? id;
    case 'shipping_rate':
      return store.get('shippingRates', id) ?? id;
    default:
      return id;
  }
}

/** Lists that Stripe leaves out unless asked for. */
function includable(context: Context, node: Json, name: string): unknown {
  const id = typeof node['id'] === 'string' ? node['id'] : '';
  if (node['object'] === 'checkout.session' && name === 'line_items') {
    const data = context.store.get('lineItems', id) ?? [];
    return { object: 'list', data, has_more: false, url: `/v1/checkout/sessions/${id}/line_items` };
  }
  if (node['object'] === 'charge' && name === 'refunds') {
    const data = context.store
      .list('refunds')
      .filter((refund) => refund.charge === id)
      .toReversed();
    return { object: 'list', data, has_more: false, url: `/v1/charges/${id}/refunds` };
  }
  return undefined;
}
