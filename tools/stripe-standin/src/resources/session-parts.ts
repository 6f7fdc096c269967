import { noSuch, refused } from '../core/api-error.ts';
import type { Context } from '../core/context.ts';
import { displayAmount, MAXIMUM_CHARGE, minimumCharge, stepOf } from '../core/currencies.ts';
import { randomId } from '../core/ids.ts';
import type { CheckoutSession, LineItem, ShippingRate } from '../core/objects.ts';
import { mergeMetadata } from './customers.ts';
import { addPrice, findPrice, findProduct, productOf } from './products.ts';
import type { lineItemParam, shippingOptionParam } from './session-params.ts';

/** The lines of a session, priced; products and prices described in passing are created. */
export function resolveLines(context: Context, sent: ReturnType<typeof lineItemParam.parse>[]): LineItem[] {
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

/** A shipping option, created when it is described in passing. */
export function resolveShipping(
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
  if (amount > MAXIMUM_CHARGE) {
    throw refused(`The Checkout Session's total amount must be no more than ${displayAmount(MAXIMUM_CHARGE, code)}`, {
      code: 'amount_too_large',
    });
  }
}
