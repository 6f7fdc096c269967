import { DomainError } from '@cartwright/domain-errors';
import { newId, type Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { PasswordHasher } from '@cartwright/platform-security';
import type { SignedInDto } from './accounts.contracts.ts';
import { userRegistered } from './accounts.events.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { SignIn, SignInFacts } from './sign-in.ts';
import { isEmailTaken, type UserRepository } from './user-repository.ts';
import type { User } from './user.ts';

/** Making accounts. */
export function createRegistration(dependencies: {
  users: Pick<UserRepository, 'byEmail' | 'insert'>;
  passwords: Pick<PasswordHasher, 'hash'>;
  limits: Pick<AuthLimits, 'registering'>;
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  signIn: SignIn;
  clock: () => Date;
}) {
  const { users, passwords, limits, mongo, outbox, signIn, clock } = dependencies;

  /** Writes a new user with its event. Throws EMAIL_TAKEN. */
  async function createUser(facts: Pick<User, 'email' | 'name' | 'role' | 'emailVerifiedAt'> & { password: string }) {
    const { password, ...rest } = facts;
    const passwordHash = await passwords.hash(password);
    const user: User = { ...rest, id: newId(), passwordHash, createdAt: clock(), version: 1 };
    const event = {
      event: userRegistered,
      aggregateId: user.id,
      aggregateVersion: user.version,
      payload: { userId: user.id, role: user.role },
      occurredAt: user.createdAt,
    };
    try {
      await mongo.transaction(async (tx) => {
        await users.insert(user, tx);
        await outbox.append(tx, [event]);
      });
    } catch (error) {
      if (isEmailTaken(error)) throw new DomainError('EMAIL_TAKEN');
      throw error;
    }
    return user;
  }

  return {
    createUser,

    /** Makes an account and signs in. Throws EMAIL_TAKEN, RATE_LIMITED. */
    async register(input: { email: string; password: string; name: string }, facts: SignInFacts): Promise<SignedInDto> {
      await limits.registering(facts.ip);
      // Known already: no need to spend a password hash.
      if (await users.byEmail(input.email)) throw new DomainError('EMAIL_TAKEN');
      return signIn(await createUser({ ...input, role: 'customer', emailVerifiedAt: null }), facts);
    },
  };
}
