import {
  authedProcedure,
  identifiedProcedure,
  publicProcedure,
  requireStepUp,
  type Idempotency,
} from '@cartwright/api-core';
import {
  cancelRemovalInput,
  changeEmailInput,
  mailedTokenInput,
  okOutput,
  removeAccountInput,
  removeAccountOutput,
  updateProfileInput,
  userSchema,
} from './accounts.contracts.ts';
import { createAddressesRouter } from './addresses/addresses.router.ts';
import type { Identity } from './create-identity.ts';
import { exportDownloadOutput, exportStatusOutput } from './personal-data/personal-data.contracts.ts';

const ok = { ok: true } as const;

/** Procedures of `account.*` about who the user is, a copy of what is known, and leaving. */
export function createIdentityProcedures({ identity, idempotency }: { identity: Identity; idempotency: Idempotency }) {
  return {
    update: authedProcedure
      .input(updateProfileInput)
      .output(userSchema)
      .mutation(({ input, ctx }) => identity.profile.update(ctx.principal, input)),
    changeEmail: authedProcedure
      .use(requireStepUp)
      .input(changeEmailInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await identity.emailChange.changeEmail(ctx.principal, input.newEmail, ctx);
        return ok;
      }),
    confirmEmailChange: publicProcedure
      .input(mailedTokenInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await identity.emailChange.confirmEmailChange(input.token, ctx);
        return ok;
      }),
    undoEmailChange: publicProcedure
      .input(mailedTokenInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await identity.emailChange.undoEmailChange(input.token, ctx);
        return ok;
      }),
    addresses: createAddressesRouter({ identity, idempotency }),
    exportData: authedProcedure
      .use(requireStepUp)
      .output(exportStatusOutput)
      .mutation(({ ctx }) => identity.personalData.exportData(ctx.principal, ctx)),
    exportStatus: authedProcedure
      .output(exportStatusOutput)
      .query(({ ctx }) => identity.personalData.exportStatus(ctx.principal)),
    exportDownload: authedProcedure
      .use(requireStepUp)
      .output(exportDownloadOutput)
      .mutation(({ ctx }) => identity.personalData.exportDownload(ctx.principal)),
    remove: authedProcedure
      .input(removeAccountInput)
      .output(removeAccountOutput)
      .mutation(({ input, ctx }) => identity.removal.remove(ctx.principal, input, ctx)),
    cancelRemoval: identifiedProcedure
      .input(cancelRemovalInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await identity.removal.cancelRemoval(input, ctx);
        return ok;
      }),
  };
}
