import { z } from 'zod';

/** An id of any record: opaque to clients, at most 64 characters. */
export const idSchema = z.string().trim().min(1).max(64);

/** Money: a safe integer in the currency's minor units (cents for USD, yen for JPY) and an ISO 4217 code. */
export const moneySchema = z.strictObject({
  amount: z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER),
  currency: z.string().length(3),
});

/** A quantity on a cart or order line: 1 to 999. */
export const quantitySchema = z.number().int().min(1).max(999);

const line = (max: number) => z.string().trim().min(1).max(max);

/** A postal address; `country` is ISO 3166-1 alpha-2. */
export const addressSchema = z.strictObject({
  name: line(120),
  line1: line(200),
  line2: line(200).optional(),
  city: line(120),
  region: line(120).optional(),
  postalCode: line(20),
  country: z
    .string()
    .trim()
    .regex(/^[A-Za-z]{2}$/, 'Two-letter country code')
    .transform((code) => code.toUpperCase()),
  phone: line(40).optional(),
});

/** An address as it is answered: already normalised. */
export const addressOutputSchema = z.object({
  name: z.string(),
  line1: z.string(),
  line2: z.string().optional(),
  city: z.string(),
  region: z.string().optional(),
  postalCode: z.string(),
  country: z.string(),
  phone: z.string().optional(),
});

/** Keyset pagination: how many (1 to 100, 20 by default) and where to go on, from the last page's `nextCursor`. */
export const pageInput = {
  limit: z.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(500).optional(),
};

/** One page of a list; `nextCursor` is null on the last page, `total` is there where it is cheap to know. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int().optional() });

export type MoneyDto = z.infer<typeof moneySchema>;
export type AddressDto = z.infer<typeof addressOutputSchema>;
