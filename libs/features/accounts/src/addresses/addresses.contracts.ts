import { addressOutputSchema, addressSchema, idSchema } from '@cartwright/api-core';
import { z } from 'zod';

const addressUseSchema = z.enum(['shipping', 'billing']);
export type AddressUse = z.infer<typeof addressUseSchema>;

export const ADDRESS_USES: readonly AddressUse[] = addressUseSchema.options;

/** An address that is kept, and what it is proposed for. */
export const savedAddressSchema = z.object({
  id: z.string(),
  address: addressOutputSchema,
  defaultFor: z.array(addressUseSchema),
});
export const addressListOutput = z.object({ items: z.array(savedAddressSchema) });

export const createAddressInput = z.strictObject({
  address: addressSchema,
  defaultFor: z.array(addressUseSchema).max(2).default([]),
});
export const updateAddressInput = z.strictObject({ addressId: idSchema, address: addressSchema });
export const addressIdInput = z.strictObject({ addressId: idSchema });
export const setDefaultAddressInput = z.strictObject({ addressId: idSchema, use: addressUseSchema });

export type SavedAddressDto = z.infer<typeof savedAddressSchema>;
