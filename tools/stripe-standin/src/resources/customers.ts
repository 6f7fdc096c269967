import { noSuch } from '../core/api-error.ts';
import type { Context } from '../core/context.ts';
import { randomId } from '../core/ids.ts';
import { createdParam, inRange, pageOf, pageParams } from '../core/lists.ts';
import type { Address, Customer } from '../core/objects.ts';
import { email, list, metadata, object, optional, text, type Param } from '../core/parameters.ts';
import { pathId, route, type Route } from '../core/route.ts';

const unsettable = optional(text({ min: 0 }));
const addressShape = {
  line1: unsettable,
  line2: unsettable,
  city: unsettable,
  state: unsettable,
  postal_code: unsettable,
  country: unsettable,
};
const addressParam: Param<Address> = {
  parse(value, path) {
    const parsed = object(addressShape).parse(value, path);
    const part = (field: string | undefined): string | null => field || null;
    return {
      line1: part(parsed.line1),
      line2: part(parsed.line2),
      city: part(parsed.city),
      state: part(parsed.state),
      postal_code: part(parsed.postal_code),
      country: part(parsed.country),
    };
  },
};

const fields = {
  email: optional(email()),
  name: unsettable,
  phone: unsettable,
  description: unsettable,
  address: optional(addressParam),
  shipping: optional(object({ name: text(), phone: unsettable, address: addressParam })),
  metadata: optional(metadata()),
  expand: optional(list(text())),
};

/** Applies sent metadata on top of what is kept: empty values remove their key. */
export function mergeMetadata(
  kept: Record<string, string>,
  sent: Record<string, string> | undefined,
): Record<string, string> {
  const merged = { ...kept, ...sent };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}

export function findCustomer(context: Context, id: string, param = 'id'): Customer {
  const customer = context.store.get('customers', id);
  if (!customer) throw noSuch('customer', id, param);
  return customer;
}

export const customerRoutes: Route[] = [
  route('POST', '/v1/customers', fields, ({ context, params }) => {
    const customer: Customer = {
      id: randomId('cus', 14),
      object: 'customer',
      created: context.now(),
      livemode: context.livemode,
      metadata: mergeMetadata({}, params.metadata),
      email: params.email ?? null,
      name: params.name || null,
      phone: params.phone || null,
      description: params.description || null,
      address: params.address ?? null,
      shipping: shippingOf(params.shipping),
      balance: 0,
      default_source: null,
      invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    };
    context.store.put('customers', customer.id, customer);
    return customer;
  }),
  route('GET', '/v1/customers', { ...pageParams, created: createdParam, email: optional(text()) }, (call) => {
    const { email: wanted, created } = call.params;
    const rows = call.context.store
      .list('customers')
      .filter((row) => (wanted === undefined || row.email === wanted) && inRange(row.created, created));
    return pageOf(rows, call.params, '/v1/customers', 'customer');
  }),
  route('GET', '/v1/customers/:id', { expand: fields.expand }, ({ context, path }) =>
    findCustomer(context, pathId(path)),
  ),
  route('POST', '/v1/customers/:id', fields, ({ context, params, path }) => {
    const kept = findCustomer(context, pathId(path));
    const changed: Customer = {
      ...kept,
      metadata: mergeMetadata(kept.metadata, params.metadata),
      email: params.email ?? kept.email,
      name: params.name === undefined ? kept.name : params.name || null,
      phone: params.phone === undefined ? kept.phone : params.phone || null,
      description: params.description === undefined ? kept.description : params.description || null,
      address: params.address ?? kept.address,
      shipping: params.shipping ? shippingOf(params.shipping) : kept.shipping,
    };
    context.store.put('customers', kept.id, changed);
    return changed;
  }),
  route('DELETE', '/v1/customers/:id', {}, ({ context, path }) => {
    const { id } = findCustomer(context, pathId(path));
    context.store.remove('customers', id);
    return { id, object: 'customer', deleted: true };
  }),
];

function shippingOf(sent: { name: string; phone: string | undefined; address: Address } | undefined) {
  return sent ? { name: sent.name, phone: sent.phone || null, address: sent.address } : null;
}
