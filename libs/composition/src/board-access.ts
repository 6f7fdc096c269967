import type { Principal } from '@cartwright/api-core';
import type { SessionStore } from '@cartwright/feature-accounts';
import { can } from '@cartwright/domain-permissions';
import type { Redis } from '@cartwright/platform-redis';
import { hashToken, randomToken } from '@cartwright/platform-security';
import { z } from 'zod';

const TICKET_SECONDS = 60;
const VISIT_SECONDS = 30 * 60;
const TOKEN = /^[\w-]{20,100}$/;

const holderSchema = z.object({ userId: z.string(), sessionId: z.string() });
type Holder = z.infer<typeof holderSchema>;

/**
 * Who may open the dashboard of queues. A browser that opens a page can't send a bearer token: so an administrator gets a
 * ticket, good once and for a minute, and the browser exchanges it for a visit of half an hour, kept in a cookie. Ticket
 * and visit are worth something only as long as the session they were given to lives and may manage jobs.
 */
export function createBoardAccess({
  redis,
  sessions,
}: {
  redis: Pick<Redis, 'client' | 'key'>;
  sessions: Pick<SessionStore, 'load'>;
}) {
  const { client } = redis;
  const ticketKey = (ticket: string): string => redis.key('board-ticket', hashToken(ticket));
  const visitKey = (visit: string): string => redis.key('board-visit', hashToken(visit));

  async function issue(keyOf: (token: string) => string, holder: Holder, seconds: number): Promise<string> {
    const token = randomToken();
    await client.set(keyOf(token), JSON.stringify(holder), 'EX', seconds);
    return token;
  }

  function read(stored: string | null): Holder | null {
    if (stored === null) return null;
    const { userId, sessionId } = holderSchema.parse(JSON.parse(stored));
    return { userId, sessionId };
  }

  async function isAllowed({ userId, sessionId }: Holder): Promise<boolean> {
    const session = await sessions.load(sessionId);
    return session?.userId === userId && can(session.role, 'jobs.manage');
  }

  return {
    visitSeconds: VISIT_SECONDS,

    ticketFor: ({ userId, sessionId }: Principal): Promise<string> =>
      issue(ticketKey, { userId, sessionId }, TICKET_SECONDS),

    /** Exchanges a ticket for a visit; null for one that is forged, used, too old, or its holder's no more. */
    async enter(ticket: string): Promise<string | null> {
      if (!TOKEN.test(ticket)) return null;
      const holder = read(await client.getdel(ticketKey(ticket)));
      return holder && (await isAllowed(holder)) ? issue(visitKey, holder, VISIT_SECONDS) : null;
    },

    /** Who is on this visit, looked at anew each time; null when nobody may be. */
    async visitor(visit: string): Promise<Holder | null> {
      if (!TOKEN.test(visit)) return null;
      const holder = read(await client.get(visitKey(visit)));
      return holder && (await isAllowed(holder)) ? holder : null;
    },
  };
}

export type BoardAccess = ReturnType<typeof createBoardAccess>;
