import type { Principal } from '@cartwright/api-core';
import { DomainError } from '@cartwright/domain-errors';
import type { Mongo } from '@cartwright/platform-mongo';
import type { UserDto } from './accounts.contracts.ts';
import type { UserRepository } from './user-repository.ts';
import { toUserDto } from './user.ts';

/** What users say of themselves. */
export function createProfile(dependencies: {
  users: Pick<UserRepository, 'byId' | 'save'>;
  mongo: Pick<Mongo, 'transaction'>;
}) {
  const { users, mongo } = dependencies;
  return {
    /** Changes the caller's name. */
    update: ({ userId }: Principal, { name }: { name: string }): Promise<UserDto> =>
      mongo.transaction(async (tx) => {
        const user = await users.byId(userId, tx);
        if (!user) throw new DomainError('UNAUTHENTICATED');
        const renamed = { ...user, name };
        await users.save(renamed, tx);
        return toUserDto(renamed);
      }),
  };
}
