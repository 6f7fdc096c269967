import { DomainError } from '@cartwright/domain-errors';
import type { Mails } from '@cartwright/platform-mail';
import { newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { PasswordHasher } from '@cartwright/platform-security';
import type { AccountMails } from './account-mails.ts';
import type { AccountTokens } from './account-tokens.ts';
import type { SignedInDto } from './accounts.contracts.ts';
import { userRegistered } from './accounts.events.ts';
import type { AuditPort, ClientFacts } from './accounts.ports.ts';
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
  accountTokens: Pick<AccountTokens, 'issue' | 'isReserved'>;
  mails: Pick<Mails, 'write'>;
  templates: Pick<AccountMails, 'verify'>;
  audit: AuditPort;
  signIn: SignIn;
  clock: () => Date;
}) {
  const { users, passwords, limits, mongo, outbox, accountTokens, mails, templates, audit, signIn, clock } =
    dependencies;

  /**
   * Writes a new user with its event, the mail that verifies its address, and what `also` adds to the transaction. Throws
   * EMAIL_TAKEN.
   */
  async function createUser(
    facts: Pick<User, 'email' | 'name' | 'role' | 'emailVerifiedAt'> & { password: string },
    { from = {}, also }: { from?: Partial<ClientFacts>; also?: (user: User, tx: Tx) => Promise<void> } = {},
  ) {
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
        if (user.emailVerifiedAt === null) await mailVerification(user, tx);
        const actor = { kind: 'system' as const };
        await audit.append(
          { action: 'registered', actor, target: { kind: 'user', id: user.id }, outcome: 'ok', ...from },
          tx,
        );
        await also?.(user, tx);
      });
    } catch (error) {
      if (isEmailTaken(error)) throw new DomainError('EMAIL_TAKEN');
      throw error;
    }
    return user;
  }

  async function mailVerification({ id, email }: User, tx: Tx): Promise<void> {
    const { seed } = await accountTokens.issue({ kind: 'verify', userId: id, email }, tx);
    const template = templates.verify;
    await mails.write(tx, { template, key: `${template.name}:${id}`, to: email, data: { seed } });
  }

  return {
    createUser,

    /** Makes an account and signs in. Throws EMAIL_TAKEN, RATE_LIMITED. */
    async register(input: { email: string; password: string; name: string }, facts: SignInFacts): Promise<SignedInDto> {
      const { ip, userAgent } = facts;
      await limits.registering(ip);
      // Known already: no need to spend a password hash.
      const isTaken = (await users.byEmail(input.email)) !== null || (await accountTokens.isReserved(input.email));
      if (isTaken) throw new DomainError('EMAIL_TAKEN');
      const user = { ...input, role: 'customer' as const, emailVerifiedAt: null };
      return signIn(await createUser(user, { from: { ip, userAgent } }), facts);
    },
  };
}
