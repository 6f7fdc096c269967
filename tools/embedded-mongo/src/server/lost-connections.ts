import type { ServerContext } from './context.ts';
import { abortTransaction } from './transactions.ts';

/**
 * Aborts the transactions whose last command came over a connection that is gone, so that a client that was killed does
 * not hold its locks until the lifetime limit. A driver that only lost this connection gets NoSuchTransaction with the
 * transient label for its next command, and begins anew.
 */
export function abortTransactionsOf(server: ServerContext, connectionId: number): void {
  for (const session of server.sessions.all()) {
    if (session.connectionId !== connectionId || session.status !== 'open') continue;
    const { txnNumber } = session;
    const abort = (): void => {
      const same = session.txnNumber === txnNumber && session.connectionId === connectionId;
      if (same && session.status === 'open') abortTransaction(server, session);
    };
    // A command under way ends first: what it has begun must not be undone beneath it.
    if (session.busy === null) abort();
    else void session.busy.then(abort, abort);
  }
}
