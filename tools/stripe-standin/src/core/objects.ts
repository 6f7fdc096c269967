/** The objects the stand-in keeps, in the shape the API shows them (the fields a shop reads). */

export interface ApiObject {
  id: string;
  object: string;
  created: number;
  livemode: boolean;
  metadata: Record<string, string>;
}

export interface Address {
  line1: string | null;
  line2: string | null;
  city: string | null;
  state: string | null;
  postal_code: string | null;
  country: string | null;
}

export interface Customer extends ApiObject {
  object: 'customer';
  email: string | null;
  name: string | null;
  phone: string | null;
  description: string | null;
  address: Address | null;
  shipping: { name: string; phone: string | null; address: Address } | null;
  balance: number;
  default_source: null;
  invoice_settings: { custom_fields: null; default_payment_method: null; footer: null; rendering_options: null };
}

export interface Product extends ApiObject {
  object: 'product';
  active: boolean;
  name: string;
  description: string | null;
  images: string[];
  marketing_features: [];
  type: 'good' | 'service';
  updated: number;
  url: string | null;
  tax_code: string | null;
}

export interface Price extends ApiObject {
  object: 'price';
  active: boolean;
  billing_scheme: 'per_unit';
  currency: string;
  lookup_key: null;
  nickname: string | null;
  product: string;
  recurring: null;
  tax_behavior: string;
  type: 'one_time';
  unit_amount: number;
  unit_amount_decimal: string;
}

export interface Coupon extends ApiObject {
  object: 'coupon';
  amount_off: number | null;
  currency: string | null;
  duration: 'once' | 'forever' | 'repeating';
  duration_in_months: number | null;
  max_redemptions: number | null;
  name: string | null;
  percent_off: number | null;
  redeem_by: number | null;
  times_redeemed: number;
  valid: boolean;
}

export interface PromotionCode extends ApiObject {
  object: 'promotion_code';
  active: boolean;
  code: string;
  customer: string | null;
  expires_at: number | null;
  max_redemptions: number | null;
  promotion: { type: 'coupon'; coupon: string };
  restrictions: {
    first_time_transaction: boolean;
    minimum_amount: number | null;
    minimum_amount_currency: string | null;
  };
  times_redeemed: number;
}

export interface ShippingRate extends ApiObject {
  object: 'shipping_rate';
  active: boolean;
  delivery_estimate: null;
  display_name: string;
  fixed_amount: { amount: number; currency: string };
  tax_behavior: string;
  tax_code: string | null;
  type: 'fixed_amount';
}

export interface LineItem {
  id: string;
  object: 'item';
  adjustable_quantity: null;
  amount_discount: number;
  amount_subtotal: number;
  amount_tax: number;
  amount_total: number;
  currency: string;
  description: string;
  metadata: Record<string, string>;
  price: Price;
  quantity: number;
}

export interface CheckoutSession extends ApiObject {
  object: 'checkout.session';
  mode: 'payment';
  ui_mode: 'hosted';
  status: 'open' | 'complete' | 'expired';
  payment_status: 'unpaid' | 'paid' | 'no_payment_required';
  url: string | null;
  success_url: string;
  cancel_url: string | null;
  expires_at: number;
  currency: string;
  amount_subtotal: number;
  amount_total: number;
  total_details: { amount_discount: number; amount_shipping: number; amount_tax: number };
  shipping_cost: { amount_subtotal: number; amount_tax: number; amount_total: number; shipping_rate: string } | null;
  shipping_options: { shipping_amount: number; shipping_rate: string }[];
  discounts: { coupon: string; promotion_code: string | null }[];
  client_reference_id: string | null;
  customer: string | null;
  customer_email: string | null;
  customer_details: {
    email: string | null;
    name: string | null;
    phone: null;
    address: null;
    tax_exempt: 'none';
    tax_ids: [];
  } | null;
  payment_intent: string | null;
  payment_method_types: string[];
  locale: string | null;
  submit_type: string | null;
  allow_promotion_codes: boolean | null;
  [setting: string]: unknown;
}

export interface PaymentIntent extends ApiObject {
  object: 'payment_intent';
  amount: number;
  amount_capturable: number;
  amount_received: number;
  canceled_at: number | null;
  cancellation_reason: string | null;
  capture_method: 'automatic';
  client_secret: string;
  confirmation_method: 'automatic';
  currency: string;
  customer: string | null;
  description: string | null;
  last_payment_error: object | null;
  latest_charge: string | null;
  payment_method: string | null;
  payment_method_types: string[];
  processing: object | null;
  receipt_email: string | null;
  status: 'requires_payment_method' | 'requires_confirmation' | 'processing' | 'succeeded' | 'canceled';
}

export interface Charge extends ApiObject {
  object: 'charge';
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  balance_transaction: null;
  billing_details: { email: string | null; name: string | null; phone: null; address: null };
  captured: boolean;
  currency: string;
  customer: string | null;
  description: string | null;
  disputed: boolean;
  failure_code: string | null;
  failure_message: string | null;
  outcome: object;
  paid: boolean;
  payment_intent: string;
  payment_method: string;
  payment_method_details: object;
  receipt_email: string | null;
  receipt_url: string | null;
  refunded: boolean;
  status: 'succeeded' | 'pending' | 'failed';
}

export interface Refund {
  id: string;
  object: 'refund';
  amount: number;
  balance_transaction: null;
  charge: string;
  created: number;
  currency: string;
  failure_reason?: string;
  metadata: Record<string, string>;
  payment_intent: string;
  reason: string | null;
  receipt_number: null;
  status: 'succeeded' | 'pending' | 'requires_action' | 'failed' | 'canceled';
}

export interface Dispute {
  id: string;
  object: 'dispute';
  amount: number;
  /** The money that moved because of it: withdrawn, then perhaps reinstated. */
  balance_transactions: { id: string; object: 'balance_transaction' }[];
  charge: string;
  created: number;
  currency: string;
  evidence: object;
  is_charge_refundable: boolean;
  livemode: boolean;
  metadata: Record<string, string>;
  payment_intent: string;
  reason: string;
  status: 'needs_response' | 'appeal_under_review' | 'won' | 'lost';
}

export interface StripeEvent {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: object; previous_attributes?: object };
  livemode: boolean;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
}

/** A webhook on its way to the shop. Times are Unix milliseconds. */
export interface Delivery {
  id: string;
  event: string;
  type: string;
  url: string;
  status: 'pending' | 'held' | 'delivered' | 'given_up';
  attempts: number;
  created: number;
  next_attempt_at: number;
  last_status: number | null;
  last_error: string | null;
}

/** Something that happens by itself later; `due` is Unix milliseconds of the stand-in's clock. */
export interface ScheduledTask {
  id: string;
  due: number;
  kind: 'settle_payment' | 'settle_refund';
  target: string;
  outcome: 'succeeded' | 'failed';
}

/** The kept answer of a request that carried an Idempotency-Key. */
export interface KeptAnswer {
  id: string;
  fingerprint: string;
  status: number;
  body: string;
  requestId: string;
  created: number;
}
