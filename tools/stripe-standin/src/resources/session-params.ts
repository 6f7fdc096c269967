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
} from '../core/parameters.ts';
import { MAXIMUM_CHARGE } from '../core/currencies.ts';
import { priceDataParam } from './products.ts';

export const expand = optional(list(text()));
const taxBehavior = optional(oneOf('exclusive', 'inclusive', 'unspecified'));

export const lineItemParam = object({
  price: optional(text()),
  price_data: optional(priceDataParam),
  quantity: optional(integer({ min: 1, max: 999_999 })),
  metadata: optional(metadata()),
});

export const shippingOptionParam = object({
  shipping_rate: optional(text()),
  shipping_rate_data: optional(
    object({
      display_name: text({ max: 100 }),
      type: optional(oneOf('fixed_amount')),
      fixed_amount: object({ amount: integer({ min: 0, max: MAXIMUM_CHARGE }), currency: currency() }),
      metadata: optional(metadata()),
      tax_behavior: taxBehavior,
      tax_code: optional(text()),
      delivery_estimate: anything(),
    }),
  ),
});

/** Settings that change the look of Stripe's page or what it collects; kept and shown back, without further effect. */
export const cosmetic = {
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

/** Everything `POST /v1/checkout/sessions` takes. */
export const createParams = {
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
