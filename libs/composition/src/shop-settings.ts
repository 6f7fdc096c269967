import { money, proportionOf } from '@cartwright/domain-money';
import {
  createSettingsModel,
  createSettingsRepository,
  createShopSettings,
  createTaxClassHoldsModel,
  type PaymentRule,
  type ShopRules,
  type ShopSettings,
} from '@cartwright/feature-orders';
import type { Config } from '@cartwright/platform-config';
import type { Tx } from '@cartwright/platform-mongo';
import { minimumCharge } from '@cartwright/platform-stripe';
import type { Platform } from './platform.ts';

/** Everywhere the shop ships, by name; goods for other countries can't be ordered. */
export const COUNTRIES = [
  { code: 'AT', name: 'Austria' },
  { code: 'AU', name: 'Australia' },
  { code: 'BE', name: 'Belgium' },
  { code: 'CA', name: 'Canada' },
  { code: 'CH', name: 'Switzerland' },
  { code: 'DE', name: 'Germany' },
  { code: 'DK', name: 'Denmark' },
  { code: 'ES', name: 'Spain' },
  { code: 'FR', name: 'France' },
  { code: 'GB', name: 'United Kingdom' },
  { code: 'IE', name: 'Ireland' },
  { code: 'IT', name: 'Italy' },
  { code: 'JP', name: 'Japan' },
  { code: 'NL', name: 'Netherlands' },
  { code: 'NO', name: 'Norway' },
  { code: 'PL', name: 'Poland' },
  { code: 'PT', name: 'Portugal' },
  { code: 'SE', name: 'Sweden' },
  { code: 'US', name: 'United States' },
] as const;

/** Rates in basis points by tax class. Where a country is missing, the shop's own country decides. */
const TAX_RATES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AT: { standard: 2000, reduced: 1000, zero: 0 },
  BE: { standard: 2100, reduced: 600, zero: 0 },
  CH: { standard: 810, reduced: 260, zero: 0 },
  DE: { standard: 1900, reduced: 700, zero: 0 },
  DK: { standard: 2500, reduced: 2500, zero: 0 },
  ES: { standard: 2100, reduced: 1000, zero: 0 },
  FR: { standard: 2000, reduced: 550, zero: 0 },
  GB: { standard: 2000, reduced: 500, zero: 0 },
  IE: { standard: 2300, reduced: 1350, zero: 0 },
  IT: { standard: 2200, reduced: 1000, zero: 0 },
  NL: { standard: 2100, reduced: 900, zero: 0 },
  PL: { standard: 2300, reduced: 800, zero: 0 },
  PT: { standard: 2300, reduced: 600, zero: 0 },
  SE: { standard: 2500, reduced: 1200, zero: 0 },
  US: { standard: 800, reduced: 300, zero: 0 },
};
const NO_TAX = { standard: 0, reduced: 0, zero: 0 };
const MAXIMUM_PENDING_ORDERS = 10;
const MAXIMUM_PENDING_PER_NETWORK = 50;

/** Payment methods in the order they are offered. */
export const PAYMENT_METHODS = [
  { id: 'stripe_checkout', label: 'Card or wallet', settlement: 'prepaid' },
  { id: 'cash_on_delivery', label: 'Cash on delivery', settlement: 'on_delivery', needsVerifiedEmail: true },
] as const;

const CLASSES = [
  { id: 'standard', label: 'Standard' },
  { id: 'reduced', label: 'Reduced' },
  { id: 'zero', label: 'Zero' },
] as const;

/** A sum in minor units, or the next one that can be paid in the currency. */
const payable = (amount: number, currency: string): number => proportionOf(money(amount, currency), 1, 1).amount;

/** Shipping, tax and limits of a new shop, until its administrators set others. Amounts in minor units. */
export function defaultRules({ shop, limits }: Pick<Config, 'shop' | 'limits'>): ShopRules {
  const ratesOf = (country: string | undefined, rates: Readonly<Record<string, number>>) =>
    Object.entries(rates).map(([taxClass, basisPoints]) => ({
      ...(country === undefined ? {} : { country }),
      taxClass,
      basisPoints,
    }));
  return {
    limits: {
      stockHoldSeconds: shop.stockHoldSeconds,
      orderExpirySeconds: shop.orderExpirySeconds,
      maximumPendingOrders: MAXIMUM_PENDING_ORDERS,
      maximumPendingPerNetwork: MAXIMUM_PENDING_PER_NETWORK * limits.networkFactor,
    },
    shipping: [
      {
        ...{ id: 'standard', label: 'Standard shipping', taxClass: 'standard' },
        ...{ amount: payable(599, shop.currency), freeFrom: payable(10_000, shop.currency) },
      },
      { id: 'express', label: 'Express shipping', amount: payable(1_499, shop.currency), taxClass: 'standard' },
    ],
    taxClasses: CLASSES,
    taxRates: [
      ...ratesOf(undefined, TAX_RATES[shop.country] ?? NO_TAX),
      ...Object.entries(TAX_RATES).flatMap(([country, rates]) => ratesOf(country, rates)),
    ],
  };
}

/** The shop's settings: those of its administrators over those it came with. */
export function composeShopSettings(
  { config, mongo, clock }: Pick<Platform, 'config' | 'mongo' | 'clock'>,
  goods: { hasTaxClass(id: string, tx: Tx): Promise<boolean> },
): ShopSettings {
  const { shop, web } = config;
  return createShopSettings({
    mongo,
    repository: createSettingsRepository({
      settings: createSettingsModel(mongo.connection),
      taxClassHolds: createTaxClassHoldsModel(mongo.connection),
    }),
    defaults: defaultRules(config),
    base: {
      currency: shop.currency,
      taxMode: shop.taxMode,
      countries: COUNTRIES.map(({ code }) => code),
      allowedReturnUrls: shop.allowedReturnUrls,
      returnWindowSeconds: shop.returnWindowSeconds,
      defaultSuccessUrl: `${web.url}/orders/{orderId}?payment=success`,
      defaultCancelUrl: `${web.url}/orders/{orderId}?payment=canceled`,
      payment: paymentRules(shop.currency),
    },
    countries: COUNTRIES,
    goods,
    clock,
  });
}

/** Ways to pay; by card from what Stripe charges at least. */
export function paymentRules(currency: string): PaymentRule[] {
  return PAYMENT_METHODS.map((method) =>
    method.id === 'stripe_checkout' ? { ...method, minimum: minimumCharge(currency).amount } : method,
  );
}
