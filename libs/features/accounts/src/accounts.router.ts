import { authedProcedure, identifiedProcedure, publicProcedure, router, type Idempotency } from '@cartwright/api-core';
import {
  changePasswordInput,
  loginInput,
  loginOutput,
  mailedTokenInput,
  okOutput,
  refreshInput,
  refreshOutput,
  registerInput,
  requestPasswordResetInput,
  resendVerificationInput,
  resetPasswordInput,
  revokeSessionInput,
  sessionsListOutput,
  signedInOutput,
  userSchema,
} from './accounts.contracts.ts';
import { acceptInviteInput } from './people/people.contracts.ts';
import type { ClientFacts } from './accounts.ports.ts';
import type { AccountService } from './account-service.ts';
import type { AuthService } from './auth-service.ts';
import type { Identity } from './create-identity.ts';
import { createIdentityProcedures } from './identity.router.ts';
import type { SignInFacts } from './sign-in.ts';
import { stepUpInput, stepUpOutput, verifyTwoFactorInput } from './two-factor.contracts.ts';
import { createTwoFactorRouter } from './two-factor.router.ts';
import type { TwoFactorSettings } from './two-factor-settings.ts';

const ok = { ok: true } as const;

const factsOf = (
  { ip, userAgent, country, cartToken }: ClientFacts & { cartToken?: string | undefined },
  { deviceName }: { deviceName?: string | undefined },
): SignInFacts => ({ ip, userAgent, country, cartToken, deviceName });

/** `auth.*`: signing in and out. */
export function createAuthRouter({ auth }: { auth: AuthService }) {
  return router({
    register: publicProcedure
      .input(registerInput)
      .output(signedInOutput)
      .mutation(({ input, ctx }) => auth.register(input, factsOf(ctx, input))),
    login: publicProcedure
      .input(loginInput)
      .output(loginOutput)
      .mutation(({ input, ctx }) => auth.login(input, factsOf(ctx, input))),
    verifyTwoFactor: publicProcedure
      .input(verifyTwoFactorInput)
      .output(signedInOutput)
      .mutation(({ input, ctx }) => auth.verifyTwoFactor(input, factsOf(ctx, {}))),
    refresh: publicProcedure
      .input(refreshInput)
      .output(refreshOutput)
      .mutation(({ input, ctx }) => auth.refresh(input.refreshToken, ctx)),
    verifyEmail: publicProcedure
      .input(mailedTokenInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await auth.verifyEmail(input.token, ctx);
        return ok;
      }),
    resendVerification: identifiedProcedure
      .input(resendVerificationInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await auth.resendVerification(input, ctx);
        return ok;
      }),
    requestPasswordReset: publicProcedure
      .input(requestPasswordResetInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await auth.requestPasswordReset(input.email, ctx);
        return ok;
      }),
    acceptInvite: publicProcedure
      .input(acceptInviteInput)
      .output(signedInOutput)
      .mutation(({ input, ctx }) => auth.acceptInvite(input, factsOf(ctx, input))),
    resetPassword: publicProcedure
      .input(resetPasswordInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await auth.resetPassword(input, ctx);
        return ok;
      }),
    logout: authedProcedure.output(okOutput).mutation(async ({ ctx }) => {
      await auth.logout(ctx.principal);
      return ok;
    }),
    logoutAll: authedProcedure.output(okOutput).mutation(async ({ ctx }) => {
      await auth.logoutAll(ctx.principal, ctx);
      return ok;
    }),
    stepUp: authedProcedure
      .input(stepUpInput)
      .output(stepUpOutput)
      .mutation(({ input, ctx }) => auth.stepUp(ctx.principal, input, ctx)),
  });
}

/** `account.*`: one's own account and sessions. */
export function createAccountRouter(services: {
  accounts: AccountService;
  auth: AuthService;
  twoFactor: TwoFactorSettings;
  identity: Identity;
  idempotency: Idempotency;
}) {
  const { accounts, auth } = services;
  return router({
    me: authedProcedure.output(userSchema).query(({ ctx }) => accounts.me(ctx.principal)),
    ...createIdentityProcedures(services),
    twoFactor: createTwoFactorRouter(services),
    changePassword: authedProcedure
      .input(changePasswordInput)
      .output(okOutput)
      .mutation(async ({ input, ctx }) => {
        await auth.changePassword(ctx.principal, input, ctx);
        return ok;
      }),
    sessions: router({
      list: authedProcedure
        .output(sessionsListOutput)
        .query(async ({ ctx }) => ({ items: await auth.listSessions(ctx.principal) })),
      revoke: authedProcedure
        .input(revokeSessionInput)
        .output(okOutput)
        .mutation(async ({ input, ctx }) => {
          await auth.revokeSession(ctx.principal, input.sessionId, ctx);
          return ok;
        }),
      revokeOthers: authedProcedure.output(okOutput).mutation(async ({ ctx }) => {
        await auth.revokeOtherSessions(ctx.principal, ctx);
        return ok;
      }),
    }),
  });
}
