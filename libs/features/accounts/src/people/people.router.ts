import { requirePermission, requireStepUp, router, withIdempotency, type Idempotency } from '@cartwright/api-core';
import { okOutput } from '../accounts.contracts.ts';
import {
  banInput,
  inviteInput,
  listPeopleInput,
  listPeopleOutput,
  personDetailsSchema,
  personInput,
  personSchema,
  personSessionsOutput,
  revokeSessionsInput,
  setRoleInput,
} from './people.contracts.ts';
import type { People } from './people.ts';

const target = { kind: 'user', field: 'userId' };

/** `admin.users.*`. Every change needs a step-up, and stands with every look at a person in the audit log. */
export function createAdminUsersRouter({ people, idempotency }: { people: People; idempotency: Idempotency }) {
  const reading = requirePermission('users.read', { personal: true, target });
  const managing = (fields: readonly string[] = []) =>
    requirePermission('users.manage', { target, fields }).use(requireStepUp);

  return router({
    list: reading
      .input(listPeopleInput)
      .output(listPeopleOutput)
      .query(({ input }) => people.list(input)),
    byId: reading
      .input(personInput)
      .output(personDetailsSchema)
      .query(({ input }) => people.byId(input.userId)),
    sessions: reading
      .input(personInput)
      .output(personSessionsOutput)
      .query(async ({ input }) => ({ items: await people.sessions(input.userId) })),
    ban: managing(['from', 'until'])
      .input(banInput)
      .output(personSchema)
      .mutation(({ ctx, input }) => people.ban(ctx.principal.userId, input)),
    cancelBan: managing()
      .input(personInput)
      .output(personSchema)
      .mutation(({ ctx, input }) => people.cancelBan(ctx.principal.userId, input.userId)),
    unban: managing()
      .input(personInput)
      .output(personSchema)
      .mutation(({ ctx, input }) => people.unban(ctx.principal.userId, input.userId)),
    setRole: managing(['role'])
      .input(setRoleInput)
      .output(personSchema)
      .mutation(({ ctx, input }) => people.setRole(ctx.principal.userId, input)),
    resetTwoFactor: managing()
      .input(personInput)
      .output(personSchema)
      .mutation(({ ctx, input }) => people.resetTwoFactor(ctx.principal.userId, input.userId)),
    invite: managing(['role'])
      .input(withIdempotency(inviteInput))
      .use(idempotency.optional)
      .output(personSchema)
      .mutation(({ ctx, input }) => people.invite(ctx.principal.userId, input)),
    cancelInvite: managing()
      .input(personInput)
      .output(okOutput)
      .mutation(async ({ ctx, input }) => {
        await people.cancelInvite(ctx.principal.userId, input.userId);
        return { ok: true } as const;
      }),
    revokeSessions: managing(['sessionId'])
      .input(revokeSessionsInput)
      .output(okOutput)
      .mutation(async ({ ctx, input }) => {
        await people.revokeSessions(ctx.principal.userId, input);
        return { ok: true } as const;
      }),
  });
}
