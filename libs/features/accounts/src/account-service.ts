import type { Principal } from '@cartwright/api-core';
import { DomainError } from '@cartwright/domain-errors';
import type { Role } from '@cartwright/domain-permissions';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { PasswordHasher } from '@cartwright/platform-security';
import type { AuditPort } from './accounts.ports.ts';
import type { AccountTokens } from './account-tokens.ts';
import { banStateAt } from './ban.ts';
import type { UserDto } from './accounts.contracts.ts';
import type { AuthService } from './auth-service.ts';
import type { SessionStore } from './session-store.ts';
import type { CarryStanding } from './standing.ts';
import type { UserRepository } from './user-repository.ts';
import { toUserDto } from './user.ts';

/** An account made from outside the API: by the command line or the seed. */
export interface AccountInput {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

/** Accounts as others need them. */
export function createAccountService(dependencies: {
  users: UserRepository;
  sessions: Pick<SessionStore, 'endAllOf'>;
  accountTokens: Pick<AccountTokens, 'revoke'>;
  carryStanding: CarryStanding;
  auth: Pick<AuthService, 'createUser'>;
  passwords: PasswordHasher;
  mongo: Pick<Mongo, 'transaction'>;
  audit: AuditPort;
  clock: () => Date;
}) {
  const { users, sessions, accountTokens, carryStanding, auth, passwords, mongo, audit, clock } = dependencies;

  /** Nobody is an administrator from outside the API without the audit log saying so: both are written, or neither. */
  async function noteRole(userId: string, role: Role, tx: Tx): Promise<void> {
    if (role !== 'admin') return;
    const target = { kind: 'user', id: userId };
    await audit.append({ action: 'admin.created', actor: { kind: 'system' }, target, outcome: 'ok' }, tx);
  }

  /**
   * Makes an account with a verified address, or brings an existing one to this role, name and password. Repeating it
   * changes nothing more. With another password all its sessions end: whoever took the address before must not become an
   * operator.
   */
  async function ensureAccount(input: AccountInput, role: Role): Promise<UserDto> {
    const existing = await users.byEmail(input.email);
    const note = ({ id }: { id: string }, tx: Tx) => noteRole(id, role, tx);
    if (!existing) {
      return toUserDto(await auth.createUser({ ...input, role, emailVerifiedAt: clock() }, { also: note }));
    }
    const known = await passwords.verify(input.password, existing.passwordHash);
    const passwordHash = known ? existing.passwordHash : await passwords.hash(input.password);
    const emailVerifiedAt = existing.emailVerifiedAt ?? clock();
    // Who operates the shop is neither banned nor only invited, nor about to be removed.
    const { twoFactor, pendingEmail, ban: _ban, invite: _invite, removal: _removal, ...rest } = existing;
    // A second factor of whoever took the address before would keep the operator out, and an address that they wait to
    // confirm would give them the account.
    const kept = known
      ? { ...rest, ...(twoFactor ? { twoFactor } : {}), ...(pendingEmail ? { pendingEmail } : {}) }
      : rest;
    const changed = { ...kept, name: input.name, passwordHash, role, emailVerifiedAt };
    await mongo.transaction(async (tx) => {
      await users.save(changed, tx);
      // Nor does an address that the account had before bring it back to whoever has that.
      if (role !== 'customer') await accountTokens.revoke(existing.id, ['emailUndo'], tx);
      await note(existing, tx);
    });
    if (known) await carryStanding(existing.id);
    else await sessions.endAllOf(existing.id);
    return toUserDto(changed);
  }

  return {
    /** The caller's own account. */
    async me(principal: Principal): Promise<UserDto> {
      const user = await users.byId(principal.userId);
      if (!user) throw new DomainError('UNAUTHENTICATED');
      return toUserDto(user);
    },
    /** An account by id, null when there is none; for other features. */
    async byId(userId: string): Promise<UserDto | null> {
      const user = await users.byId(userId);
      return user && toUserDto(user);
    },
    /** Whether a user is banned at this moment; somebody unknown is not. */
    async isBanned(userId: string): Promise<boolean> {
      return banStateAt((await users.byId(userId))?.ban, clock()) === 'active';
    },
    async byIds(userIds: readonly string[]): Promise<UserDto[]> {
      return (await users.byIds(userIds)).map(toUserDto);
    },
    /** Accounts by address, keyed by the address as it is stored. */
    async byEmails(emails: readonly string[]): Promise<Map<string, UserDto>> {
      return new Map((await users.byEmails(emails)).map((user) => [user.email, toUserDto(user)]));
    },
    /** For `npm run admin:create` and the seed. */
    createAdmin: (input: AccountInput): Promise<UserDto> => ensureAccount(input, 'admin'),
    /** For the seed's demo customers. */
    createCustomer: (input: AccountInput): Promise<UserDto> => ensureAccount(input, 'customer'),
  };
}

export type AccountService = ReturnType<typeof createAccountService>;
