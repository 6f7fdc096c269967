import { notFound } from '@cartwright/domain-errors';
import type { Role } from '@cartwright/domain-permissions';
import type { Mongo } from '@cartwright/platform-mongo';
import type { SessionStore } from '../session-store.ts';
import type { UserRepository } from '../user-repository.ts';
import type { Authority } from './authority.ts';
import type { BanInput, Bans } from './bans.ts';
import type { createDirectory } from './directory.ts';
import { toPerson } from './directory.ts';
import type { InviteInput, Invites } from './invites.ts';
import type { PersonDto } from './people.contracts.ts';
import type { Roles } from './roles.ts';

/** What administrators do with people; each change answers the user as they are then. */
export function createPeople({
  directory,
  bans,
  roles,
  invites,
  authority,
  mongo,
  resetTwoFactor,
  users,
  sessions,
  clock,
}: {
  directory: ReturnType<typeof createDirectory>;
  bans: Bans;
  roles: Roles;
  invites: Pick<Invites, 'invite' | 'cancelInvite'>;
  authority: Pick<Authority, 'mayManage'>;
  mongo: Pick<Mongo, 'transaction'>;
  resetTwoFactor: (actorId: string, userId: string) => Promise<void>;
  users: Pick<UserRepository, 'byId'>;
  sessions: Pick<SessionStore, 'load' | 'end' | 'endAllOf'>;
  clock: () => Date;
}) {
  async function person(userId: string): Promise<PersonDto> {
    const user = await users.byId(userId);
    if (!user) throw notFound('user');
    return toPerson(user, clock());
  }

  return {
    ...directory,

    async ban(actorId: string, input: BanInput): Promise<PersonDto> {
      await bans.ban(actorId, input);
      return person(input.userId);
    },
    async cancelBan(actorId: string, userId: string): Promise<PersonDto> {
      await bans.cancelBan(actorId, userId);
      return person(userId);
    },
    async unban(actorId: string, userId: string): Promise<PersonDto> {
      await bans.unban(actorId, userId);
      return person(userId);
    },
    async setRole(actorId: string, input: { userId: string; role: Role }): Promise<PersonDto> {
      await roles.setRole(actorId, input);
      return person(input.userId);
    },

    async invite(actorId: string, input: InviteInput): Promise<PersonDto> {
      return person(await invites.invite(actorId, input));
    },
    cancelInvite: (actorId: string, userId: string): Promise<void> => invites.cancelInvite(actorId, userId),
    async resetTwoFactor(actorId: string, userId: string): Promise<PersonDto> {
      await resetTwoFactor(actorId, userId);
      return person(userId);
    },

    /**
     * Ends a session of the user, or all of them. Throws FORBIDDEN, and NOT_FOUND, also for a session of somebody else.
     */
    async revokeSessions(
      actorId: string,
      { userId, sessionId }: { userId: string; sessionId?: string | undefined },
    ): Promise<void> {
      await mongo.transaction((tx) => authority.mayManage(actorId, tx));
      await person(userId);
      if (sessionId === undefined) return sessions.endAllOf(userId);
      const session = await sessions.load(sessionId);
      if (session?.userId !== userId) throw notFound('session');
      await sessions.end(userId, [sessionId]);
    },
  };
}

export type People = ReturnType<typeof createPeople>;
