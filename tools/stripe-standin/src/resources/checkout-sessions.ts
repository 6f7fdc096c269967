import { noSuch, refused } from '../core/api-error.ts';
import { emitEvent, modeId, NO_REQUEST, type Context, type Origin } from '../core/context.ts';
import { displayAmount, minimumCharge, stepOf } from '../core/currencies.ts';
import { randomId } from '../core/ids.ts';
import { createdParam, inRange, pageOf, pageParams } from '../core/lists.ts';
import type { CheckoutSession, LineItem, ShippingRate } from '../core/objects.ts';
import {
  anything,
  bool,
  currency,
  email,
  integer,
  list,
  metadata,
  object,
  oneOf,
  optional,
  text,
  webUrl,
  type Params,
} from '../core/parameters.ts';
import { pathId, route, type Route } from '../core/route.ts';
import { resolveDiscount } from './coupons.ts';
import { findCustomer, mergeMetadata } from './customers.ts';
import { addPrice, findPrice, findProduct, priceDataParam, productOf } from './products.ts';
import { discountByLine } from './session-totals.ts';

const MINUTES = 60;
const HOURS = 60 * MINUTES;
const expand = optional(list(text()));
const taxBehavior = optional(oneOf('exclusive', 'inclusive', 'unspecified'));

const lineItemParam = object({
  price: optional(text()),
  price_data: optional(priceDataParam),
  quantity: optional(integer({ min: 1, max: 999_999 })),
  metadata: optional(metadata()),
});

const shippingOptionParam = object({
  shipping_rate: optional(text()),
  shipping_rate_data: optional(
    object({
      display_name: text({ max: 100 }),
      type: optional(oneOf('fixed_amount')),
      fixed_amount: object({ amount: integer({ min: 0, max: 99_999_999 }), currency: currency() }),
      metadata: optional(metadata()),
      tax_behavior: taxBehavior,
      tax_code: optional(text()),
      delivery_estimate: anything(),
    }),
  ),
});

/** Settings that change the look of Stripe's page or what it collects; kept and shown back, without further effect. */
const cosmetic = {
  adaptive_pricing: anything(),
  after_expiration: anything(),
  billing_address_collection: anything(),
  consent_collection: anything(),
  custom_fields: anything(),
  custom_text: anything(),
  customer_creation: anything(),
  customer_update: anything(),
  integration_identifier: anything(),
  invoice_creation: anything(),
  name_collection: anything(),
  origin_context: anything(),
  payment_method_options: anything(),
  permissions: anything(),
  phone_number_collection: anything(),
  shipping_address_collection: anything(),
  tax_id_collection: anything(),
  wallet_options: anything(),
};

const createParams = {
  mode: oneOf('payment', 'setup', 'subscription'),
  ui_mode: optional(oneOf('hosted', 'hosted_page', 'embedded', 'embedded_page', 'custom', 'elements')),
  line_items: list(lineItemParam, { min: 1, max: 100 }),
  currency: optional(currency()),
  success_url: webUrl(),
  cancel_url: optional(webUrl()),
  client_reference_id: optional(text({ max: 200 })),
  customer: optional(text()),
  customer_email: optional(email()),
  metadata: optional(metadata()),
  expires_at: optional(integer({ min: 0 })),
  discounts: optional(list(object({ coupon: optional(text()), promotion_code: optional(text()) }), { max: 1 })),
  allow_promotion_codes: optional(bool()),
  shipping_options: optional(list(shippingOptionParam, { max: 5 })),
  allowed_payment_method_types: optional(list(text())),
  excluded_payment_method_types: optional(list(text())),
  locale: optional(text()),
  submit_type: optional(oneOf('auto', 'book', 'donate', 'pay', 'subscribe')),
  automatic_tax: optional(object({ enabled: bool() })),
  branding_settings: optional(
    object({
      display_name: optional(text({ max: 100 })),
      background_color: anything(),
      border_style: anything(),
      button_color: anything(),
      font_family: anything(),
      icon: anything(),
      logo: anything(),
    }),
  ),
  payment_intent_data: optional(
    object({
      description: optional(text()),
      metadata: optional(metadata()),
      receipt_email: optional(email()),
      statement_descriptor: anything(),
      statement_descriptor_suffix: anything(),
      capture_method: optional(oneOf('automatic', 'automatic_async')),
      shipping: anything(),
      setup_future_usage: anything(),
      transfer_group: anything(),
    }),
  ),
  ...cosmetic,
  expand,
};

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

function resolveLines(context: Context, sent: ReturnType<typeof lineItemParam.parse>[]): LineItem[] {
  const lines = sent.map((line, index): LineItem => {
    const path = `line_items[${index}]`;
    if ((line.price === undefined) === (line.price_data === undefined)) {
      throw refused('You must specify exactly one of price or price_data for each line item.', { param: path });
    }
    if (line.quantity === undefined) {
      throw refused('Quantity is required. Add `quantity` to your line item.', {
        code: 'parameter_missing',
        param: `${path}[quantity]`,
      });
    }
    let price;
    if (line.price_data === undefined) {
      price = findPrice(context, line.price ?? '', `${path}[price]`);
    } else {
      const product = productOf(context, line.price_data, `${path}[price_data]`, false);
      price = addPrice(context, { ...line.price_data, product: product.id, active: false });
    }
    return {
      id: randomId('li'),
      object: 'item',
      adjustable_quantity: null,
      amount_discount: 0,
      amount_subtotal: price.unit_amount * line.quantity,
      amount_tax: 0,
      amount_total: price.unit_amount * line.quantity,
      currency: price.currency,
      description: findProduct(context, price.product, path).name,
      metadata: line.metadata ?? {},
      price,
      quantity: line.quantity,
    };
  });
  const first = lines[0]?.currency;
  const other = lines.findIndex((line) => line.currency !== first);
  if (other !== -1) {
    throw refused('All line items must have the same currency.', {
      param: `line_items[${other}][price_data][currency]`,
    });
  }
  return lines;
}

function resolveShipping(
  context: Context,
  option: ReturnType<typeof shippingOptionParam.parse>,
  index: number,
  orderCurrency: string,
): ShippingRate {
  const path = `shipping_options[${index}]`;
  const data = option.shipping_rate_data;
  if ((option.shipping_rate === undefined) === (data === undefined)) {
    throw refused('You must specify exactly one of shipping_rate or shipping_rate_data.', { param: path });
  }
  if (!data) {
    const rate = context.store.get('shippingRates', option.shipping_rate ?? '');
    if (!rate) throw noSuch('shipping rate', option.shipping_rate ?? '', `${path}[shipping_rate]`);
    return rate;
  }
  if (data.fixed_amount.currency !== orderCurrency) {
    throw refused('The shipping currency must match the currency of the line items.', {
      param: `${path}[shipping_rate_data][fixed_amount][currency]`,
    });
  }
  const rate: ShippingRate = {
    id: randomId('shr'),
    object: 'shipping_rate',
    active: true,
    created: context.now(),
    livemode: context.livemode,
    metadata: mergeMetadata({}, data.metadata),
    delivery_estimate: null,
    display_name: data.display_name,
    fixed_amount: data.fixed_amount,
    tax_behavior: data.tax_behavior ?? 'unspecified',
    tax_code: data.tax_code ?? null,
    type: 'fixed_amount',
  };
  context.store.put('shippingRates', rate.id, rate);
  return rate;
}

export function shippingCostOf(rate: ShippingRate): NonNullable<CheckoutSession['shipping_cost']> {
  const { amount } = rate.fixed_amount;
  return { amount_subtotal: amount, amount_tax: 0, amount_total: amount, shipping_rate: rate.id };
}

/** Stripe's limits on what can be charged; nothing at all may be due. */
export function checkAmount(amount: number, code: string): void {
  if (amount % stepOf(code) !== 0) {
    throw refused(`Invalid amount: amounts in ${code} must be a multiple of ${stepOf(code)}.`, {
      code: 'invalid_charge_amount',
    });
  }
  const minimum = minimumCharge(code);
  if (amount > 0 && amount < minimum) {
    throw refused(
      `The Checkout Session's total amount due must add up to at least ${displayAmount(minimum, code)} ${code}`,
      { code: 'amount_too_small' },
    );
  }
  if (amount > 99_999_999) {
    throw refused(`The Checkout Session's total amount must be no more than ${displayAmount(99_999_999, code)}`, {
      code: 'amount_too_large',
    });
  }
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
