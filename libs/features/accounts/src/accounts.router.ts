import { authedProcedure, publicProcedure, router } from '@cartwright/api-core';
import {
  loginInput,
  okOutput,
  refreshInput,
  refreshOutput,
  registerInput,
  revokeSessionInput,
  sessionsListOutput,
  signedInOutput,
  stepUpInput,
  stepUpOutput,
  userSchema,
} from './accounts.contracts.ts';
import type { AccountService } from './account-service.ts';
import type { AuthService } from './auth-service.ts';
import type { SignInFacts } from './sign-in.ts';

const ok = { ok: true } as const;

const factsOf = (
  { ip, userAgent, cartToken }: { ip: string; userAgent: string; cartToken?: string | undefined },
  { deviceName }: { deviceName?: string | undefined },
): SignInFacts => ({ ip, userAgent, cartToken, deviceName });

/** `auth.*`: signing in and out. */
export function createAuthRouter({ auth }: { auth: AuthService }) {
  return router({
    register: publicProcedure
      .input(registerInput)
      .output(signedInOutput)
      .mutation(({ input, ctx }) => auth.register(input, factsOf(ctx, input))),
    login: publicProcedure
      .input(loginInput)
      .output(signedInOutput)
      .mutation(({ input, ctx }) => auth.login(input, factsOf(ctx, input))),
    refresh: publicProcedure
      .input(refreshInput)
      .output(refreshOutput)
      .mutation(({ input, ctx }) => auth.refresh(input.refreshToken, ctx)),
    logout: authedProcedure.output(okOutput).mutation(async ({ ctx }) => {
      await auth.logout(ctx.principal);
      return ok;
    }),
    logoutAll: authedProcedure.output(okOutput).mutation(async ({ ctx }) => {
      await auth.logoutAll(ctx.principal);
      return ok;
    }),
    stepUp: authedProcedure
      .input(stepUpInput)
      .output(stepUpOutput)
      .mutation(({ input, ctx }) => auth.stepUp(ctx.principal, input, ctx)),
  });
}

/** `account.*`: one's own account and sessions. */
export function createAccountRouter({ accounts, auth }: { accounts: AccountService; auth: AuthService }) {
  return router({
    me: authedProcedure.output(userSchema).query(({ ctx }) => accounts.me(ctx.principal)),
    sessions: router({
      list: authedProcedure
        .output(sessionsListOutput)
        .query(async ({ ctx }) => ({ items: await auth.listSessions(ctx.principal) })),
      revoke: authedProcedure
        .input(revokeSessionInput)
        .output(okOutput)
        .mutation(async ({ input, ctx }) => {
          await auth.revokeSession(ctx.principal, input.sessionId);
          return ok;
        }),
    }),
  });
}
