import { idSchema } from '@cartwright/api-core';
import { z } from 'zod';

/** Most records of a kind: all of them are read with every quote. */
export const MAXIMUM_RECORDS = 500;

/** A lasting name, chosen when the record is made. */
const slugSchema = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Small letters, digits and single hyphens');
const labelSchema = z.string().trim().min(1).max(80);
const minorUnits = z.number().int().min(0).max(1_000_000_000);
const countrySchema = z.string().regex(/^[A-Z]{2}$/, 'Two-letter country code');
const basisPointsSchema = z.number().int().min(0).max(10_000);
const seconds = z.number().int().min(1).max(31_536_000);

const methodFields = {
  label: labelSchema,
  /** Minor units of the shop's currency. */
  amount: minorUnits,
  /** From this sum of goods on it costs nothing. */
  freeFrom: minorUnits.min(1).optional(),
  taxClass: slugSchema,
  /** Where it is offered; everywhere the shop ships when absent. */
  countries: z.array(countrySchema).min(1).max(250).optional(),
};

export const shippingRuleSchema = z.object({ id: z.string(), ...methodFields });
export const createShippingMethodInput = z.strictObject({ id: slugSchema, ...methodFields });
/** The whole method: what is left out is no rule any more. */
export const updateShippingMethodInput = z.strictObject({ id: slugSchema, ...methodFields });

export const taxClassSchema = z.object({ id: z.string(), label: z.string() });
export const createTaxClassInput = z.strictObject({ id: slugSchema, label: labelSchema });
export const updateTaxClassInput = createTaxClassInput;

export const taxRateSchema = z.object({
  id: z.string(),
  taxClass: z.string(),
  /** Absent: wherever the class has no rate of its own. */
  country: z.string().optional(),
  /** 1 % is 100. */
  basisPoints: z.number().int(),
});
export const createTaxRateInput = z.strictObject({
  taxClass: slugSchema,
  country: countrySchema.optional(),
  basisPoints: basisPointsSchema,
});
export const updateTaxRateInput = z.strictObject({ id: idSchema, basisPoints: basisPointsSchema });

export const recordIdInput = z.strictObject({ id: idSchema });
export const removedOutput = z.object({ ok: z.literal(true) });
const listOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) });
export const shippingMethodsOutput = listOf(shippingRuleSchema);
export const taxClassesOutput = listOf(taxClassSchema);
export const taxRatesOutput = listOf(taxRateSchema);

/** What an administrator sets besides shipping and tax; seconds and counts. */
export const shopLimitsSchema = z.object({
  stockHoldSeconds: seconds,
  orderExpirySeconds: seconds,
  maximumPendingOrders: z.number().int().min(1).max(1_000),
  maximumPendingPerNetwork: z.number().int().min(1).max(1_000_000),
});
export const settingsOutput = shopLimitsSchema.extend({
  currency: z.string(),
  taxMode: z.enum(['exclusive', 'inclusive']),
  /** Where the shop ships at all. */
  countries: z.array(z.object({ code: z.string(), name: z.string() })),
  /** Counts up with every change of any setting. */
  version: z.number().int(),
});
/** What is left out stays as it is. */
export const updateSettingsInput = z.strictObject(shopLimitsSchema.partial().shape);

export type ShippingRuleDto = z.infer<typeof shippingRuleSchema>;
export type TaxClassDto = z.infer<typeof taxClassSchema>;
export type TaxRateDto = z.infer<typeof taxRateSchema>;
export type ShopLimits = z.infer<typeof shopLimitsSchema>;
export type SettingsDto = z.infer<typeof settingsOutput>;
export type ShippingMethodInput = z.output<typeof createShippingMethodInput>;
export type CreateTaxRateInput = z.output<typeof createTaxRateInput>;
export type UpdateSettingsInput = z.output<typeof updateSettingsInput>;
