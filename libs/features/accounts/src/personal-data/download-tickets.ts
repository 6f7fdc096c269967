import { createHmac } from 'node:crypto';
import { timingSafeEqualStrings } from '@cartwright/platform-security';

/** What a download is for: one export of one user, asked for in one session. */
export interface Ticket {
  readonly userId: string;
  readonly requestId: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}

const PARTS = 5;

/** Signed tickets for downloads by a plain link, where no access token can be sent. */
export function createDownloadTickets({ secret, clock }: { secret: string; clock: () => Date }) {
  const seal = (text: string): string =>
    createHmac('sha256', secret).update('download\0').update(text).digest('base64url');
  return {
    write({ userId, requestId, sessionId, expiresAt }: Ticket): string {
      const text = [userId, requestId, sessionId, expiresAt.getTime()].join('.');
      return `${text}.${seal(text)}`;
    },
    /** Null for one that is not ours, or too old. */
    read(ticket: string): Ticket | null {
      const parts = ticket.split('.');
      const [userId = '', requestId = '', sessionId = '', expires = '', sealed = ''] = parts;
      if (parts.length !== PARTS) return null;
      if (!timingSafeEqualStrings(sealed, seal([userId, requestId, sessionId, expires].join('.')))) return null;
      const expiresAt = new Date(Number(expires));
      return expiresAt > clock() ? { userId, requestId, sessionId, expiresAt } : null;
    },
  };
}

export type DownloadTickets = ReturnType<typeof createDownloadTickets>;
