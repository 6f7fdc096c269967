import type { Doc } from '../bson/index.ts';
import type { Session } from '../sessions/sessions.ts';
import { BlockedError } from '../storage/locks.ts';
import type { Transaction } from '../storage/transaction.ts';
import { createLiveWriter, createTransactionWriter } from '../storage/writer.ts';
import { readsDurably } from './concerns.ts';
import type { Command, CommandContext, ServerContext } from './context.ts';
import { abortTransaction, transactionKey } from './transactions.ts';
import { waitFor } from './waiting.ts';

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

  async function waitAndRetry<T>(first: BlockedError, write: () => T): Promise<T> {
    let blocked = first;
    for (;;) {
      if (writer.wrote()) void core.durability.flush();
      const { owner, namespace } = blocked;
      const leave = namespace === null ? null : core.locks.await(namespace);
      try {
        await waitFor(owner.ended, deadline - server.now(), server.clients.get(scope.connectionId)?.closed);
        return write();
      } catch (error) {
        if (!(error instanceof BlockedError)) throw error;
        blocked = error;
      } finally {
        leave?.();
      }
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
      try {
        return write();
      } catch (error) {
        if (error instanceof BlockedError) return waitAndRetry(error, write);
        throw error;
      }
    },
    finish() {
      // What a write found already done, or a read was shown, may still be on its way to the disk.
      return writer.wrote() || settled ? core.durability.flush() : null;
    },
  };
}
