import type { Principal } from '@cartwright/api-core';
import { DomainError } from '@cartwright/domain-errors';
import type { Mails } from '@cartwright/platform-mail';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { PasswordHasher } from '@cartwright/platform-security';
import type { AccountMails } from './account-mails.ts';
import type { AccountTokens } from './account-tokens.ts';
import { userPasswordChanged } from './accounts.events.ts';
import type { AuditPort, ClientFacts } from './accounts.ports.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { EndSessions } from './ending-sessions.ts';
import type { MailRequests } from './mail-requests.ts';
import type { SecondFactor } from './second-factor.ts';
import { securityEvent } from './security-event.ts';
import type { UserRepository } from './user-repository.ts';
import { normalizeEmail, type User } from './user.ts';

/** Tells one second factor of a user from another. */
const sinceOf = (user: User): number | undefined => user.twoFactor?.enabled?.since.getTime();

/** New passwords: by the one who is signed in, and by mail. */
export function createPasswords(dependencies: {
  users: Pick<UserRepository, 'byId' | 'save'>;
  passwords: PasswordHasher;
  accountTokens: Pick<AccountTokens, 'read' | 'use' | 'revoke'>;
  mailRequests: Pick<MailRequests, 'ask'>;
  secondFactor: Pick<SecondFactor, 'require' | 'clear'>;
  mails: Pick<Mails, 'write'>;
  templates: Pick<AccountMails, 'passwordChanged'>;
  limits: Pick<AuthLimits, 'usingToken' | 'askingForMail' | 'givingPassword' | 'gavePassword'>;
  endSessions: EndSessions;
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  audit: AuditPort;
  clock: () => Date;
}) {
  const { users, passwords, accountTokens, mailRequests, secondFactor, mails, templates, limits, mongo, outbox } =
    dependencies;
  const { endSessions, audit, clock } = dependencies;

  /** The caller's user, once the password was found to fit. Throws INVALID_CREDENTIALS, RATE_LIMITED. */
  async function checkPassword(userId: string, password: string): Promise<User> {
    await limits.givingPassword(userId);
    const user = await users.byId(userId);
    const fits = await passwords.verify(password, user?.passwordHash);
    if (!user || !fits) throw new DomainError('INVALID_CREDENTIALS');
    await limits.gavePassword(userId);
    return user;
  }

  /** Writes the user with another password, takes links and a change of address of before out of use, and tells of it. */
  async function write(user: User, tx: Tx, { at, keptSessionId }: { at: Date; keptSessionId?: string }) {
    await users.save({ ...user, pendingEmail: undefined }, tx);
    await accountTokens.revoke(user.id, ['reset', 'emailChange'], tx);
    await outbox.append(tx, [
      {
        event: userPasswordChanged,
        aggregateId: user.id,
        aggregateVersion: user.version + 1,
        payload: { userId: user.id, ...(keptSessionId === undefined ? {} : { keptSessionId }) },
        occurredAt: at,
      },
    ]);
    const key = `${templates.passwordChanged.name}:${user.id}-${user.version + 1}`;
    await mails.write(tx, { template: templates.passwordChanged, key, to: user.email, data: { at } });
  }

  return {
    checkPassword,

    /**
     * Changes the caller's password and signs out all other devices. Throws INVALID_CREDENTIALS when the current one is
     * wrong, VERSION_CONFLICT when the account changed meanwhile.
     */
    async changePassword(
      principal: Principal,
      { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
      facts: ClientFacts,
    ): Promise<void> {
      const { userId, sessionId } = principal;
      const known = await checkPassword(userId, currentPassword);
      const passwordHash = await passwords.hash(newPassword);
      const at = clock();
      await mongo.transaction(async (tx) => {
        const user = await users.byId(userId, tx);
        if (user?.passwordHash !== known.passwordHash) throw new DomainError('VERSION_CONFLICT', { what: 'user' });
        await write({ ...user, passwordHash }, tx, { at, keptSessionId: sessionId });
        await audit.append({ ...securityEvent('password.changed', userId, facts), sessionId }, tx);
      });
      await endSessions(userId, { except: sessionId });
    },

    /** Mails a link for a new password. Answers alike for every address. Throws RATE_LIMITED. */
    async requestPasswordReset(email: string, { ip }: { ip: string }): Promise<void> {
      await limits.askingForMail(email, ip);
      await mailRequests.ask('reset', email);
    },

    /**
     * Sets a new password by a mailed token and signs out all devices. Whoever has the mail has the address, so it counts as
     * verified from then on. An account with a second factor needs its code too; one whose address was never verified loses
     * the second factor, which may be that of somebody who registered a stranger's address.
     * Throws TOKEN_INVALID, TWO_FACTOR_REQUIRED without a code (the token stays good), and what a wrong code throws.
     */
    async resetPassword(
      { token, newPassword, code }: { token: string; newPassword: string; code?: string | undefined },
      facts: ClientFacts,
    ): Promise<void> {
      await limits.usingToken(facts.ip);
      const { userId } = await accountTokens.read('reset', token);
      const known = await users.byId(userId);
      if (!known) throw new DomainError('TOKEN_INVALID');
      const wasVerified = known.emailVerifiedAt !== null;
      if (wasVerified) await secondFactor.require(known, code, facts);
      const passwordHash = await passwords.hash(newPassword);
      const at = clock();
      await mongo.transaction(async (tx) => {
        const { emailKey } = await accountTokens.use('reset', token, tx);
        const user = await users.byId(userId, tx);
        if (!user || normalizeEmail(user.email) !== emailKey) throw new DomainError('TOKEN_INVALID');
        const isVerified = user.emailVerifiedAt !== null;
        // Verified, or guarded by another second factor, since that was looked at: it must be looked at again.
        const isGuardedAlike = sinceOf(user) === sinceOf(known);
        if (isVerified !== wasVerified || !isGuardedAlike) throw new DomainError('VERSION_CONFLICT', { what: 'user' });
        await write({ ...user, passwordHash, emailVerifiedAt: user.emailVerifiedAt ?? at }, tx, { at });
        if (!isVerified) await secondFactor.clear(userId, tx);
        await audit.append(securityEvent('password.reset', userId, facts), tx);
      });
      await endSessions(userId);
    },
  };
}
