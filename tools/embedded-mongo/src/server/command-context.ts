import type { Doc } from '../bson/index.ts';
import type { Session } from '../sessions/sessions.ts';
import { BlockedError } from '../storage/locks.ts';
import type { Transaction } from '../storage/transaction.ts';
import { createLiveWriter, createTransactionWriter } from '../storage/writer.ts';
import { readsDurably } from './concerns.ts';
import type { Command, CommandContext, ServerContext } from './context.ts';
import { abortTransaction, transactionKey } from './transactions.ts';
import { waitForOwner, waitForTurn, WRITE_WAIT_MS, type Patience } from './lock-waits.ts';
import { reportWait } from './wait-report.ts';

interface Call {
  readonly command: Command;
  readonly name: string;
  readonly db: string;
  readonly args: Doc;
  readonly sequences: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly deadline: number;
}

interface Scope {
  readonly connectionId: number;
  readonly session: Session | null;
  readonly transaction: Transaction | null;
  readonly retryable: boolean;
}

/** Sets up what one command works with; see CommandContext. */
export function createCommandContext(server: ServerContext, call: Call, scope: Scope): CommandContext {
  const { core } = server;
  const { session, transaction, retryable } = scope;
  const writer = transaction === null ? createLiveWriter(core) : createTransactionWriter(core, transaction);
  const { name, db, args, sequences, deadline } = call;
  const settled = call.command.retryable === true || readsDurably(args);

  const patience: Patience = {
    now: server.now,
    deadline,
    client: server.clients.get(scope.connectionId)?.closed,
    canGoOn: (owner) => server.pools.idle(owner.connectionId) > 0,
    report: (blocked) => reportWait(server, call, blocked),
  };

  async function waitAndRetry<T>(first: BlockedError, write: () => T): Promise<T> {
    const until = server.now() + WRITE_WAIT_MS;
    for (let blocked = first; ;) {
      if (writer.wrote()) void core.durability.flush();
      if (transaction !== null && blocked.lock !== null) {
        await waitForTurn(core, transaction, blocked.lock, patience);
      } else {
        await waitForOwner(core, blocked, until, patience);
      }
      try {
        return write();
      } catch (error) {
        if (!(error instanceof BlockedError)) throw error;
        blocked = error;
      }
    }
  }

  function attempt<T>(write: () => T): T | Promise<T> {
    try {
      return write();
    } catch (error) {
      if (error instanceof BlockedError) return waitAndRetry(error, write);
      throw error;
    }
  }

  return {
    server,
    name,
    db,
    args,
    sequences,
    connectionId: scope.connectionId,
    session,
    writer,
    transactionKey: transaction !== null && session !== null ? transactionKey(session) : null,
    retryable,
    deadline,
    recall: (statement) => (retryable ? session?.statements.get(statement) : undefined),
    remember(statement, result) {
      if (!retryable || session === null) return;
      session.statements.set(statement, result);
      core.durability.recordNote({
        session: session.key,
        txnNumber: session.txnNumber,
        transaction: false,
        statements: [{ id: statement, result }],
      });
    },
    abort() {
      if (session !== null && session.transaction === transaction && transaction !== null)
        abortTransaction(server, session);
    },
    withLocks(write) {
      return attempt(() => {
        const done = write();
        // Its client is told of this, so its snapshot is settled.
        if (transaction !== null) transaction.unread = false;
        return done;
      });
    },
    finish() {
      // What a write found already done, or a read was shown, may still be on its way to the disk.
      return writer.wrote() || settled ? core.durability.flush() : null;
    },
  };
}
