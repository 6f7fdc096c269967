import { DomainError, invalidInput, notFound } from '@cartwright/domain-errors';
import { currencyInfo } from '@cartwright/domain-money';
import {
  MAXIMUM_RECORDS,
  type CreateTaxRateInput,
  type ShippingMethodInput,
  type ShippingRuleDto,
  type ShopLimits,
  type TaxClassDto,
  type TaxRateDto,
  type UpdateSettingsInput,
} from './settings.contracts.ts';

/** What administrators set, as one: whoever reads it sees all of a change or none. */
export interface ShopRules {
  readonly limits: ShopLimits;
  readonly shipping: readonly ShippingRuleDto[];
  readonly taxClasses: readonly TaxClassDto[];
  readonly taxRates: readonly Omit<TaxRateDto, 'id'>[];
}

/** What rules are checked against, and no administrator sets. */
export interface ShopFacts {
  readonly currency: string;
  /** Countries the shop ships to, by code. */
  readonly countries: readonly string[];
}

/** The class that goods have by default: always there. */
export const STANDARD_CLASS = 'standard';

/** A rate is known by what it is for. */
export const rateId = ({ taxClass, country }: Pick<TaxRateDto, 'taxClass' | 'country'>): string =>
  country === undefined ? taxClass : `${country}-${taxClass}`;

/** The rules with other limits. Throws INVALID_INPUT when a hold would outlast its order. */
export function withLimits(rules: ShopRules, change: UpdateSettingsInput): ShopRules {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const limits: ShopLimits = { ...rules.limits, ...Object.fromEntries(given) };
  if (limits.stockHoldSeconds > limits.orderExpirySeconds) {
    throw invalidInput('Stock is not held for longer than an order lives');
  }
  return { ...rules, limits };
}

/** The rules with one method more. Throws CODE_TAKEN, or INVALID_INPUT by what it names. */
export function addMethod(rules: ShopRules, method: ShippingMethodInput, facts: ShopFacts): ShopRules {
  if (rules.shipping.some(({ id }) => id === method.id)) throw new DomainError('CODE_TAKEN');
  requireRoom(rules.shipping);
  return { ...rules, shipping: [...rules.shipping, checkedMethod(rules, method, facts)] };
}

/** The rules with a method written anew, in its place. Throws NOT_FOUND or INVALID_INPUT. */
export function replaceMethod(rules: ShopRules, method: ShippingMethodInput, facts: ShopFacts): ShopRules {
  requireFound(rules.shipping, method.id, 'shipping method');
  const checked = checkedMethod(rules, method, facts);
  return { ...rules, shipping: rules.shipping.map((one) => (one.id === method.id ? checked : one)) };
}

/** The rules without a method. Throws NOT_FOUND, and LAST_SHIPPING_METHOD: nothing could be ordered without any. */
export function removeMethod(rules: ShopRules, id: string): ShopRules {
  requireFound(rules.shipping, id, 'shipping method');
  if (rules.shipping.length === 1) throw new DomainError('LAST_SHIPPING_METHOD');
  return { ...rules, shipping: rules.shipping.filter((one) => one.id !== id) };
}

/** The rules with one class more. Throws CODE_TAKEN. */
export function addClass(rules: ShopRules, taxClass: TaxClassDto): ShopRules {
  if (rules.taxClasses.some(({ id }) => id === taxClass.id)) throw new DomainError('CODE_TAKEN');
  requireRoom(rules.taxClasses);
  return { ...rules, taxClasses: [...rules.taxClasses, taxClass] };
}

/** The rules with another label for a class. Throws NOT_FOUND. */
export function renameClass(rules: ShopRules, taxClass: TaxClassDto): ShopRules {
  requireFound(rules.taxClasses, taxClass.id, 'tax class');
  return { ...rules, taxClasses: rules.taxClasses.map((one) => (one.id === taxClass.id ? taxClass : one)) };
}

/** The rules without a class and its rates. Throws NOT_FOUND, and IN_USE for that of a shipping method and the standard. */
export function removeClass(rules: ShopRules, id: string): ShopRules {
  requireFound(rules.taxClasses, id, 'tax class');
  if (id === STANDARD_CLASS) throw new DomainError('IN_USE', { what: 'tax class' });
  if (rules.shipping.some(({ taxClass }) => taxClass === id))
    throw new DomainError('IN_USE', { what: 'shipping method' });
  return {
    ...rules,
    taxClasses: rules.taxClasses.filter((one) => one.id !== id),
    taxRates: rules.taxRates.filter(({ taxClass }) => taxClass !== id),
  };
}

/** The rules with one rate more. Throws CODE_TAKEN where there is one, INVALID_INPUT for an unknown class or country. */
export function addRate(rules: ShopRules, rate: CreateTaxRateInput, facts: ShopFacts): ShopRules {
  requireClass(rules, rate.taxClass);
  if (rate.country !== undefined) requireCountries([rate.country], facts);
  if (rules.taxRates.some((one) => rateId(one) === rateId(rate))) throw new DomainError('CODE_TAKEN');
  requireRoom(rules.taxRates);
  return { ...rules, taxRates: [...rules.taxRates, rate] };
}

/** The rules with another rate in its place. Throws NOT_FOUND. */
export function changeRate(rules: ShopRules, id: string, basisPoints: number): ShopRules {
  requireRate(rules, id);
  return { ...rules, taxRates: rules.taxRates.map((one) => (rateId(one) === id ? { ...one, basisPoints } : one)) };
}

/** The rules without a rate: that for everywhere else counts there. Throws NOT_FOUND. */
export function removeRate(rules: ShopRules, id: string): ShopRules {
  requireRate(rules, id);
  return { ...rules, taxRates: rules.taxRates.filter((one) => rateId(one) !== id) };
}

function checkedMethod(rules: ShopRules, method: ShippingMethodInput, facts: ShopFacts): ShippingRuleDto {
  requireClass(rules, method.taxClass);
  requireCountries(method.countries ?? [], facts);
  const { quantum } = currencyInfo(facts.currency);
  if (method.amount % quantum !== 0 || (method.freeFrom ?? 0) % quantum !== 0) {
    throw invalidInput(`Sums in ${facts.currency} are multiples of ${quantum}`);
  }
  return method;
}

function requireClass(rules: ShopRules, taxClass: string): void {
  if (!rules.taxClasses.some(({ id }) => id === taxClass)) throw invalidInput(`There is no tax class "${taxClass}"`);
}

function requireCountries(countries: readonly string[], facts: ShopFacts): void {
  const unknown = countries.find((code) => !facts.countries.includes(code));
  if (unknown !== undefined) throw invalidInput(`The shop does not ship to ${unknown}`);
}

function requireRate(rules: ShopRules, id: string): void {
  if (!rules.taxRates.some((one) => rateId(one) === id)) throw notFound('tax rate');
}

function requireFound(records: readonly { readonly id: string }[], id: string, what: string): void {
  if (!records.some((record) => record.id === id)) throw notFound(what);
}

function requireRoom(records: readonly unknown[]): void {
  if (records.length >= MAXIMUM_RECORDS) throw invalidInput(`At most ${MAXIMUM_RECORDS} are kept`);
}
