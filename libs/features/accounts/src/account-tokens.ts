import { createHmac } from 'node:crypto';
import { DomainError } from '@cartwright/domain-errors';
import type { Tx } from '@cartwright/platform-mongo';
import { hashToken, randomToken } from '@cartwright/platform-security';
import type { AccountTokenDoc, AccountTokenKind } from './account-token.model.ts';
import type { AccountTokenRepository } from './account-token-repository.ts';
import { normalizeEmail } from './user.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long tokens are good, in milliseconds. */
export const ACCOUNT_TOKEN_LIFE: Readonly<Record<AccountTokenKind, number>> = {
  verify: 3 * DAY_MS,
  reset: HOUR_MS,
  emailChange: DAY_MS,
  emailUndo: 7 * DAY_MS,
  removalUndo: 14 * DAY_MS,
  invite: 7 * DAY_MS,
};

/**
 * Of each kind (ways back: for each address), as many links in a user's mails work at a time: mails may overtake each other.
 */
const KEPT: Readonly<Record<AccountTokenKind, number>> = {
  verify: 3,
  reset: 3,
  emailChange: 1,
  emailUndo: 20,
  removalUndo: 3,
  invite: 1,
};

/**
 * The token of a seed: 256 bit, HMAC-SHA256 under the server's secret. A mail that waits holds the seed alone, so neither
 * it nor the stored hash is of use to whoever reads the database.
 */
export const accountTokenOf = (secret: string, seed: string): string =>
  createHmac('sha256', secret).update('mailed\0').update(seed).digest('base64url');

/** Tokens that are mailed to prove that somebody reads the mail of an address: hashed, for one use, for a time. */
export function createAccountTokens(dependencies: {
  repository: AccountTokenRepository;
  /** At least 32 characters. */
  secret: string;
  clock: () => Date;
}) {
  const { repository, secret, clock } = dependencies;
  return {
    /** Makes a token in the transaction of what it is for. Answers its seed, for the mail that carries it. */
    async issue(token: { kind: AccountTokenKind; userId: string; email: string }, tx: Tx): Promise<{ seed: string }> {
      const { kind, userId, email } = token;
      const seed = randomToken();
      const createdAt = clock();
      const doc: AccountTokenDoc = {
        _id: hashToken(accountTokenOf(secret, seed)),
        kind,
        userId,
        email,
        emailKey: normalizeEmail(email),
        createdAt,
        expiresAt: new Date(createdAt.getTime() + ACCOUNT_TOKEN_LIFE[kind]),
      };
      // Whoever changes an account over and over must not push out the way back that another address has.
      const same = kind === 'emailUndo' ? { userId, kind, emailKey: doc.emailKey } : { userId, kind };
      await repository.removeSurplus(same, KEPT[kind] - 1, tx);
      await repository.insert(doc, tx);
      return { seed };
    },

    /** What a token stands for, leaving it good. Throws TOKEN_INVALID for one that is unknown, used or too old. */
    async read(kind: AccountTokenKind, token: string): Promise<AccountTokenDoc> {
      const found = await repository.find(hashToken(token), kind, clock());
      if (!found) throw new DomainError('TOKEN_INVALID');
      return found;
    },

    /** Uses a token up, in the transaction of what it allows. Throws TOKEN_INVALID, also when somebody was faster. */
    async use(kind: AccountTokenKind, token: string, tx: Tx): Promise<AccountTokenDoc> {
      const found = await repository.find(hashToken(token), kind, clock(), tx);
      if (!found || !(await repository.remove(found._id, tx))) throw new DomainError('TOKEN_INVALID');
      return found;
    },

    /** Takes a user's tokens of these kinds out of use; with `since`, those made from then on. */
    revoke: (userId: string, kinds: readonly AccountTokenKind[], tx: Tx, since?: Date): Promise<void> =>
      repository.removeOf(userId, kinds, tx, since),

    /** Whether somebody else than this user can undo a change of address to this one: it is kept for them so long. */
    async isReserved(email: string, userId?: string): Promise<boolean> {
      const holders = await repository.holdersOf(normalizeEmail(email), 'emailUndo', clock());
      return holders.some((holder) => holder !== userId);
    },
  };
}

export type AccountTokens = ReturnType<typeof createAccountTokens>;
