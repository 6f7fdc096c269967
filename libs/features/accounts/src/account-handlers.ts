import { defineHandler, defineOutsideHandler, type EventHandler } from '@cartwright/platform-outbox';
import { accountMailRequested, personalDataRequested, userPasswordChanged, userRemoved } from './accounts.events.ts';
import type { EndSessions } from './ending-sessions.ts';
import type { MailRequests } from './mail-requests.ts';
import type { PersonalData } from './personal-data/personal-data.ts';

/** What accounts do when something has happened. */
export function createAccountHandlers({
  mailRequests,
  endSessions,
  personalData,
}: {
  mailRequests: Pick<MailRequests, 'answer'>;
  endSessions: EndSessions;
  personalData: Pick<PersonalData, 'collect'>;
}): EventHandler[] {
  return [
    defineHandler({
      name: 'accounts.answer-mail-request',
      event: accountMailRequested,
      handle: ({ payload }, { tx }) => mailRequests.answer(payload.requestId, tx),
    }),
    defineOutsideHandler({
      name: 'accounts.collect-personal-data',
      event: personalDataRequested,
      handle: ({ payload }) => personalData.collect(payload),
    }),
    defineOutsideHandler({
      name: 'accounts.end-sessions-of-old-password',
      event: userPasswordChanged,
      handle: ({ payload: { userId, keptSessionId }, occurredAt }) =>
        endSessions(userId, { until: occurredAt, except: keptSessionId }),
    }),
    defineOutsideHandler({
      name: 'accounts.end-sessions-of-removed',
      event: userRemoved,
      handle: ({ payload: { userId } }) => endSessions(userId),
    }),
  ];
}
