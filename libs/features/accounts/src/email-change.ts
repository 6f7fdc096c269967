import type { Principal } from '@cartwright/api-core';
import { DomainError } from '@cartwright/domain-errors';
import type { Mails } from '@cartwright/platform-mail';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { AccountMails } from './account-mails.ts';
import { ACCOUNT_TOKEN_LIFE, type AccountTokens } from './account-tokens.ts';
import { userPasswordChanged } from './accounts.events.ts';
import type { AuditPort, ClientFacts } from './accounts.ports.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { EndSessions } from './ending-sessions.ts';
import type { SecondFactor } from './second-factor.ts';
import { securityEvent } from './security-event.ts';
import type { CarryStanding } from './standing.ts';
import { isEmailTaken, type UserRepository } from './user-repository.ts';
import { NO_PASSWORD, type User } from './user.ts';

/** Another address: asked for by the user, confirmed at the new one, and undone from the old one. */
export function createEmailChange(dependencies: {
  users: Pick<UserRepository, 'byId' | 'byEmail' | 'save'>;
  carryStanding: CarryStanding;
  accountTokens: Pick<AccountTokens, 'issue' | 'use' | 'revoke' | 'isReserved'>;
  secondFactor: Pick<SecondFactor, 'clear'>;
  mails: Pick<Mails, 'write'>;
  templates: Pick<AccountMails, 'emailChange' | 'emailUndo' | 'reset'>;
  limits: Pick<AuthLimits, 'askingForMail' | 'usingToken'>;
  endSessions: EndSessions;
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  audit: AuditPort;
  clock: () => Date;
}) {
  const { users, carryStanding, accountTokens, secondFactor, mails, templates, limits, endSessions } = dependencies;
  const { mongo, outbox, audit, clock } = dependencies;

  /** Runs a change of address; a taken one aborts the transaction and is told outside. */
  async function changing<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await mongo.transaction(work);
    } catch (error) {
      if (isEmailTaken(error)) throw new DomainError('EMAIL_TAKEN');
      throw error;
    }
  }

  const mailKey = (template: { name: string }, { id, version }: User): string => `${template.name}:${id}-${version}`;

  return {
    /**
     * Mails a link to the new address; the old one stays until it is used. Throws EMAIL_TAKEN, also while its former owner
     * may take it back, and RATE_LIMITED.
     */
    async changeEmail({ userId }: Principal, newEmail: string, { ip }: { ip: string }): Promise<void> {
      await limits.askingForMail(newEmail, ip);
      const owner = await users.byEmail(newEmail);
      if (owner || (await accountTokens.isReserved(newEmail, userId))) throw new DomainError('EMAIL_TAKEN');
      await mongo.transaction(async (tx) => {
        const user = await users.byId(userId, tx);
        if (!user) throw new DomainError('UNAUTHENTICATED');
        await users.save({ ...user, pendingEmail: { email: newEmail, askedAt: clock() } }, tx);
        const { seed } = await accountTokens.issue({ kind: 'emailChange', userId, email: newEmail }, tx);
        const template = templates.emailChange;
        await mails.write(tx, { template, key: mailKey(template, user), to: newEmail, data: { seed } });
      });
    },

    /**
     * Makes the new address the account's, as a verified one. The old one, if it was verified, gets a link that takes it
     * back for seven days; one that never was may be a stranger's and gets none. Throws TOKEN_INVALID, EMAIL_TAKEN.
     */
    async confirmEmailChange(token: string, facts: ClientFacts): Promise<void> {
      await limits.usingToken(facts.ip);
      const userId = await changing(async (tx) => {
        const { userId: id, email } = await accountTokens.use('emailChange', token, tx);
        const user = await users.byId(id, tx);
        if (user?.pendingEmail?.email !== email) throw new DomainError('TOKEN_INVALID');
        const at = clock();
        await users.save({ ...user, email, emailVerifiedAt: at, pendingEmail: undefined }, tx);
        await accountTokens.revoke(id, ['verify', 'reset', 'emailChange'], tx);
        await audit.append(securityEvent('email.changed', id, facts), tx);
        if (user.emailVerifiedAt === null) return id;
        const { seed } = await accountTokens.issue({ kind: 'emailUndo', userId: id, email: user.email }, tx);
        const template = templates.emailUndo;
        await mails.write(tx, { template, key: mailKey(template, user), to: user.email, data: { seed, at } });
        return id;
      });
      await carryStanding(userId);
    },

    /**
     * Gives the account back to the address that it had. Whoever changed it may know the password and hold sessions: all of
     * them end, the password is void, and a link for a new one is mailed at once. A removal that was asked for is gone too,
     * and so is a second factor of after or within seven days before: a thief would turn one on first, to keep the owner
     * out. An older one stays, since the mailbox alone must not be a way around it. The link is also in the mail that tells
     * of a second factor; then the address is mostly still the same. Throws TOKEN_INVALID, EMAIL_TAKEN.
     */
    async undoEmailChange(token: string, facts: ClientFacts): Promise<void> {
      await limits.usingToken(facts.ip);
      const userId = await changing(async (tx) => {
        const { userId: id, email, createdAt } = await accountTokens.use('emailUndo', token, tx);
        const user = await users.byId(id, tx);
        if (!user) throw new DomainError('TOKEN_INVALID');
        const at = clock();
        const restored = { ...user, email, emailVerifiedAt: at, passwordHash: NO_PASSWORD };
        await users.save({ ...restored, pendingEmail: undefined, removal: undefined }, tx);
        const factorSince = user.twoFactor?.enabled?.since.getTime();
        const isDoubtful =
          factorSince !== undefined && factorSince >= createdAt.getTime() - ACCOUNT_TOKEN_LIFE.emailUndo;
        if (isDoubtful) await secondFactor.clear(id, tx);
        await accountTokens.revoke(id, ['verify', 'reset', 'emailChange', 'removalUndo'], tx);
        await accountTokens.revoke(id, ['emailUndo'], tx, createdAt);
        const { seed } = await accountTokens.issue({ kind: 'reset', userId: id, email }, tx);
        const template = templates.reset;
        await mails.write(tx, { template, key: mailKey(template, user), to: email, data: { seed } });
        await outbox.append(tx, [
          {
            event: userPasswordChanged,
            aggregateId: id,
            aggregateVersion: user.version + 1,
            payload: { userId: id },
            occurredAt: at,
          },
        ]);
        await audit.append(securityEvent('email.restored', id, facts), tx);
        return id;
      });
      await endSessions(userId);
    },
  };
}
