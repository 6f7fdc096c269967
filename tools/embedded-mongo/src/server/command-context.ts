import { isNumber, type Doc } from '../bson/index.ts';
import { MongoError, numberOf } from '../engine/index.ts';
import type { Session } from '../sessions/sessions.ts';
import { BlockedError } from '../storage/locks.ts';
import type { Transaction } from '../storage/transaction.ts';
import { createLiveWriter, createTransactionWriter } from '../storage/writer.ts';
import type { CommandContext, ServerContext } from './context.ts';
import { abortTransaction, transactionKey } from './transactions.ts';

interface Call {
  readonly name: string;
  readonly db: string;
  readonly args: Doc;
  readonly sequences: ReadonlyMap<string, readonly Uint8Array[]>;
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
  const limit = call.args.get('maxTimeMS');
  const deadline = isNumber(limit) && numberOf(limit) > 0 ? server.now() + numberOf(limit) : Infinity;
  async function waitAndRetry<T>(first: BlockedError, write: () => T): Promise<T> {
    let blocked = first;
    for (;;) {
      if (writer.wrote()) void core.durability.flush();
      await waitFor(blocked.owner.ended, deadline - server.now());
      try {
        return write();
      } catch (error) {
        if (!(error instanceof BlockedError)) throw error;
        blocked = error;
      }
    }
  }

  return {
    server,
    ...call,
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
      // A repeated statement may still be on its way to the disk from the first attempt.
      if (!writer.wrote() && !retryable) return null;
      return core.durability.flush();
    },
  };
}

/** Waits for a transaction to end, at most until the client's time limit. */
async function waitFor(ended: Promise<void>, limitMs: number): Promise<void> {
  if (limitMs === Infinity) return ended;
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<'expired'>((resolve) => {
    timer = setTimeout(() => resolve('expired'), Math.max(0, limitMs));
  });
  const result = await Promise.race([ended, expired]);
  clearTimeout(timer);
  if (result === 'expired') throw new MongoError(50, 'operation exceeded time limit');
}
