import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { MailRequestDoc, MailRequestModel } from './mail-request.model.ts';

/** Reads and writes what mails were asked for. */
export function createMailRequestRepository({ requests }: { requests: MailRequestModel }) {
  return {
    async insert(doc: MailRequestDoc, tx: Tx): Promise<void> {
      await requests.insertMany([doc], sessionOption(tx));
    },
    byId: (id: string, tx: Tx): Promise<MailRequestDoc | null> =>
      requests
        .findOne({ _id: id })
        .session(sessionOf(tx) ?? null)
        .lean<MailRequestDoc>(),
    async remove(id: string, tx: Tx): Promise<void> {
      await requests.deleteOne({ _id: id }, sessionOption(tx));
    },
  };
}

export type MailRequestRepository = ReturnType<typeof createMailRequestRepository>;
