import { newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Mails } from '@cartwright/platform-mail';
import type { Outbox } from '@cartwright/platform-outbox';
import type { AccountMails } from './account-mails.ts';
import type { AccountTokens } from './account-tokens.ts';
import { accountMailRequested } from './accounts.events.ts';
import type { MailRequestDoc } from './mail-request.model.ts';
import type { MailRequestRepository } from './mail-request-repository.ts';
import type { UserRepository } from './user-repository.ts';

/** An event that waits longer than this, because no worker runs, comes to nothing: links in old mails surprise. */
const KEPT_MS = 24 * 3_600_000;

/**
 * Mails that anybody may ask for by naming an address. Asking writes the same two records for every address and never
 * looks whether it has an account, so neither the answer nor its time can tell; the worker looks.
 */
export function createMailRequests(dependencies: {
  users: Pick<UserRepository, 'byEmail'>;
  requests: MailRequestRepository;
  tokens: Pick<AccountTokens, 'issue'>;
  mails: Pick<Mails, 'write'>;
  templates: Pick<AccountMails, 'verify' | 'reset'>;
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  const { users, requests, tokens, mails, templates, mongo, outbox, clock } = dependencies;
  return {
    /** Notes that a mail was asked for. */
    async ask(kind: MailRequestDoc['kind'], email: string): Promise<void> {
      const now = clock();
      const request = { _id: newId(), kind, email, expiresAt: new Date(now.getTime() + KEPT_MS) };
      await mongo.transaction(async (tx) => {
        await requests.insert(request, tx);
        await outbox.append(tx, [
          {
            event: accountMailRequested,
            aggregateId: request._id,
            aggregateVersion: 1,
            payload: { requestId: request._id },
            occurredAt: now,
          },
        ]);
      });
    },

    /** Writes the mail when the address has an account that it is for. */
    async answer(requestId: string, tx: Tx): Promise<void> {
      const request = await requests.byId(requestId, tx);
      if (!request) return;
      await requests.remove(requestId, tx);
      const user = await users.byEmail(request.email, tx);
      if (!user || (request.kind === 'verify' && user.emailVerifiedAt !== null)) return;
      const { seed } = await tokens.issue({ kind: request.kind, userId: user.id, email: user.email }, tx);
      const template = request.kind === 'verify' ? templates.verify : templates.reset;
      await mails.write(tx, { template, key: `${template.name}:${requestId}`, to: user.email, data: { seed } });
    },
  };
}

export type MailRequests = ReturnType<typeof createMailRequests>;
