import type { Principal } from '@cartwright/api-core';
import { DomainError, isDomainError } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import type { Mails } from '@cartwright/platform-mail';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { AccountMails } from './account-mails.ts';
import { ACCOUNT_TOKEN_LIFE, type AccountTokens } from './account-tokens.ts';
import { ACCOUNT_TOKEN_KINDS } from './account-token.model.ts';
import { userRemoved } from './accounts.events.ts';
import type { AuditPort, ClientFacts } from './accounts.ports.ts';
import type { AdminGuard } from './admin-guard-repository.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { AuthService } from './auth-service.ts';
import type { SecondFactor } from './second-factor.ts';
import { securityEvent } from './security-event.ts';
import type { SessionStore } from './session-store.ts';
import type { UserRepository } from './user-repository.ts';

const BATCH = 50;

/** Leaving the shop: two weeks to think better of it, then everything is deleted that the law doesn't ask to keep. */
export function createRemoval(dependencies: {
  users: Pick<UserRepository, 'byId' | 'save' | 'remove' | 'dueForRemoval'>;
  auth: Pick<AuthService, 'checkPassword'>;
  secondFactor: Pick<SecondFactor, 'require'>;
  admins: Pick<AdminGuard, 'keepOne'>;
  sessions: Pick<SessionStore, 'endAllOf'>;
  accountTokens: Pick<AccountTokens, 'issue' | 'use' | 'revoke'>;
  /** What accounts keep elsewhere of a user. */
  erase: (userId: string, tx: Tx) => Promise<void>;
  mails: Pick<Mails, 'write'>;
  templates: Pick<AccountMails, 'removalAsked' | 'removed'>;
  limits: Pick<AuthLimits, 'usingToken'>;
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  audit: AuditPort;
  clock: () => Date;
  logger: Pick<Logger, 'warn' | 'info'>;
}) {
  const { users, auth, secondFactor, admins, sessions, accountTokens, erase, mails, templates, limits } = dependencies;
  const { mongo, outbox, audit, clock, logger } = dependencies;

  async function keep(userId: string, facts: ClientFacts, tx: Tx): Promise<void> {
    const user = await users.byId(userId, tx);
    if (!user?.removal) return;
    await users.save({ ...user, removal: undefined }, tx);
    await accountTokens.revoke(userId, ['removalUndo'], tx);
    await audit.append(securityEvent('account.kept', userId, facts), tx);
  }

  /** Deletes one account that is due, with what is kept of it here; other features hear of it by the event. */
  async function removeDue(userId: string): Promise<void> {
    const now = clock();
    await mongo.transaction(async (tx) => {
      const user = await users.byId(userId, tx);
      if (!user?.removal || user.removal.dueAt > now) return;
      await admins.keepOne(user, now, tx);
      await users.remove(user, tx);
      await accountTokens.revoke(userId, ACCOUNT_TOKEN_KINDS, tx);
      await erase(userId, tx);
      await outbox.append(tx, [
        {
          event: userRemoved,
          aggregateId: userId,
          aggregateVersion: user.version + 1,
          payload: { userId },
          occurredAt: now,
        },
      ]);
      const template = templates.removed;
      await mails.write(tx, { template, key: `${template.name}:${userId}`, to: user.email, data: {} });
      const entry = { action: 'account.removed', actor: { kind: 'system' as const }, outcome: 'ok' as const };
      await audit.append({ ...entry, target: { kind: 'user', id: userId } }, tx);
    });
    await sessions.endAllOf(userId);
  }

  return {
    /**
     * Marks the caller's account for removal in 14 days and signs out every device. Throws INVALID_CREDENTIALS,
     * TWO_FACTOR_REQUIRED and what a wrong code throws, and LAST_ADMIN.
     */
    async remove(
      { userId }: Principal,
      { password, code }: { password: string; code?: string | undefined },
      facts: ClientFacts,
    ): Promise<{ dueAt: Date }> {
      const known = await auth.checkPassword(userId, password);
      await secondFactor.require(known, code, facts);
      const askedAt = clock();
      const dueAt = new Date(askedAt.getTime() + ACCOUNT_TOKEN_LIFE.removalUndo);
      await mongo.transaction(async (tx) => {
        const user = await users.byId(userId, tx);
        if (!user) throw new DomainError('UNAUTHENTICATED');
        await admins.keepOne(user, askedAt, tx);
        await users.save({ ...user, removal: { askedAt, dueAt } }, tx);
        const { seed } = await accountTokens.issue({ kind: 'removalUndo', userId, email: user.email }, tx);
        const template = templates.removalAsked;
        const key = `${template.name}:${userId}-${user.version}`;
        await mails.write(tx, { template, key, to: user.email, data: { seed, dueAt } });
        await audit.append(securityEvent('account.removalAsked', userId, facts), tx);
      });
      await sessions.endAllOf(userId);
      return { dueAt };
    },

    /** Keeps the account: the caller's, or by the mailed token. Throws TOKEN_INVALID, UNAUTHENTICATED without either. */
    async cancelRemoval(
      { token }: { token?: string | undefined },
      { principal, ...facts }: ClientFacts & { principal: Principal | null },
    ): Promise<void> {
      if (token === undefined && !principal) throw new DomainError('UNAUTHENTICATED');
      if (token !== undefined) await limits.usingToken(facts.ip);
      await mongo.transaction(async (tx) => {
        const userId =
          token === undefined ? (principal?.userId ?? '') : (await accountTokens.use('removalUndo', token, tx)).userId;
        await keep(userId, facts, tx);
      });
    },

    /** Deletes the accounts whose time has come; one that can't be is told and does not hold up the others. */
    async removeAllDue(): Promise<void> {
      for (const userId of await users.dueForRemoval(clock(), BATCH)) {
        try {
          await removeDue(userId);
        } catch (error) {
          logger.warn({ err: error, userId }, 'an account could not be removed');
          if (!isDomainError(error)) throw error;
        }
      }
    },
  };
}

export type Removal = ReturnType<typeof createRemoval>;
