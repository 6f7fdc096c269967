import type { PersonalDataSource } from '../accounts.ports.ts';
import type { Addresses } from '../addresses/addresses.ts';
import type { SessionStore } from '../session-store.ts';
import type { UserRepository } from '../user-repository.ts';
import { toUserDto } from '../user.ts';

/** What accounts know of a user themselves; no hash, token or secret is among it. */
export function createOwnData(dependencies: {
  users: Pick<UserRepository, 'byId'>;
  addresses: Pick<Addresses, 'list'>;
  sessions: Pick<SessionStore, 'listOf'>;
}): PersonalDataSource[] {
  const { users, addresses, sessions } = dependencies;
  return [
    {
      name: 'profile',
      collect: async (userId) => {
        const user = await users.byId(userId);
        return user && { ...toUserDto(user), emailVerifiedAt: user.emailVerifiedAt };
      },
    },
    { name: 'addresses', collect: addresses.list },
    {
      name: 'sessions',
      collect: async (userId) =>
        (await sessions.listOf(userId)).map(({ deviceName, ip, userAgent, createdAt, lastSeenAt }) => ({
          ...{ deviceName, ip, userAgent, createdAt, lastSeenAt },
        })),
    },
  ];
}
