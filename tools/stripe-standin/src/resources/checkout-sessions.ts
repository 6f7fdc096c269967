import { noSuch, refused } from '../core/api-error.ts';
import { emitEvent, modeId, NO_REQUEST, type Context, type Origin } from '../core/context.ts';
import { createdParam, inRange, pageOf, pageParams } from '../core/lists.ts';
import type { CheckoutSession, LineItem } from '../core/objects.ts';
import { metadata, object, oneOf, optional, text, type Params } from '../core/parameters.ts';
import { pathId, route, type Route } from '../core/route.ts';
import { resolveDiscount } from './coupons.ts';
import { findCustomer, mergeMetadata } from './customers.ts';
import { cosmetic, createParams, expand } from './session-params.ts';
import { checkAmount, resolveLines, resolveShipping, shippingCostOf } from './session-parts.ts';
import { discountByLine } from './session-totals.ts';

const MINUTES = 60;
const HOURS = 60 * MINUTES;
/** The session with this id, expired first when its time is over. */
export function findSession(context: Context, id: string): CheckoutSession {
  const session = context.store.get('sessions', id);
  if (!session) throw noSuch('checkout.session', id);
  if (session.status === 'open' && session.expires_at <= context.now()) {
    return context.store.transaction(() => expireSession(context, NO_REQUEST, session));
  }
  return session;
}

export function expireSession(context: Context, origin: Origin, session: CheckoutSession): CheckoutSession {
  const expired: CheckoutSession = { ...session, status: 'expired', url: null };
  context.store.put('sessions', session.id, expired);
  context.store.remove('openSessions', session.id);
  emitEvent(context, origin, 'checkout.session.expired', expired);
  return expired;
}

function createSession(context: Context, params: Params<typeof createParams>): CheckoutSession {
  if (params.mode !== 'payment') throw refused('This stand-in supports `mode: payment` only.', { param: 'mode' });
  if (params.ui_mode !== undefined && params.ui_mode !== 'hosted' && params.ui_mode !== 'hosted_page') {
    throw refused('This stand-in supports the hosted page only.', { param: 'ui_mode' });
  }
  if (params.automatic_tax?.enabled) {
    throw refused('This stand-in does not calculate taxes.', { param: 'automatic_tax[enabled]' });
  }
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw refused('You may only specify one of these parameters: customer, customer_email.', { param: 'customer' });
  }
  if (params.discounts?.length && params.allow_promotion_codes) {
    throw refused('You may only specify one of these parameters: allow_promotion_codes, discounts.', {
      param: 'allow_promotion_codes',
    });
  }
  const customer = params.customer === undefined ? null : findCustomer(context, params.customer, 'customer');
  const now = context.now();
  const expiresAt = params.expires_at ?? now + 24 * HOURS;
  // A minute of grace, for a caller whose clock and the network aren't perfect.
  if (expiresAt < now + 29 * MINUTES || expiresAt > now + 24 * HOURS + MINUTES) {
    throw refused(
      'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
      { param: 'expires_at' },
    );
  }

  const lines = resolveLines(context, params.line_items);
  const orderCurrency = lines[0]?.price.currency ?? '';
  if (params.currency !== undefined && params.currency !== orderCurrency) {
    throw refused(`The line items' currency (${orderCurrency}) does not match \`currency\`.`, { param: 'currency' });
  }
  const sentDiscount = params.discounts?.[0];
  const discount = sentDiscount ? resolveDiscount(context, sentDiscount, 'discounts[0]', orderCurrency) : null;
  const discounts = discountByLine(
    discount?.coupon ?? null,
    lines.map((line) => line.amount_subtotal),
  );
  const lineItems: LineItem[] = lines.map((line, index) => {
    const off = discounts[index] ?? 0;
    return { ...line, amount_discount: off, amount_total: line.amount_subtotal - off };
  });
  const rates = (params.shipping_options ?? []).map((option, index) =>
    resolveShipping(context, option, index, orderCurrency),
  );

  const subtotal = lineItems.reduce((sum, line) => sum + line.amount_subtotal, 0);
  const amountDiscount = lineItems.reduce((sum, line) => sum + line.amount_discount, 0);
  const shipping = rates[0]?.fixed_amount.amount ?? 0;
  const skew = context.store.get('settings', 'nextTotalSkew');
  if (typeof skew === 'number') context.store.remove('settings', 'nextTotalSkew');
  const total = subtotal - amountDiscount + shipping + (typeof skew === 'number' ? skew : 0);
  checkAmount(total, orderCurrency);

  const id = modeId(context, 'cs');
  const session: CheckoutSession = {
    ...Object.fromEntries(Object.keys(cosmetic).map((name) => [name, null])),
    id,
    object: 'checkout.session',
    created: now,
    livemode: context.livemode,
    metadata: mergeMetadata({}, params.metadata),
    mode: 'payment',
    ui_mode: 'hosted',
    status: 'open',
    payment_status: 'unpaid',
    url: `${context.publicUrl()}/c/pay/${id}`,
    success_url: params.success_url,
    cancel_url: params.cancel_url ?? null,
    expires_at: expiresAt,
    currency: orderCurrency,
    amount_subtotal: subtotal,
    amount_total: total,
    total_details: { amount_discount: amountDiscount, amount_shipping: shipping, amount_tax: 0 },
    shipping_cost: rates[0] ? shippingCostOf(rates[0]) : null,
    shipping_options: rates.map((rate) => ({ shipping_amount: rate.fixed_amount.amount, shipping_rate: rate.id })),
    discounts: discount ? [{ coupon: discount.coupon.id, promotion_code: discount.promotionCode?.id ?? null }] : [],
    client_reference_id: params.client_reference_id ?? null,
    client_secret: null,
    customer: customer?.id ?? null,
    customer_email: params.customer_email ?? null,
    customer_details: null,
    payment_intent: null,
    payment_link: null,
    payment_method_types: params.allowed_payment_method_types ?? ['card', 'us_bank_account'],
    setup_intent: null,
    subscription: null,
    invoice: null,
    locale: params.locale ?? null,
    submit_type: params.submit_type ?? null,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    recovered_from: null,
  };
  context.store.put('sessions', id, session);
  context.store.put('openSessions', id, expiresAt);
  context.store.put('lineItems', id, lineItems);
  context.store.put('sessionSettings', id, {
    intentMetadata: mergeMetadata({}, params.payment_intent_data?.metadata),
    intentDescription: params.payment_intent_data?.description ?? null,
    shopName: params.branding_settings?.display_name ?? null,
  });
  return session;
}

export const sessionRoutes: Route[] = [
  route('POST', '/v1/checkout/sessions', createParams, ({ context, params }) => createSession(context, params)),
  route(
    'GET',
    '/v1/checkout/sessions',
    {
      ...pageParams,
      created: createdParam,
      customer: optional(text()),
      customer_details: optional(object({ email: text() })),
      payment_intent: optional(text()),
      status: optional(oneOf('open', 'complete', 'expired')),
    },
    (call) => {
      const { created, customer, customer_details: details, payment_intent: intent, status } = call.params;
      const rows = call.context.store
        .list('sessions')
        .map((row) => (row.status === 'open' ? findSession(call.context, row.id) : row))
        .filter(
          (row) =>
            (customer === undefined || row.customer === customer) &&
            (details === undefined || row.customer_details?.email === details.email) &&
            (intent === undefined || row.payment_intent === intent) &&
            (status === undefined || row.status === status) &&
            inRange(row.created, created),
        );
      return pageOf(rows, call.params, '/v1/checkout/sessions', 'checkout.session');
    },
  ),
  route('GET', '/v1/checkout/sessions/:id', { expand }, ({ context, path }) => findSession(context, pathId(path))),
  route(
    'POST',
    '/v1/checkout/sessions/:id',
    { metadata: optional(metadata()), expand },
    ({ context, params, path }) => {
      const kept = findSession(context, pathId(path));
      const changed = { ...kept, metadata: mergeMetadata(kept.metadata, params.metadata) };
      context.store.put('sessions', kept.id, changed);
      return changed;
    },
  ),
  route('POST', '/v1/checkout/sessions/:id/expire', { expand }, ({ context, origin, path }) => {
    const session = findSession(context, pathId(path));
    if (session.status !== 'open') {
      throw refused(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
      );
    }
    return expireSession(context, origin, session);
  }),
  route('GET', '/v1/checkout/sessions/:id/line_items', { ...pageParams }, ({ context, params, path }) => {
    const session = findSession(context, pathId(path));
    const rows = (context.store.get('lineItems', session.id) ?? []).toReversed();
    return pageOf(rows, params, `/v1/checkout/sessions/${session.id}/line_items`, 'item');
  }),
];
