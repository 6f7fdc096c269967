import { SESSION_TIMEOUT_MS } from '../sessions/sessions.ts';
import type { ServerContext } from './context.ts';
import { abortTransaction, TRANSACTION_LIFETIME_MS } from './transactions.ts';
import { createTidying, workSeen } from './tidying.ts';
import { removeExpired } from './ttl.ts';

/** Milliseconds between two rounds. */
const INTERVAL_MS = 1000;

/** Ends what has outlived its time: transactions, sessions, cursors, and documents under TTL indexes. */
export function startHousekeeping(server: ServerContext): { stop(): void } {
  // A start is work as well: it leaves the bytes behind that the data was read from.
  const tidy = createTidying(() => 1 + workSeen(server));
  const timer = setInterval(() => {
    try {
      endOldTransactions(server);
      forgetSessions(server);
      server.cursors.closeIdle();
      if (server.ttlMonitorEnabled) removeExpired(server);
      tidy();
    } catch (error) {
      // Clients are not to suffer from a round that failed; the next one tries again.
      process.stderr.write(
        `housekeeping failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    }
  }, INTERVAL_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function endOldTransactions(server: ServerContext): void {
  const limit = server.now() - TRANSACTION_LIFETIME_MS;
  for (const session of server.sessions.all()) {
    if (session.status === 'open' && session.transactionStartedAt < limit && session.busy === null) {
      abortTransaction(server, session);
    }
  }
}

function forgetSessions(server: ServerContext): void {
  const limit = server.now() - SESSION_TIMEOUT_MS;
  for (const session of server.sessions.all()) {
    if (session.lastUsedAt >= limit || session.busy !== null) continue;
    if (session.status === 'open') abortTransaction(server, session);
    server.cursors.closeSession(session.key);
    server.sessions.forget(session.key);
  }
}
