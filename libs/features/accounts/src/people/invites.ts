import { DomainError } from '@cartwright/domain-errors';
import type { Role } from '@cartwright/domain-permissions';
import type { Mails } from '@cartwright/platform-mail';
import { newId, type Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { randomToken, type PasswordHasher } from '@cartwright/platform-security';
import type { AccountMails } from '../account-mails.ts';
import { ACCOUNT_TOKEN_KINDS } from '../account-token.model.ts';
import type { AccountTokens } from '../account-tokens.ts';
import type { SignedInDto } from '../accounts.contracts.ts';
import { userPasswordChanged, userRegistered, userRemoved } from '../accounts.events.ts';
import type { AuthLimits } from '../auth-limits.ts';
import type { EndSessions } from '../ending-sessions.ts';
import type { SignIn, SignInFacts } from '../sign-in.ts';
import { isEmailTaken, type UserRepository } from '../user-repository.ts';
import type { User } from '../user.ts';
import type { Authority } from './authority.ts';
import { userRoleChanged } from './people.events.ts';

export interface InviteInput {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

/** Bringing people in by mail: the account is there at once, and theirs once they set its password by the link. */
export function createInvites({
  users,
  authority,
  accountTokens,
  passwords,
  limits,
  mails,
  templates,
  signIn,
  endSessions,
  mongo,
  outbox,
  clock,
}: {
  users: Pick<UserRepository, 'byId' | 'byEmail' | 'insert' | 'save' | 'remove'>;
  authority: Authority;
  accountTokens: Pick<AccountTokens, 'issue' | 'read' | 'use' | 'revoke'>;
  passwords: Pick<PasswordHasher, 'hash'>;
  limits: Pick<AuthLimits, 'usingToken'>;
  mails: Pick<Mails, 'write'>;
  templates: Pick<AccountMails, 'invite'>;
  signIn: SignIn;
  endSessions: EndSessions;
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  return {
    /**
     * Mails an invitation, good for a week and once. Somebody invited before who has not come yet gets another one, and
     * the former is good no more. Answers the user's id. Throws FORBIDDEN, EMAIL_TAKEN for everybody else with an account.
     */
    async invite(actorId: string, { email, name, role }: InviteInput): Promise<string> {
      // Nobody knows it: the account has no password that could be guessed until the link is used.
      const passwordHash = await passwords.hash(randomToken());
      try {
        return await mongo.transaction(async (tx) => {
          const at = clock();
          await authority.mayManage(actorId, tx);
          const invited = { role, by: actorId, at };
          const known = await users.byEmail(email, tx);
          if (known && !known.invite) throw new DomainError('EMAIL_TAKEN');
          const user: User = known
            ? await users.save({ ...known, name, invite: invited }, tx)
            : {
                ...{ id: newId(), email, name, passwordHash, role: 'customer', emailVerifiedAt: null },
                ...{ createdAt: at, invite: invited, version: 1 },
              };
          if (!known) {
            await users.insert(user, tx);
            const payload = { userId: user.id, role: user.role };
            await outbox.append(tx, [
              { event: userRegistered, aggregateId: user.id, aggregateVersion: 1, payload, occurredAt: at },
            ]);
          }
          const { seed } = await accountTokens.issue({ kind: 'invite', userId: user.id, email }, tx);
          const key = `${templates.invite.name}:${user.id}-${user.version}`;
          await mails.write(tx, { template: templates.invite, key, to: email, data: { seed, role } });
          return user.id;
        });
      } catch (error) {
        if (isEmailTaken(error)) throw new DomainError('EMAIL_TAKEN');
        throw error;
      }
    },

    /**
     * Withdraws an invitation: its link is good no more. The account goes with it, so that the address is free again; one
     * whose address was verified meanwhile is somebody's, and stays as what it is. Throws OWN_ACCOUNT, FORBIDDEN,
     * NOT_FOUND, NOT_INVITED.
     */
    async cancelInvite(actorId: string, userId: string): Promise<void> {
      await mongo.transaction(async (tx) => {
        const user = await authority.subjectOf(actorId, userId, tx);
        if (!user.invite) throw new DomainError('NOT_INVITED');
        if (user.emailVerifiedAt !== null) {
          await accountTokens.revoke(userId, ['invite'], tx);
          await users.save({ ...user, invite: undefined }, tx);
          return;
        }
        await accountTokens.revoke(userId, ACCOUNT_TOKEN_KINDS, tx);
        await users.remove(user, tx);
        await outbox.append(tx, [
          {
            event: userRemoved,
            aggregateId: userId,
            aggregateVersion: user.version + 1,
            payload: { userId },
            occurredAt: clock(),
          },
        ]);
      });
    },

    /**
     * Takes an invitation up: sets the password, which counts as verifying the address, gives the role that was meant, ends
     * sessions of before, which another may hold who got at the account by its mail, and signs in. Throws TOKEN_INVALID,
     * also when whoever invited may not by now or the account has a second factor, RATE_LIMITED.
     */
    async acceptInvite(
      { token, password, name }: { token: string; password: string; name?: string | undefined },
      facts: SignInFacts,
    ): Promise<SignedInDto> {
      await limits.usingToken(facts.ip);
      const begunAt = clock();
      // Known for bad before a password hash is spent.
      await accountTokens.read('invite', token);
      const passwordHash = await passwords.hash(password);
      const user = await mongo.transaction(async (tx) => {
        const now = clock();
        const { userId } = await accountTokens.use('invite', token, tx);
        const known = await users.byId(userId, tx);
        const invited = known?.invite;
        if (!invited || !(await authority.canManage(invited.by, tx))) throw new DomainError('TOKEN_INVALID');
        // They came by another link and turned it on since: a mailbox alone is not enough any more.
        if (known.twoFactor?.enabled) throw new DomainError('TOKEN_INVALID');
        const { role } = invited;
        const saved = await users.save(
          {
            ...known,
            ...{ name: name ?? known.name, passwordHash, role, invite: undefined },
            emailVerifiedAt: known.emailVerifiedAt ?? now,
          },
          tx,
        );
        await accountTokens.revoke(userId, ['verify', 'reset'], tx);
        // As with any other way to a role: an address of before, or one's mailbox, gives no operator's account back.
        if (role !== 'customer') await accountTokens.revoke(userId, ['emailUndo'], tx);
        await outbox.append(tx, [
          {
            event: userPasswordChanged,
            aggregateId: userId,
            aggregateVersion: saved.version,
            payload: { userId },
            // From before the password was hashed: the session that follows began later.
            occurredAt: begunAt,
          },
        ]);
        if (role !== known.role) {
          await outbox.append(tx, [
            {
              event: userRoleChanged,
              aggregateId: userId,
              aggregateVersion: saved.version,
              payload: { userId, email: saved.email, from: known.role, to: role },
              occurredAt: now,
            },
          ]);
        }
        return saved;
      });
      await endSessions(user.id);
      return signIn(user, facts);
    },
  };
}

export type Invites = ReturnType<typeof createInvites>;
