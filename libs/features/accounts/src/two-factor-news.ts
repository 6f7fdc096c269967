import type { Mails } from '@cartwright/platform-mail';
import type { Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { AccountMails } from './account-mails.ts';
import type { AccountTokens } from './account-tokens.ts';
import { userTwoFactorChanged, type TWO_FACTOR_CHANGES } from './accounts.events.ts';
import type { UserRepository } from './user-repository.ts';

/** What is told of a second factor. */
export type TwoFactorChange = (typeof TWO_FACTOR_CHANGES)[number];

/**
 * Makes what tells users of changes of their second factor: a mail and a notification, in the transaction of the change.
 *
 * Whoever holds a session could turn a second factor on, and no mailed link for a new password goes around one. So the mail
 * that tells of it carries a way back for seven days: to a verified address, of customers alone. An operator's mailbox must
 * not open their account; administrators reset each other's second factor.
 */
export function createTwoFactorNews({
  users,
  accountTokens,
  mails,
  templates,
  outbox,
  clock,
}: {
  users: Pick<UserRepository, 'byId'>;
  accountTokens: Pick<AccountTokens, 'issue'>;
  mails: Pick<Mails, 'write'>;
  templates: Pick<AccountMails, 'twoFactorChanged'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  return async (userId: string, change: TwoFactorChange, tx: Tx): Promise<void> => {
    const user = await users.byId(userId, tx);
    if (!user) return;
    const { email, version } = user;
    const at = clock();
    const hasWayBack = change === 'enabled' && user.emailVerifiedAt !== null && user.role === 'customer';
    const wayBack = hasWayBack ? await accountTokens.issue({ kind: 'emailUndo', userId, email }, tx) : {};
    const template = templates.twoFactorChanged;
    const key = `${template.name}:${userId}-${version}`;
    await mails.write(tx, { template, key, to: email, data: { change, at, ...wayBack } });
    await outbox.append(tx, [
      {
        event: userTwoFactorChanged,
        aggregateId: userId,
        aggregateVersion: version,
        payload: { userId, change },
        occurredAt: at,
      },
    ]);
  };
}

export type TwoFactorNews = ReturnType<typeof createTwoFactorNews>;
