import { DomainError } from '@cartwright/domain-errors';
import type { Mails } from '@cartwright/platform-mail';
import type { Mongo } from '@cartwright/platform-mongo';
import type { AccountMails } from '../account-mails.ts';
import type { SecondFactor } from '../second-factor.ts';
import type { SubjectOf } from './authority.ts';

/** For people who have lost their second factor and its recovery codes. */
export function createTwoFactorReset({
  subjectOf,
  secondFactor,
  mails,
  templates,
  mongo,
  clock,
}: {
  subjectOf: SubjectOf;
  secondFactor: Pick<SecondFactor, 'clear'>;
  mails: Pick<Mails, 'write'>;
  templates: Pick<AccountMails, 'twoFactorReset'>;
  mongo: Pick<Mongo, 'transaction'>;
  clock: () => Date;
}) {
  /**
   * Takes a user's second factor away; they are told by mail. Throws OWN_ACCOUNT, FORBIDDEN, NOT_FOUND,
   * TWO_FACTOR_NOT_ENABLED.
   */
  return async (actorId: string, userId: string): Promise<void> => {
    await mongo.transaction(async (tx) => {
      const user = await subjectOf(actorId, userId, tx);
      if (!user.twoFactor?.enabled) throw new DomainError('TWO_FACTOR_NOT_ENABLED');
      await secondFactor.clear(userId, tx);
      const key = `${templates.twoFactorReset.name}:${userId}-${user.version}`;
      await mails.write(tx, { template: templates.twoFactorReset, key, to: user.email, data: { at: clock() } });
    });
  };
}
