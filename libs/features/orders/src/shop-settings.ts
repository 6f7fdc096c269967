import type { Money } from '@cartwright/domain-money';
import type { TaxMode } from '@cartwright/domain-pricing';
import type { PaymentOption, ShopSettingsPort } from './orders.ports.ts';

/** A way to ship as the operator sets it up. Amounts in minor units of the shop's currency. */
export interface ShippingRule {
  readonly id: string;
  readonly label: string;
  readonly amount: number;
  /** From this sum of goods on it costs nothing. */
  readonly freeFrom?: number | undefined;
  readonly taxClass: string;
  /** ISO 3166-1 alpha-2 codes; everywhere the shop ships when absent. */
  readonly countries?: readonly string[] | undefined;
}

/** A way to pay as the operator sets it up. */
export interface PaymentRule extends PaymentOption {
  /** Least total it is offered for, in minor units. A total of zero is always payable. */
  readonly minimum?: number;
}

export interface ShopSettingsData extends Omit<ShopSettingsPort, 'shippingOptions' | 'paymentOptions' | 'taxRates'> {
  readonly currency: string;
  readonly taxMode: TaxMode;
  /** Where the shop ships at all, by ISO 3166-1 alpha-2 code. */
  readonly countries: readonly string[];
  readonly shipping: readonly ShippingRule[];
  readonly payment: readonly PaymentRule[];
  /** Basis points by tax class, by country; `default` for classes that a country does not name. */
  readonly tax: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Settings as one set of data tells them. */
export function createStaticShopSettings(data: ShopSettingsData): ShopSettingsPort {
  const { shipping, payment, tax, countries, ...fixed } = data;
  const priceOf = (rule: ShippingRule, subtotal: Money): Money => {
    const free = rule.freeFrom !== undefined && subtotal.amount >= rule.freeFrom;
    return { amount: free ? 0 : rule.amount, currency: data.currency };
  };
  return {
    ...fixed,
    shippingOptions: ({ country, subtotal }) =>
      shipping
        .filter((rule) => countries.includes(country) && (rule.countries?.includes(country) ?? true))
        .map((rule) => ({ id: rule.id, label: rule.label, price: priceOf(rule, subtotal), taxClass: rule.taxClass }))
        .toSorted((a, b) => a.price.amount - b.price.amount),
    paymentOptions: ({ total }) =>
      payment
        .filter(({ minimum = 0 }) => total.amount === 0 || total.amount >= minimum)
        .map(({ minimum: _, ...option }) => option),
    taxRates: (country) => ({ ...tax['default'], ...(Object.hasOwn(tax, country) ? tax[country] : {}) }),
  };
}
