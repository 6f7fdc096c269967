import { authedProcedure, router, withIdempotency, type Idempotency } from '@cartwright/api-core';
import { okOutput } from '../accounts.contracts.ts';
import {
  addressIdInput,
  addressListOutput,
  createAddressInput,
  savedAddressSchema,
  setDefaultAddressInput,
  updateAddressInput,
} from './addresses.contracts.ts';
import type { Addresses } from './addresses.ts';

const ok = { ok: true } as const;

/** `account.addresses.*`: the caller's own. */
export function createAddressesRouter({
  identity,
  idempotency,
}: {
  identity: { readonly addresses: Addresses };
  idempotency: Idempotency;
}) {
  return router({
    list: authedProcedure
      .output(addressListOutput)
      .query(async ({ ctx }) => ({ items: await identity.addresses.list(ctx.principal.userId) })),
    create: authedProcedure
      .input(withIdempotency(createAddressInput))
      .use(idempotency.optional)
      .output(savedAddressSchema)
      .mutation(({ input, ctx }) => identity.addresses.create(ctx.principal.userId, input)),
    update: authedProcedure
      .input(updateAddressInput)
      .output(savedAddressSchema)
      .mutation(({ input, ctx }) => identity.addresses.update(ctx.principal.userId, input)),
    remove: authedProcedure
      .input(addressIdInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await identity.addresses.remove(ctx.principal.userId, input.addressId);
        return ok;
      }),
    setDefault: authedProcedure
      .input(setDefaultAddressInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await identity.addresses.setDefault(ctx.principal.userId, input);
        return ok;
      }),
  });
}
