import { authedProcedure, requireStepUp, router } from '@cartwright/api-core';
import { okOutput } from './accounts.contracts.ts';
import {
  disableTwoFactorInput,
  enableTwoFactorInput,
  recoveryCodesOutput,
  regenerateRecoveryCodesInput,
  twoFactorSetupOutput,
  twoFactorStatusOutput,
} from './two-factor.contracts.ts';
import type { TwoFactorSettings } from './two-factor-settings.ts';

/** Whoever changes the second factor could lock the owner out: each change asks for a step-up. */
const guardedProcedure = authedProcedure.use(requireStepUp);

/** `account.twoFactor.*` */
export function createTwoFactorRouter({ twoFactor }: { twoFactor: TwoFactorSettings }) {
  return router({
    status: authedProcedure.output(twoFactorStatusOutput).query(({ ctx }) => twoFactor.status(ctx.principal)),
    setup: guardedProcedure.output(twoFactorSetupOutput).mutation(({ ctx }) => twoFactor.setup(ctx.principal)),
    enable: guardedProcedure
      .input(enableTwoFactorInput)
      .output(recoveryCodesOutput)
      .mutation(({ input, ctx }) => twoFactor.enable(ctx.principal, input.code, ctx)),
    disable: guardedProcedure
      .input(disableTwoFactorInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await twoFactor.disable(ctx.principal, input, ctx);
        return { ok: true } as const;
      }),
    regenerateRecoveryCodes: guardedProcedure
      .input(regenerateRecoveryCodesInput)
      .output(recoveryCodesOutput)
      .mutation(({ input, ctx }) => twoFactor.regenerateRecoveryCodes(ctx.principal, input?.code, ctx)),
  });
}
