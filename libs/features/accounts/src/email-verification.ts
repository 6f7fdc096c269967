import type { Principal } from '@cartwright/api-core';
import { DomainError, invalidInput } from '@cartwright/domain-errors';
import type { Mongo } from '@cartwright/platform-mongo';
import type { AccountTokens } from './account-tokens.ts';
import type { AuditPort, ClientFacts } from './accounts.ports.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { MailRequests } from './mail-requests.ts';
import type { SessionStore } from './session-store.ts';
import { securityEvent } from './security-event.ts';
import type { UserRepository } from './user-repository.ts';
import { normalizeEmail } from './user.ts';

/** Proving that an address is one's own. */
export function createEmailVerification(dependencies: {
  users: Pick<UserRepository, 'byId' | 'save'>;
  sessions: Pick<SessionStore, 'setStanding'>;
  accountTokens: Pick<AccountTokens, 'use' | 'revoke'>;
  mailRequests: Pick<MailRequests, 'ask'>;
  limits: Pick<AuthLimits, 'usingToken' | 'askingForMail'>;
  mongo: Pick<Mongo, 'transaction'>;
  audit: AuditPort;
  clock: () => Date;
}) {
  const { users, sessions, accountTokens, mailRequests, limits, mongo, audit, clock } = dependencies;
  return {
    /**
     * Marks the address verified that the token was mailed to; open sessions know it from their next call on. Throws
     * TOKEN_INVALID when the token is unknown, used, too old, or the account has another address by now.
     */
    async verifyEmail(token: string, facts: ClientFacts): Promise<void> {
      await limits.usingToken(facts.ip);
      const verified = await mongo.transaction(async (tx) => {
        const { userId, emailKey } = await accountTokens.use('verify', token, tx);
        const found = await users.byId(userId, tx);
        if (!found || normalizeEmail(found.email) !== emailKey) throw new DomainError('TOKEN_INVALID');
        await accountTokens.revoke(userId, ['verify'], tx);
        await audit.append(securityEvent('email.verified', userId, facts), tx);
        if (found.emailVerifiedAt === null) await users.save({ ...found, emailVerifiedAt: clock() }, tx);
        return userId;
      });
      await sessions.setStanding(verified, { emailVerified: true });
    },

    /**
     * Mails a new link to an unverified address: the caller's own, or the one given. Answers alike whether the address has
     * an account, is verified, or not. Throws INVALID_INPUT when there is no address.
     */
    async resendVerification(
      { email }: { email?: string | undefined },
      { principal, ip }: { principal: Principal | null; ip: string },
    ): Promise<void> {
      const address = email ?? (principal ? (await users.byId(principal.userId))?.email : undefined);
      if (address === undefined) throw invalidInput('Name the address, or sign in');
      await limits.askingForMail(address, ip);
      await mailRequests.ask('verify', address);
    },
  };
}
