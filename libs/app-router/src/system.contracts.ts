import { z } from 'zod';

export const healthOutput = z.object({ status: z.enum(['ok', 'degraded']), time: z.date() });
export const versionOutput = z.object({ name: z.string(), version: z.string() });

/** What a client must know before it draws anything. */
export const configOutput = z.object({
  shopName: z.string(),
  currency: z.string(),
  taxMode: z.enum(['exclusive', 'inclusive']),
  timezone: z.string(),
  defaultCountry: z.string(),
  countries: z.array(z.object({ code: z.string(), name: z.string() })),
  paymentMethods: z.array(z.object({ id: z.string(), label: z.string() })),
  limits: z.object({
    maxCartLines: z.number().int(),
    maxQuantity: z.number().int(),
    returnWindowDays: z.number().int(),
  }),
  passwordRules: z.object({ minLength: z.number().int(), maxLength: z.number().int() }),
});

export type ShopConfigDto = z.infer<typeof configOutput>;
